/** Completion of the command line in bash. */
import { optionsByFlag } from '../flags.ts'
import type { Option } from '../option.ts'
import { namesOf } from '../option-text.ts'
import { completedOf, namesWhere } from './completed-values.ts'

/** Column at which the texts begin. */
const helpColumn = 22

/** Returns a script for bash 4 or newer, without further dependencies. */
export function bashCompletion(): string {
  return template
    .replace('SEVERAL', () => pattern((option) => option.several === true))
    .replace('SWITCHES', () => pattern(isSwitch))
    .replace('VALUES', () => values().join('\n'))
    .replace('FLAGS', () => flags().join('\n'))
}

function isSwitch({ kind }: Option): boolean {
  return kind.bare !== undefined
}

function pattern(holds: (option: Option) => boolean): string {
  return namesWhere(holds).join('|')
}

/** Returns a line for each flag whose values can be completed, and one line for all flags with other values. */
function values(): readonly string[] {
  const listed = [...optionsByFlag].flatMap(([flag, option]) => {
    const { words, things } = completedOf(option)
    if (!isValued(option) || !isListed(option)) return []
    return [`${namesOf(flag, option).join('|')}) words='${words.join(' ')}' things='${things ?? ''}' ;;`]
  })
  return [...listed, `${pattern((option) => isValued(option) && !isListed(option))}) ;;`].map((line) => `    ${line}`)
}

/** Whether the flag needs a value; commands are completed elsewhere. */
function isValued(option: Option): boolean {
  return !isSwitch(option) && option.kind.name !== 'command'
}

function isListed(option: Option): boolean {
  const { words, things } = completedOf(option)
  return words.length > 0 || things !== undefined
}

function flags(): readonly string[] {
  return [...optionsByFlag].flatMap(([flag, option]) =>
    namesOf(flag, option).map((name) => `${name.padEnd(helpColumn - 1)} ${option.help}`),
  )
}

const template = `# bash completion for streamserve; made from its table of options

_streamserve() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  local flag='' joined='' words='' things='' i first
  COMPREPLY=()

  # A command has the rest of the line, unless it is one word in quotes.
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ \${COMP_WORDS[i]} == -exec || \${COMP_WORDS[i]} == --exec ]] || continue
    first=$((i + 1))
    [[ \${COMP_WORDS[first]} == = ]] && first=$((first + 1))
    if ((first >= COMP_CWORD)); then
      mapfile -t COMPREPLY < <(compgen -c -- "$cur")
      return
    fi
    [[ \${COMP_WORDS[first]} == *[[:blank:]]* ]] && continue
    compopt -o default 2>/dev/null
    return
  done

  # bash makes three words of -flag=value.
  if [[ $cur == = ]]; then
    cur='' flag=$prev joined=1
  elif [[ $prev == = ]]; then
    flag=\${COMP_WORDS[COMP_CWORD - 2]} joined=1
  elif [[ $cur != -* ]]; then
    flag=$prev
    for ((i = COMP_CWORD - 1; i > 0; i--)); do
      [[ \${COMP_WORDS[i]} == -* ]] && break
    done
    case \${COMP_WORDS[i]/#--/-} in
      SEVERAL) flag=\${COMP_WORDS[i]} ;;
    esac
  fi

  case \${flag/#--/-} in
    SWITCHES)
      if [[ $joined ]]; then words='true false'; else flag=''; fi ;;
VALUES
    *) flag='' ;;
  esac
  if [[ $flag ]]; then
    case $things in
      files) compopt -o default 2>/dev/null ;;
      users) mapfile -t COMPREPLY < <(compgen -u -- "$cur") ;;
    esac
    if [[ $words ]]; then mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur"); fi
    return
  fi

  local line
  while IFS= read -r line; do
    [[ $cur == --* ]] && line=-$line
    [[ $line == "$cur"* ]] && COMPREPLY+=("\${line:0:\${COLUMNS:-80}-1}")
  done <<'END'
FLAGS
END
  # What is put into the line has no help behind it: a sole one, and those that are gone through one by one.
  if ((\${#COMPREPLY[@]} == 1)) || [[ $COMP_TYPE == 37 || $COMP_TYPE == 42 ]]; then
    COMPREPLY=("\${COMPREPLY[@]%% *}")
  fi
}

complete -F _streamserve streamserve
`
