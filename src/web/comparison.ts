import { html } from 'hono/html'
import type { CheckResult } from '../api/index.ts'
import type { Html } from './layout.ts'
import { t } from './text.ts'

type Hit = CheckResult['hits'][number]
type Corners = readonly (readonly number[])[]

const PICTURES: readonly Hit['match'][] = ['exact-file', 'near-picture', 'part-of-picture']

/**
 * Both side by side, with what matched marked in each. The data set's is drawn by the server; one's own is not here, and
 * is drawn by the page itself from what it kept on the device.
 */
export function comparison(result: CheckResult, index: number): Html | '' {
  const hit = result.hits[index]!
  const stretch = hit.match === 'sound' ? hit.stretch : wholeSound(hit)
  if (stretch) return sounds(result, hit, stretch)
  if (hit.stretch) return times(hit.stretch)
  const isPicture = result.fileCodes.medium === 'picture' && PICTURES.includes(hit.match)
  return isPicture ? pictures(result, index) : ''
}

function pictures(result: CheckResult, index: number): Html {
  const { outline, preview, row } = result.hits[index]!
  const theirs = preview?.kind === 'picture' ? preview : undefined
  const place = theirs && `/checks/${result.id}/previews/${index}`
  return html`<div class="parts" data-result="${result.id}">
    <figure>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${describe('yours', outline?.query)}" data-own-picture>
        ${marks(100, 100, outline?.query)}
      </svg>
      <figcaption>${describe('yours', outline?.query)} ${ownMissing()}</figcaption>
    </figure>
    <figure>
      ${
        theirs
          ? html`<svg viewBox="0 0 ${theirs.width} ${theirs.height}" width="${theirs.width}" height="${theirs.height}" role="img" aria-label="${t('result.preview.picture', { row })} ${describe('theirs', outline?.row)}">
              <image href="${place}" width="${theirs.width}" height="${theirs.height}" />
              ${marks(theirs.width, theirs.height, outline?.row)}
            </svg>`
          : html`<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${describe('theirs', outline?.row)}">
              ${marks(100, 100, outline?.row)}
            </svg>`
      }
      <figcaption>
        ${describe('theirs', outline?.row)} ${outline?.isMirrored ? t('result.part.mirrored') : ''} ${theirs ? '' : html`<span class="soft">${t('result.preview.none')}</span>`}
      </figcaption>
    </figure>
  </div>`
}

/** What stands in place of one's own until the page draws it. */
function ownMissing(): Html {
  return html`<span class="soft" data-own-missing>${t('result.preview.own')}</span>`
}

function marks(width: number, height: number, outline: Corners | undefined): Html {
  const points = outline?.map(([x, y]) => `${round(x! * width)},${round(y! * height)}`).join(' ')
  return html`<rect x="0" y="0" width="${width}" height="${height}" class="frame" />${points ? html`<polygon points="${points}" class="halo" /><polygon points="${points}" class="part" />` : ''}`
}

/** In words, for those who do not see the drawing: from where to where, in shares of the width and height. */
function describe(whose: 'yours' | 'theirs', outline: Corners | undefined): string {
  if (!outline) return `${t(`result.whole.${whose}`)}.`
  const percent = (values: number[]) =>
    [Math.min(...values), Math.max(...values)].map((value) => Math.round(value * 100))
  const [left, right] = percent(outline.map(([x]) => x!))
  const [top, bottom] = percent(outline.map(([, y]) => y!))
  return `${t(`result.part.${whose}`)}: ${t('result.part.where', { left: left!, right: right!, top: top!, bottom: bottom! })}.`
}

type Stretch = Pick<NonNullable<Hit['stretch']>, 'queryStart' | 'rowStart' | 'seconds'>

/** Of the same file everything is the same. */
function wholeSound({ match, preview }: Hit): Stretch | undefined {
  if (match !== 'exact-file' || preview?.kind !== 'sound') return undefined
  return { queryStart: 0, rowStart: 0, seconds: preview.seconds }
}

/** Where in both films the same is seen. */
function times({ queryStart, rowStart, seconds }: NonNullable<Hit['stretch']>): Html {
  return html`<p>
    ${t('result.stretch.yours', { from: clock(queryStart), to: clock(queryStart + seconds) })}
    ${t('result.stretch.theirs', { from: clock(rowStart), to: clock(rowStart + seconds) })}
  </p>`
}

/** Both sounds over their time, with the stretch that they share. */
function sounds(result: CheckResult, { preview, row }: Hit, stretch: Stretch): Html {
  const { queryStart, rowStart, seconds } = stretch
  const yours = t('result.stretch.yours', { from: clock(queryStart), to: clock(queryStart + seconds) })
  const theirs = t('result.stretch.theirs', { from: clock(rowStart), to: clock(rowStart + seconds) })
  return html`<div data-result="${result.id}">
    <figure class="wave">
      <svg class="sound" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${t('result.preview.ownSound')} ${yours}" hidden data-own-sound data-from="${queryStart}" data-seconds="${seconds}"><rect y="0" height="100" class="part" /></svg>
      <figcaption>${yours} ${ownMissing()}</figcaption>
    </figure>
    <figure class="wave">
      ${preview?.kind === 'sound' ? waveform(preview, rowStart, seconds, `${t('result.preview.sound', { row })} ${theirs}`) : ''}
      <figcaption>
        ${theirs} ${preview?.kind === 'sound' ? '' : html`<span class="soft">${t('result.preview.none')}</span>`}
      </figcaption>
    </figure>
  </div>`
}

function waveform(preview: { seconds: number; peaks: string }, from: number, seconds: number, label: string): Html {
  const peaks = Buffer.from(preview.peaks, 'base64')
  const most = Math.max(1, ...peaks)
  const bars = Array.from(peaks, (peak, i) => {
    const half = (peak / most) * 45
    return `M${round(((i + 0.5) / peaks.length) * 100)} ${round(50 - half)}V${round(50 + half)}`
  })
  const share = (value: number) => round(Math.min(1, value / preview.seconds) * 100)
  return html`<svg class="sound" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${label}">
    <path d="${bars.join('')}" class="loudness" />
    <rect x="${share(from)}" y="0" width="${round(share(from + seconds) - share(from))}" height="100" class="part" />
  </svg>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Seconds as minutes and seconds. */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}
