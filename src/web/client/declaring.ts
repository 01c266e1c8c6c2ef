import { fileTitle } from '../../fingerprints/fileTitle.ts'
import type { Outcome } from './outcomes.ts'
import { chosenOrNewPasskey, keepKey, post, signWithPasskey, type KeptKey } from './signing.ts'
import type { Store } from './store.ts'

/** Works with one file each. */
export function worksOf(outcomes: readonly Outcome[]) {
  return outcomes.flatMap(({ line, what }) =>
    what === 'new' || what === 'partly'
      ? [
          {
            title: fileTitle(line.source.path.split('/').at(-1)!),
            medium: line.coded!.medium,
            codes: line.coded!.codes,
          },
        ]
      : [],
  )
}

type Works = ReturnType<typeof worksOf>

/** What is said of them: the same works in the same words need not be declared again. */
const declaredKey = (values: FormData, { codes }: Works[number]) =>
  JSON.stringify([values.get('name'), values.get('role'), values.get('reserve'), codes.sha256])

/** Those that were not declared from here in these words before. */
export async function notDeclared(works: Works, values: FormData, store: Store): Promise<Works> {
  const before = await store.declared(works.map((work) => declaredKey(values, work)))
  return works.filter((work) => !before.has(declaredKey(values, work)))
}

/** How many collections they make, when one statement holds so many. */
export function partCount(works: number, most: number): number {
  return Math.max(1, Math.ceil(works / most))
}

/** Declares works, one gesture for each part. What is recorded stays so when a later part fails. */
export async function declareWorks(
  form: HTMLFormElement,
  values: FormData,
  works: Works,
  store: Store,
  say: (part: number, parts: number) => void,
): Promise<number[]> {
  const most = Number(form.dataset.most)
  const parts = partCount(works.length, most)
  const receipts: number[] = []
  let key: Pick<KeptKey, 'id' | 'publicKey'> | undefined
  for (let part = 1; part <= parts; part++) {
    say(part, parts)
    const items = works.slice((part - 1) * most, part * most)
    const title = String(values.get('title'))
    const input = {
      name: String(values.get('name')),
      title: parts === 1 ? title : `${title} (${part}/${parts})`,
      role: values.get('role'),
      reserve: values.get('reserve'),
      isEntitled: values.get('isEntitled') === 'yes',
      items,
    }
    key ??= await chosenOrNewPasskey(form, input.name)
    receipts.push(await declarePart(key, input))
    await store.declare(items.map((work) => declaredKey(values, work)))
  }
  return receipts
}

async function declarePart(key: Pick<KeptKey, 'id' | 'publicKey'>, input: { name: string }): Promise<number> {
  const { id, publicKey } = key
  const { statement, manifest, didKey, challenge } = await post('/api/collections/prepare', { publicKey, input })
  keepKey({ id, didKey, publicKey, name: input.name })
  const answer = await signWithPasskey(id, challenge)
  const receipt = await post('/api/collections', { statement, manifest, passkey: { didKey, ...answer } })
  return receipt.logIndex
}
