import { damaged } from './refusal.ts'

/**
 * The name of a part that another part points to: percent-decoded, without fragment, resolved against the folder of
 * the part that names it. A leading slash is the root of the archive. Errors: `unreadable_file` when it leads out.
 */
export function resolvePart(from: string, reference: string): string {
  const parts = reference.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const segment of percentDecoded(reference.replace(/[#?].*$/s, '')).split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') parts.push(segment)
    else if (parts.pop() === undefined) throw damaged('the document points to a part outside itself')
  }
  return parts.join('/')
}

function percentDecoded(reference: string): string {
  try {
    return decodeURIComponent(reference)
  } catch (error) {
    throw damaged('the document points to a part by a name that cannot be read', error)
  }
}
