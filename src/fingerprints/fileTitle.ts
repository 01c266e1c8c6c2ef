/** A title made of a file's name: without its ending, and without what nobody sees (controls, marks of direction). */
export function fileTitle(name: string): string {
  const seen = name.replaceAll(/\p{C}/gu, ' ').replaceAll(/\s+/gu, ' ').trim()
  const title = seen.replace(/\.[A-Za-z0-9]{1,5}$/, '') || seen
  return [...title].slice(0, 200).join('') || 'Untitled'
}
