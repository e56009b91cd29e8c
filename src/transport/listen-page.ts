/** The style of the page below, on its own because the page's policy admits exactly this text. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif }
body { min-height: 100vh; margin: 0; display: grid; place-content: center; justify-items: center; gap: 1.2rem; padding: 1rem; box-sizing: border-box }
h1 { font-size: 1.4rem; font-weight: 600; margin: 0; overflow-wrap: anywhere }
audio { width: min(32rem, 90vw) }
p { margin: 0; opacity: .7; text-align: center; overflow-wrap: anywhere }
`

/**
 * A plain page with a player for one stream.
 * @param path URL path of the stream, decoded. @param query what to ask for, with its question mark, or nothing.
 */
export function listenPage(path: string, query: string): string {
  const name = path === '/' ? 'Live' : path.slice(1)
  const source = path.split('/').map(encodeURIComponent).join('/') + query
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(name)} – streamserve</title>
<style>${PAGE_STYLE}</style>
<main>
<h1>${escapeHtml(name)}</h1>
<audio controls autoplay preload="none" src="${escapeHtml(source)}"></audio>
<p>The same address plays in any player: <code>mpv</code>, <code>vlc</code>, <code>ffplay</code>, <code>curl</code>.</p>
</main>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
