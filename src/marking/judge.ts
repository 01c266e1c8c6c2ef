import type { Degree } from '../disclosure/index.ts'
import type { C2paReport } from './c2pa/index.ts'
import type { RegisteredWork } from './verifyFile.ts'
import type { FoundSoundWatermark, FoundWatermark } from './watermark/index.ts'
import type { FoundModelWatermark } from './watermarkModel/index.ts'
import type { Word } from './words.ts'

export interface Finding {
  code: string
  severity: 'error' | 'warning' | 'note'
  message: string
  where?: string
}

/**
 * `agrees`: what the file says and what the register says are the same. `contradicts`: they are not, or the file does not
 * agree with itself. `altered`: it was changed since it was signed. `stripped`: the register knows how it was made, and
 * the file says nothing any more. `unconfirmed`: it says something that the register does not know, or only an operator's model reads something. `nothing`: nobody says
 * anything, which proves nothing.
 */
export type Verdict = 'agrees' | 'contradicts' | 'altered' | 'stripped' | 'unconfirmed' | 'nothing'

interface Known {
  manifest: C2paReport
  watermark?: FoundWatermark | FoundSoundWatermark
  modelWatermark?: FoundModelWatermark
  works: readonly RegisteredWork[]
  words: readonly Word[]
  /** The file’s own ISCC Audio-Code, in hexadecimal. */
  soundCode?: string | undefined
}

/**
 * Bits of a PDQ of 256 that differ between a picture and what a watermark leads to. Of two unrelated pictures 128 differ,
 * with a deviation of 8: 80 or fewer are no chance. Where the whole is there and more than 96 differ, it is another picture.
 */
const SAME_PICTURE_BITS = 80
const OTHER_PICTURE_BITS = 96

/** What follows from all that is said, and whether it fits together. */
export function judge(known: Known): { verdict: Verdict; findings: Finding[] } {
  const findings: Finding[] = []
  judgeManifest(known.manifest, findings)
  const mark = judgeWatermark(known, findings)
  // A watermark counts where the picture is the one that it was made for; undisclosed is not saying anything.
  const said = known.words.filter(
    ({ source, degree }) => degree !== 'undisclosed' && (source !== 'watermark' || mark === 'confirmed'),
  )
  const inFile = said.filter(({ source }) => source === 'manifest' || source === 'metadata')
  const registered = registeredWords(known, mark, inFile).filter(({ degree }) => degree !== 'undisclosed')
  const all = [...said.filter(({ source }) => source !== 'register'), ...registered]
  const isContradictory = !judgeAgreement(all, findings)
  const isAltered = known.manifest.state === 'invalid' && !isOutOfTime(known.manifest)
  const add = (code: string, severity: Finding['severity'], message: string) =>
    findings.push({ code, severity, message })
  if (isContradictory || mark === 'of-another') return { verdict: isAltered ? 'altered' : 'contradicts', findings }
  if (isAltered) return { verdict: 'altered', findings }
  if (registered.length > 0 && inFile.length === 0) {
    add(
      'disclosure_stripped',
      'warning',
      'the register says how this work was made; this copy does not say it any more',
    )
    return { verdict: 'stripped', findings }
  }
  if (registered.length > 0) {
    const others = said.filter(({ source, degree }) => source === 'register' && degree !== registered[0]!.degree)
    if (others.length > 0) {
      const works = others.map(({ work, degree }) => `${work}: ${degree}`).join(', ')
      add(
        'works_differ',
        'warning',
        `of works that this file is near, the register says something else, too (${works})`,
      )
    }
    add('disclosures_agree', 'note', 'what the file says of itself is what the register says')
    return { verdict: 'agrees', findings }
  }
  if (inFile.length > 0 || mark) {
    add('not_in_register', 'note', 'the register has no disclosure to compare this with')
    return { verdict: 'unconfirmed', findings }
  }
  // What an operator's model reads is told and confirms nothing: how sure it is, nobody here knows.
  if (known.modelWatermark) {
    add('only_model_watermark', 'note', 'nothing but the watermark of an operator’s model says anything')
    return { verdict: 'unconfirmed', findings }
  }
  add(
    'nothing_said',
    'note',
    'nothing is said of how this was made. That proves nothing: marks are taken off in a moment',
  )
  return { verdict: 'nothing', findings }
}

function judgeManifest(report: C2paReport, findings: Finding[]): void {
  const { state, active } = report
  const by = active?.signedBy?.organisation ?? active?.signedBy?.commonName ?? 'somebody'
  const outOfTime: Finding = {
    code: 'manifest_out_of_time',
    severity: 'warning',
    message: `unchanged since ${by} signed it; the certificate is not valid now, and no time-stamp says that it was then`,
  }
  const told: Record<C2paReport['state'], Finding | undefined> = {
    none: undefined,
    unreadable: { code: 'manifest_unreadable', severity: 'warning', message: 'the file’s manifest cannot be read' },
    invalid: {
      code: 'manifest_invalid',
      severity: 'error',
      message: 'the file was changed after it was signed, or its signature does not hold',
    },
    'valid-untrusted': {
      code: 'manifest_untrusted',
      severity: 'warning',
      message: `unchanged since ${by} signed it; who issued the certificate is not known here`,
    },
    'valid-trusted': {
      code: 'manifest_trusted',
      severity: 'note',
      message: `unchanged since ${by} signed it, whose issuer is trusted here`,
    },
  }
  const finding = isOutOfTime(report) ? outOfTime : told[state]
  if (finding) findings.push(finding)
}

/** Whether nothing is wrong with a manifest but that its certificate is not valid now, and no time-stamp says when it was. */
function isOutOfTime({ state, findings }: C2paReport): boolean {
  const errors = findings.filter(({ severity }) => severity === 'error')
  const isOfTime = ({ code }: { code: string }) =>
    code === 'certificate_expired' || code === 'certificate_not_yet_valid'
  return state === 'invalid' && errors.length > 0 && errors.every(isOfTime)
}

type MarkState = 'confirmed' | 'unclear' | 'of-another' | 'unknown'

/** Anybody can copy a watermark onto another picture: it counts where the picture is the one that it was made for. */
function judgeWatermark({ watermark, works, soundCode }: Known, findings: Finding[]): MarkState | undefined {
  if (!watermark) return undefined
  const { pointer } = watermark.payload
  const pointed = works.filter(({ pointers }) => pointers.includes(pointer))
  const add = (code: string, severity: Finding['severity'], message: string) =>
    findings.push({ code, severity, message })
  if (pointed.length === 0) {
    add('watermark_unknown', 'note', `the watermark points to ${pointer}, which this register does not know`)
    return 'unknown'
  }
  const isWhole = 'placement' in watermark && watermark.placement.matrix[0] === 1 && watermark.placement.matrix[3] === 1
  const nearest = Math.min(
    ...pointed.map((work) => (work.match === 'pointer' ? distanceTo(work, watermark, soundCode) : 0)),
  )
  if (nearest <= SAME_PICTURE_BITS) {
    add('watermark_confirmed', 'note', 'the watermark leads to a work that this file is a copy of')
    return 'confirmed'
  }
  // Of a part of a picture the fingerprint says less.
  if (isWhole && nearest >= OTHER_PICTURE_BITS) {
    add('watermark_of_another_work', 'error', 'the watermark was made for another work, and says nothing of this one')
    return 'of-another'
  }
  add(
    'watermark_unclear',
    'warning',
    'the watermark leads to a work; by its fingerprint this may be a part of it, or another work',
  )
  return 'unclear'
}

/** In bits of 256. A sound is compared by its ISCC Audio-Code, whose bits count for as many more as it has fewer. */
function distanceTo(
  { codes }: RegisteredWork,
  watermark: NonNullable<Known['watermark']>,
  soundCode: string | undefined,
) {
  if ('pdq' in watermark) return codes.pdq ? bitsBetween(watermark.pdq, codes.pdq) : Infinity
  const declared = codes['iscc-audio-v0']
  if (!declared || !soundCode) return Infinity
  const length = Math.min(declared.length, soundCode.length)
  return (bitsBetween(declared.slice(0, length), soundCode.slice(0, length)) * 64) / length
}

function bitsBetween(a: string, b: string): number {
  let bits = 0
  for (let i = 0; i < a.length; i++)
    for (let left = Number.parseInt(a[i]!, 16) ^ Number.parseInt(b[i] ?? '0', 16); left > 0; left >>= 1)
      bits += left & 1
  return bits
}

/**
 * What the register says of this work, whether its fingerprint or a watermark that fits it leads there. The closest match
 * counts; among works that are only alike, the one that the watermark points to, or one that says what the file says.
 */
function registeredWords(
  { words, works, watermark }: Known,
  mark: MarkState | undefined,
  inFile: readonly Word[],
): Word[] {
  const pointer = mark === 'confirmed' ? watermark!.payload.pointer : undefined
  const pointed = works.flatMap(({ work, disclosures, pointers }) => {
    const found = disclosures.find(({ isByMaker }) => isByMaker)
    if (!found || pointer === undefined || !pointers.includes(pointer)) return []
    const by = found.partyName ?? found.party
    return [{ source: 'register' as const, degree: found.fields.degree, isSigned: true, by, work }]
  })
  if (pointed.length > 0) return pointed
  const found = words.filter(({ source }) => source === 'register')
  const matchOf = (word: Word) => works.find(({ work }) => work === word.work)?.match
  for (const match of ['same', 'attested', 'near'] as const) {
    const close = found.filter((word) => matchOf(word) === match)
    if (close.length === 0) continue
    const alike = close.filter(({ degree }) => inFile.some((word) => word.degree === degree))
    return match === 'near' && alike.length > 0 ? alike : close
  }
  return []
}

/** Whether all who say something say the same; those who contradict each other are named. */
function judgeAgreement(words: readonly Word[], findings: Finding[]): boolean {
  const known = words.filter(
    (word): word is Word & { degree: Exclude<Degree, 'undisclosed'> } => typeof word.degree === 'number',
  )
  const exact = known.filter(({ isCoarse }) => !isCoarse)
  const coarse = known.filter(({ isCoarse }) => isCoarse)
  const degrees = new Set(exact.map(({ degree }) => degree))
  // A field that has one value for several degrees contradicts only what it cannot mean.
  const others = exact.length > 0 ? exact : coarse
  const clash = coarse.find(({ degree }) => others.some((other) => !mayBe(degree, other.degree)))
  if (degrees.size <= 1 && !clash) return true
  const told = known.map(({ source, degree, by }) => `${source}${by ? ` (${by})` : ''}: ${degree}`).join('; ')
  const message = `the degree of AI involvement is told differently: ${told}`
  findings.push({ code: 'disclosures_contradict', severity: 'error', message })
  return false
}

/** Whether a degree that was read from a coarse field (0, 1 for 1 or 2, 3 for 3 or 4) may be this one. */
export function mayBe(coarse: number, degree: number): boolean {
  return coarse === 0 ? degree === 0 : coarse < 3 ? degree === 1 || degree === 2 : degree >= 3
}
