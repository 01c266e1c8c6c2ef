import { readFileSync } from 'node:fs'
import type { Hex } from './chain.ts'

/** Contracts, their sources, and what they are compiled to; `tools/buildContracts.ts` writes it, a test holds both equal. */
export const CONTRACT_SOURCES = {
  ColophonAnchor: 'contracts/ColophonAnchor.sol',
  ColophonTerms: 'contracts/ColophonTerms.sol',
} as const
export type ContractName = keyof typeof CONTRACT_SOURCES

/** The interface and the code of a contract. */
export function artefactOf(name: ContractName): { abi: unknown[]; bytecode: Hex } {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as { abi: unknown[]; bytecode: Hex }
}

/** Gas of an operation, as measured on a test chain: `npm run bench -- contracts` writes it, a test holds it true. */
export function chainGas(): Record<'anchor' | 'record' | 'grant' | 'passkeyGrant' | 'paidGrant' | 'proof', number> {
  return JSON.parse(readFileSync(new URL('gas.json', import.meta.url), 'utf8')) as ReturnType<typeof chainGas>
}
