import t from 'tap'
import { commandFailure, fileFailure } from '../../src/source/system-failure.ts'

const withCode = (code: string) => Object.assign(new Error(`${code}: as Node says it`), { code })

t.test('a file that cannot be read is named, with the reason', async (t) => {
  t.equal(fileFailure(withCode('ENOENT'), '/a').message, '/a does not exist')
  t.equal(fileFailure(withCode('EACCES'), '/a').message, '/a is not readable by this user')
  t.match(fileFailure(withCode('EMFILE'), '/a').message, 'ulimit -n')
  t.equal(fileFailure(withCode('EWHAT'), '/a').message, 'EWHAT: as Node says it')
})

t.test('a program that cannot be started is named, with what would be right', async (t) => {
  t.match(commandFailure(withCode('ENOENT'), 'lame').message, /no program lame in the PATH .*; is it installed\?$/)
  t.notMatch(commandFailure(withCode('ENOENT'), '/opt/lame').message, 'PATH')
  t.equal(commandFailure(withCode('EACCES'), 'lame').message, 'this user may not run lame')
  t.match(commandFailure(withCode('EAGAIN'), 'lame').message, 'TasksMax')
})
