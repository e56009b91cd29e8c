/** The style and the script of the page below, on their own because the page's policy admits exactly these texts. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif }
body { min-height: 100vh; min-height: 100svh; margin: 0; padding: 1.5rem; box-sizing: border-box; display: grid; place-content: center }
main { display: grid; gap: 1.2rem; width: min(32rem, 100vw - 3rem); text-align: center }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.2; font-weight: 600; overflow-wrap: anywhere }
audio { width: 100% }
p { margin: 0; font-size: .9rem; opacity: .75; text-wrap: balance }
`

/**
 * Begins with the first sound. The attribute `autoplay` waits for seconds of it, which a live stream gives no faster than they
 * pass. A browser that lets no page play by itself leaves it to its user.
 */
export const PAGE_SCRIPT = "document.querySelector('audio').play().catch(() => {})"

/**
 * A plain page with a player for one stream.
 * @param path URL path of the stream, decoded. @param query what to ask for, with its question mark, or nothing.
 */
export function listenPage(path: string, query: string): string {
  const name = path === '/' ? 'Live' : path.slice(1)
  const source = path.split('/').map(encodeURIComponent).join('/') + query
  const address = query === '' ? 'this address' : `this address with <code>${escapeHtml(query)}</code> at its end`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(name)} – streamserve</title>
<style>${PAGE_STYLE}</style>
<main>
<h1>${escapeHtml(name)}</h1>
<audio controls preload="none" src="${escapeHtml(source)}"></audio>
<p>Players such as mpv, VLC and ffplay take ${address}.</p>
</main>
<script>${PAGE_SCRIPT}</script>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
