import { recall, type Keepsake } from './keepsake.ts'

const SVG = 'http://www.w3.org/2000/svg'
const keepsake = recall(document.querySelector<HTMLElement>('[data-result]')?.dataset.result ?? '')
if (keepsake?.picture) await showPicture(keepsake.picture)
if (keepsake?.loudness) showLoudness(keepsake)

/** One's own picture under the outline of the part that was found. */
async function showPicture(base64: string): Promise<void> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const blob = new Blob([bytes], { type: 'image/jpeg' })
  const { width, height } = await createImageBitmap(blob)
  const address = URL.createObjectURL(blob)
  for (const frame of document.querySelectorAll<SVGElement>('[data-own-picture]')) {
    const image = document.createElementNS(SVG, 'image')
    const place = { href: address, x: 0, y: 0, width: 100, height: 100, preserveAspectRatio: 'none' }
    for (const [name, value] of Object.entries(place)) image.setAttribute(name, String(value))
    frame.prepend(image)
    frame.style.aspectRatio = `${width} / ${height}`
    said(frame)
  }
}

/** How loud one's own sound is, over its time, under the mark of the stretch that was found. */
function showLoudness({ loudness, seconds }: Keepsake): void {
  for (const frame of document.querySelectorAll<SVGElement>('[data-own-sound]')) {
    const line = document.createElementNS(SVG, 'path')
    const most = Math.max(0.01, ...loudness!)
    const bars = loudness!.map((value, i) => {
      const half = (value / most) * 45
      return `M${(i / loudness!.length) * 100} ${50 - half}V${50 + half}`
    })
    line.setAttribute('d', bars.join(''))
    line.setAttribute('class', 'loudness')
    const mark = frame.querySelector('rect')!
    mark.setAttribute('x', String((Number(frame.dataset.from) / seconds!) * 100))
    mark.setAttribute('width', String((Number(frame.dataset.seconds) / seconds!) * 100))
    frame.prepend(line)
    frame.removeAttribute('hidden')
    said(frame)
  }
}

/** The words that stand for one's own file are not needed when it is drawn. */
function said(frame: SVGElement): void {
  frame.closest('figure')?.querySelector('[data-own-missing]')?.remove()
}
