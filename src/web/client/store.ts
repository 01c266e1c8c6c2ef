import type { Coded } from './coders.ts'

const NAME = 'colophon collections'
/** Rises when the same file would get other codes than before. */
const VERSION = 1

/** What this browser keeps of collections on this device: codes by file, and which works were declared from here. */
export interface Store {
  read(keys: readonly string[]): Promise<Map<string, Coded>>
  keep(key: string, coded: Coded): void
  /** Which of them were declared before. */
  declared(keys: readonly string[]): Promise<Set<string>>
  declare(keys: readonly string[]): Promise<void>
  forget(): Promise<void>
}

/** Where nothing may be kept (a private window), it is kept as long as the page is open. */
export async function openStore(): Promise<Store> {
  const database = await open().catch(() => undefined)
  return database ? lasting(database) : passing()
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION)
    request.addEventListener('upgradeneeded', () => {
      const { result } = request
      for (const name of result.objectStoreNames) result.deleteObjectStore(name)
      for (const name of ['codes', 'declared']) result.createObjectStore(name)
    })
    request.addEventListener('success', () => resolve(request.result))
    for (const event of ['error', 'blocked'])
      request.addEventListener(event, () => reject(request.error ?? new Error(event)))
  })
}

function lasting(database: IDBDatabase): Store {
  const read = async <Value>(name: string, keys: readonly string[]) => {
    const found = new Map<string, Value>()
    const transaction = database.transaction(name)
    for (const key of keys) {
      const request = transaction.objectStore(name).get(key)
      request.addEventListener('success', () => {
        if (request.result !== undefined) found.set(key, request.result)
      })
    }
    await finished(transaction)
    return found
  }
  const write = (name: string, change: (store: IDBObjectStore) => void) => {
    const transaction = database.transaction(name, 'readwrite')
    change(transaction.objectStore(name))
    return finished(transaction)
  }
  return {
    read: (keys) => read<Coded>('codes', keys),
    // What cannot be kept (a full disk) is computed again next time.
    keep: (key, coded) => void write('codes', (store) => store.put(coded, key)).catch(() => {}),
    declared: async (keys) => new Set((await read('declared', keys)).keys()),
    declare: (keys) =>
      write('declared', (store) => {
        for (const key of keys) store.put(true, key)
      }).catch(() => {}),
    async forget() {
      for (const name of ['codes', 'declared']) await write(name, (store) => store.clear())
    },
  }
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve())
    for (const event of ['error', 'abort']) transaction.addEventListener(event, () => reject(transaction.error))
  })
}

function passing(): Store {
  const codes = new Map<string, Coded>()
  const declared = new Set<string>()
  return {
    read: async (keys) => new Map(keys.flatMap((key) => (codes.has(key) ? [[key, codes.get(key)!] as const] : []))),
    keep: (key, coded) => void codes.set(key, coded),
    declared: async (keys) => new Set(keys.filter((key) => declared.has(key))),
    async declare(keys) {
      for (const key of keys) declared.add(key)
    },
    async forget() {
      codes.clear()
      declared.clear()
    },
  }
}
