import { readFileSync, writeFileSync } from 'node:fs'
import solc from 'solc'
import { CONTRACT_SOURCES, type ContractName } from '../src/contracts/index.ts'

/** Compiles a contract: its interface and its code. Throws with the compiler's words, warnings included. */
export function compileContract(name: ContractName): { abi: unknown[]; bytecode: string } {
  const path = CONTRACT_SOURCES[name]
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { [path]: { content: readFileSync(path, 'utf8') } },
        settings: {
          // The oldest level that networks of public bodies run.
          evmVersion: 'london',
          optimizer: { enabled: true, runs: 10_000 },
          viaIR: true,
          metadata: { bytecodeHash: 'none', appendCBOR: false },
          outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
        },
      }),
    ),
  ) as {
    errors?: { formattedMessage: string }[]
    contracts?: Record<string, Record<string, { abi: unknown[]; evm: { bytecode: { object: string } } }>>
  }
  if (output.errors) throw new Error(output.errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  const { abi, evm } = output.contracts![path]![name]!
  return { abi, bytecode: `0x${evm.bytecode.object}` }
}

if (import.meta.main) {
  for (const name of Object.keys(CONTRACT_SOURCES) as ContractName[]) {
    const artefact = compileContract(name)
    writeFileSync(`src/contracts/${name}.json`, `${JSON.stringify(artefact)}\n`)
    console.log(`${name}: ${(artefact.bytecode.length - 2) / 2} bytes`)
  }
}
