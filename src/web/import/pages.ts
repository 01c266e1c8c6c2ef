import { html } from 'hono/html'
import { importsOf, type ReadImport, type Session } from '../../accounts/index.ts'
import { sourceFormats, tableFields } from '../../collecting/index.ts'
import type { Node } from '../../main.ts'
import { findParty, identifierSchemes } from '../../register/index.ts'
import { selectField, textField } from '../fields.ts'
import { facts, page, type Html } from '../layout.ts'
import { isExample } from '../pages.ts'
import { choice } from '../reservePages.ts'
import { signingForm } from '../signingForm.ts'
import { number, t } from '../text.ts'

/** Where a collection that somebody has listed already comes in: a table, records, or a server that has them. */
export async function importPage(node: Node, { party }: Session): Promise<Html> {
  const known = await importsOf(node, party)
  return page({
    title: t('import.title'),
    path: '/import',
    isExample: isExample(node),
    content: html`<p class="lead">${t('import.lead')}</p>
      <form action="/import" method="post" enctype="multipart/form-data">
        ${selectField(
          'format',
          t('import.format'),
          sourceFormats.map((format) => [format, t(`import.format.${format}`)] as const),
        )}
        <label for="import-file">${t('import.file')}</label><input id="import-file" name="file" type="file" />
        ${textField('address', t('import.address'), t('import.address.help'))}
        <fieldset>
          <legend>${t('reserve.role')}</legend>
          ${choice('role', 'creator', t('reserve.role.creator'), true)}
          ${choice('role', 'rightsholder', t('reserve.role.rightsholder'), false)}
          ${choice('role', 'custodian', t('import.role.custodian'), false)}
        </fieldset>
        ${textField('creator', t('import.creator'), t('import.creator.help'))}
        <p><button>${t('import.read')}</button></p>
      </form>
      ${
        known.length > 0
          ? html`<h2>${t('import.known')}</h2>
              <ul>
                ${known.map(({ id, source, state }) => html`<li><a href="/import/${id}">${source}</a>: ${t(`import.state.${state}`)}</li>`)}
              </ul>`
          : ''
      }`,
  })
}

/** How a source was read: its columns, its first records, what would become of all; and the form that signs it. */
export async function importedPage(node: Node, found: ReadImport): Promise<Html> {
  const { id, source, state, failure } = found
  return page({
    title: t('import.of', { source }),
    path: '/import',
    isExample: isExample(node),
    script: 'sign',
    content: html`<p class="lead" role="status">${t(`import.state.${state}`)}</p>
      ${state === 'reading' ? html`<p><a class="button" href="/import/${id}">${t('import.look')}</a></p>` : ''}
      ${failure ? html`<p role="alert" lang="en">${failure.message}</p>` : ''}
      ${found.prepared ? await preparedSections(node, found) : ''}
      ${
        state === 'reading'
          ? ''
          : html`<form action="/import/${id}/drop" method="post">
              <p><button class="second">${t('import.drop')}</button></p>
            </form>`
      }
      <p><a href="/import">${t('import.title')}</a></p>`,
  })
}

async function preparedSections(node: Node, found: ReadImport): Promise<Html> {
  const { id, state, prepared } = found
  const { counts, examples, columns = [], records, interrupted } = prepared!
  const isOpen = state === 'ready'
  return html`<h2>${t('import.outcomes')}</h2>
    ${facts(Object.entries(counts).map(([name, count]) => [t(`import.outcome.${name}`), number(count)] as const))}
    ${interrupted ? html`<p>${t('import.interrupted')}</p>` : ''}
    <p><a href="/import/${id}/outcomes.csv">${t('import.outcomes.csv')}</a></p>
    ${
      examples.length > 0
        ? html`<ul lang="en">
            ${examples.map(({ place, title, what, remedy }) => html`<li>${place}${title ? html` (${title})` : ''}: ${what}. ${remedy ?? ''}</li>`)}
          </ul>`
        : ''
    }
    ${columns.length > 0 ? columnsSection(id, columns, isOpen) : ''}
    <h2>${t('import.first')}</h2>
    <ol>
      ${records.map((record) =>
        'problem' in record
          ? html`<li>${record.place}: <span lang="en">${record.problem.what}</span></li>`
          : html`<li>
              <strong>${record.work.title}</strong>
              ${[...(record.work.creators ?? []).flatMap(({ name }) => name ?? []), ...(record.work.identifiers ?? []).map(({ scheme, value }) => `${scheme.toUpperCase()} ${value}`), ...(record.work.urls ?? [])].join(' · ')}
            </li>`,
      )}
    </ol>
    ${isOpen ? await signSection(node, found) : ''}`
}

function columnsSection(
  id: string,
  columns: NonNullable<ReadImport['prepared']>['columns'] & object,
  isOpen: boolean,
): Html {
  const fields = [
    ['none', t('import.field.none')] as const,
    ...tableFields.map((name) => [name, fieldName(name)] as const),
  ]
  return html`<h2 id="columns">${t('import.columns')}</h2>
    <form action="/import/${id}/columns" method="post">
      <p>${t('import.columns.lead')}</p>
      ${columns.map(({ column, field, example }, i) =>
        selectField(
          `column-${i + 1}`,
          `${column || i + 1}${example ? ` (${example.slice(0, 40)})` : ''}`,
          fields,
          field ?? 'none',
        ),
      )}
      ${isOpen ? html`<p><button class="second">${t('import.columns.again')}</button></p>` : ''}
    </form>`
}

/** Numbers and codes go by their own names. */
function fieldName(name: string): string {
  const isCode = name === 'sha256' || (identifierSchemes as readonly string[]).includes(name)
  return isCode ? name.toUpperCase() : t(`import.field.${name}`)
}

async function signSection(node: Node, { id, party, source, prepared, preparedHash }: ReadImport): Promise<Html> {
  const works = prepared!.collections.reduce((sum, { count }) => sum + count, 0)
  if (works === 0) return html`<p>${t('import.nothingNew')}</p>`
  const isKnown = (await findParty(node.register.database.db, party)) !== undefined
  return html`<h2>${t('import.sign')}</h2>
    <p>${t('import.sign.lead', { works })}</p>
    <p>${t('reserve.effect')} ${t('import.sign.free')}</p>
    ${signingForm({
      kind: 'import',
      isKnown: true,
      hidden: { import: id, party, prepared: preparedHash! },
      content: html`<label for="import-title">${t('collection.name')}</label
        ><input id="import-title" name="title" type="text" required maxlength="400" value="${source.slice(0, 400)}" />
        ${isKnown ? '' : textField('name', t('reserve.name'), t('sign.name.help'))}
        <fieldset>
          <legend>${t('reserve.what')}</legend>
          ${(['all-mining', 'ai-training', 'generative-training'] as const).map((value, i) => choice('reserve', value, t(`reserve.${value}`), i === 0))}
          ${choice('reserve', 'nothing', t('import.reserve.nothing'), false)}
        </fieldset>
        <label class="choice"
          ><input type="checkbox" name="isEntitled" value="yes" required /> ${t('collection.entitled')}</label
        >
        <p class="soft">${t('reserve.public')}</p>`,
    })}`
}
