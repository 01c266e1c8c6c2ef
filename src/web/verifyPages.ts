import { html } from 'hono/html'
import type { Node } from '../main.ts'
import { formatCode } from '../disclosure/index.ts'
import type { FileReport, Finding, Word } from '../marking/index.ts'
import { degreeLabel, degreeMark, disclosureCard, recordedDisclosures } from './disclosureCard.ts'
import { code, facts, page, type Html } from './layout.ts'
import { meaningLink, titledLink } from './lessons/meaning.ts'
import { isExample } from './pages.ts'
import { t } from './text.ts'

/** The form to which anybody may bring a file. */
export function verifyPage(node: Node): Html {
  return page({
    title: t('verify.title'),
    path: '/verify',
    isExample: isExample(node),
    content: html`<p class="lead">${t('verify.lead')}</p>
      <form class="drop" action="/verify" method="post" enctype="multipart/form-data">
        <label for="file">${t('verify.file')}</label>
        <input id="file" name="file" type="file" required aria-describedby="privacy" />
        <button>${t('verify.submit')}</button>
        <p id="privacy" class="soft">${t('verify.privacy')}</p>
      </form>
      <p>${t('verify.limits')}</p>
      <p><a href="/mark">${t('mark.link')}</a></p>`,
  })
}

/** What a file says, and whether that is so. The verdict first, then the card, then who says what, then the detail. */
export function reportPage(node: Node, name: string, report: FileReport): Html {
  const { verdict, words, works, findings, manifest, metadata, watermark, sha256, mediaType } = report
  const isConfirmed = findings.some(({ code: found }) => found === 'watermark_confirmed')
  // A watermark may have been copied from another work: it labels this one only where the fingerprint agrees.
  const counted = words.filter(({ source }) => source !== 'watermark' || isConfirmed)
  const best =
    counted.find(({ source }) => source === 'register') ?? counted.find(({ code: said }) => said) ?? counted[0]
  const shown = works.filter(({ match }) => match !== 'pointer' || isConfirmed)
  const disclosures = shown.flatMap((work) => work.disclosures.slice(0, 1))
  return page({
    title: t(`verify.verdict.${verdict}`),
    path: '/verify',
    isExample: isExample(node),
    content: html`<p class="lead">${t(`verify.means.${verdict}`)}</p>
      <p class="screen">${meaningLink(8)} · ${titledLink(7)}</p>
      ${disclosures.length > 0 ? recordedDisclosures(disclosures) : best ? cardOf(best) : ''}
      ${words.length > 0 ? saidBy(words) : ''}
      ${
        works.length > 0
          ? html`<h2>${t('verify.works')}</h2>
              <ul>
                ${works.map(({ work, title, match }) => html`<li><a href="/works/${work}">${foreign(title)}</a>: ${t(`verify.match.${match}`)}</li>`)}
              </ul>`
          : ''
      }
      <h2>${t('verify.findings')}</h2>
      ${findings.length === 0 ? html`<p>${t('verify.noFindings')}</p>` : findingList(findings)}
      <h2>${t('verify.file.facts')}</h2>
      ${facts([
        [t('verify.name'), foreign(name)],
        [t('verify.type'), mediaType],
        sha256 ? ['SHA-256', code(sha256)] : undefined,
        [t('verify.manifest'), t(`verify.manifest.${manifest.state}`)],
        manifest.active?.signedBy
          ? [t('verify.signedBy'), manifest.active.signedBy.organisation ?? manifest.active.signedBy.commonName ?? '']
          : undefined,
        manifest.active ? [t('verify.timeStamp'), t(`verify.timeStamp.${manifest.active.timeStamp}`)] : undefined,
        manifest.active?.signedAt ? [t('verify.signedAt'), manifest.active.signedAt] : undefined,
        metadata.title ? [t('verify.metadata.title'), foreign(metadata.title)] : undefined,
        metadata.creator ? [t('verify.metadata.creator'), foreign(metadata.creator)] : undefined,
        metadata.digitalSourceType ? [t('verify.metadata.source'), code(metadata.digitalSourceType)] : undefined,
        watermark
          ? [t('verify.watermark'), html`${code(watermark.payload.pointer)} ${degreeLabel(watermark.payload.degree)}`]
          : undefined,
      ])}
      <p class="soft">${t('verify.provesNothing')}</p>
      <p><a href="/verify">${t('verify.another')}</a></p>`,
  })
}

/** What others wrote keeps its direction to itself, whatever characters are in it. */
const foreign = (text: string): Html => html`<bdi>${text}</bdi>`

function cardOf({ degree, code: said, by }: Word): Html {
  return said
    ? disclosureCard({ degree, code: formatCode(said), brief: said, ...(by ? { by } : {}) })
    : html`<p>${degreeMark(degree)}</p>`
}

function saidBy(words: readonly Word[]): Html {
  return html`<h2>${t('verify.words')}</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">${t('verify.source')}</th>
          <th scope="col">${t('verify.says')}</th>
          <th scope="col">${t('verify.signature')}</th>
        </tr>
      </thead>
      <tbody>
        ${words.map(
          ({ source, degree, by, isSigned }) =>
            html`<tr>
              <th scope="row">${t(`verify.source.${source}`)}</th>
              <td>${degreeLabel(degree)}</td>
              <td>${isSigned ? t('verify.signed', { by: by ?? '' }) : t('verify.unsigned')}</td>
            </tr>`,
        )}
      </tbody>
    </table>`
}

function findingList(findings: readonly Finding[]): Html {
  return html`<ul class="findings">
    ${findings.slice(0, 60).map(({ code: name, severity, message, where }) => html`<li><strong>${t(`verify.severity.${severity}`)}</strong>: ${foreign(message)}${where ? html` (${where})` : ''} <span class="soft">${name}</span></li>`)}
  </ul>`
}
