import { html } from 'hono/html'
import type { CheckResult } from '../api/index.ts'
import { comparison } from './comparison.ts'
import { code, type Html } from './layout.ts'
import { meaningLink } from './lessons/meaning.ts'
import { t } from './text.ts'

type Hit = CheckResult['hits'][number]

/** One place where the work was found, with what can be done about it. */
export function hitItem(result: CheckResult, index: number): Html {
  const hit = result.hits[index]!
  return html`<li class="hit">
    <h3>${t(`result.${hit.match}`)}</h3>
    ${hitDetails(result, index)}
    <p class="screen">${meaningLink(4)}</p>
    ${
      hit.status === 'candidate'
        ? html`<p>${t('result.noRequest')}</p>`
        : html`<p><a href="/requests/new?result=${result.id}&amp;hit=${index}">${t('result.request')}</a></p>`
    }
  </li>`
}

/** Where it stands, how sure that is, and both side by side. */
export function hitDetails(result: CheckResult, index: number): Html {
  const hit = result.hits[index]!
  return html`<p>
      ${t('result.where', { name: hit.datasetName, version: hit.datasetVersion, row: hit.row })}<br />
      <span class="soft">${t(`result.strength.${hit.match}`, { measure: hit.measure })}</span>
    </p>
    <p>${status(hit)}</p>
    ${publicDomain(hit)}${hit.url ? html`<p>${t('result.address')}: ${code(hit.url)}</p>` : ''}
    ${passage(hit)}${comparison(result, index)}`
}

/** How much of it chance alone may explain, in words before the number. */
function status({ status, expectedByChance }: Hit): Html {
  const expected =
    expectedByChance === null
      ? ''
      : expectedByChance < 0.0001
        ? t('result.chance.tiny')
        : t('result.chance', { expected: expectedByChance })
  return html`<strong>${t(`result.status.${status}`)}</strong> ${t(`result.status.${status}.text`)} ${expected}`
}

/** What the register says of a picture here: two pictures of one subject are two works. */
function publicDomain({ declaredPublicDomain: declared, match }: Hit): Html | '' {
  if (!declared) return ''
  const key = match === 'exact-file' && declared.isSameFile ? 'file' : declared.whose
  return html`<p class="note">
    ${t(`result.publicDomain.${key}`)} <a href="/works/${declared.work}">${declared.title}</a>
  </p>`
}

/** The shared stretch as the row has it, with what stands around it there. */
function passage({ alignment, excerpt, measure }: Hit): Html | '' {
  if (!alignment)
    return excerpt
      ? html`<p>${t('result.excerpt')}:</p>
          <blockquote>${excerpt}</blockquote>`
      : ''
  const { before, shared, after, queryOffset, rowOffset, isExact, isCommon, isFromDevice } = alignment
  return html`<p>${t(isExact ? 'result.aligned' : 'result.alignedAtLeast', { measure, queryOffset, rowOffset })}</p>
    ${isFromDevice ? html`<p>${t('result.fromDevice')}</p>` : ''}${isCommon ? html`<p>${t('result.common')}</p>` : ''}
    <blockquote><span class="soft">… ${before}</span><mark>${shared}</mark><span class="soft">${after} …</span></blockquote>`
}
