import { existsSync, statSync } from 'node:fs'
import { ColophonError } from '../foundation/index.ts'
import { readManifests, sniffFormat } from '../marking/index.ts'
import { lintSite, openFolderSource, openUrlSource, type SiteReport } from '../rights/index.ts'
import { needOne, print, readArgs, type ExitCode } from './command.ts'

export const lintForm = 'rights lint URL|DIR'

/** Reads what a site or a folder says about rights in every vocabulary, and names what contradicts or is not understood. */
export async function runRightsLint(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, {})
  const target = needOne(positionals, 'address or folder')
  const isUrl = /^https?:/i.test(target)
  if (!isUrl && !(existsSync(target) && statSync(target).isDirectory())) {
    throw new ColophonError('not_found', 'there is no such folder', {
      where: target,
      remedy: 'Give https://… or a folder.',
    })
  }
  const report = await lintSite(isUrl ? openUrlSource(target) : openFolderSource(target, readManifest))
  print(values.json, report, asLines(report))
  if (!report.wasRead) return 2
  return report.isSound ? 0 : 1
}

/** What a manifest says counts only where the file is as it was signed, by whomever. */
async function readManifest(bytes: Uint8Array) {
  const format = sniffFormat(bytes)
  const report = format && (await readManifests(bytes, format, { now: Date.now() }))
  return report?.state === 'valid-trusted' || report?.state === 'valid-untrusted'
    ? report.active?.assertions
    : undefined
}

function asLines({ target, decisions, places, findings }: SiteReport): string[] {
  const said = Object.entries(decisions).map(([action, decision]) => `  ${action}: ${decision}`)
  const read = places.map(({ place, state, rules }) => {
    const rulesText = rules.map(({ action, decision }) => `${decision} ${action}`).join(', ')
    return `  ${place}: ${state === 'read' ? rulesText || 'says nothing about rights' : state}`
  })
  const found = findings.map(
    ({ severity, code, where, what, remedy }) => `  ${severity} ${code} (${where}): ${what}. ${remedy}`,
  )
  return [
    target,
    '',
    'All places together:',
    ...said,
    '',
    'Places:',
    ...read,
    ...(found.length > 0 ? ['', 'Findings:', ...found] : []),
  ]
}
