import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import solc from 'solc'
import { CONTRACT_SOURCES, type ContractName } from '../src/contracts/index.ts'

/** The oldest level that networks of public bodies run. */
const EVM_VERSION = 'london'

interface Compiled {
  errors?: { formattedMessage: string }[]
  contracts?: Record<string, Record<string, { abi: unknown[]; evm: { bytecode: { object: string } } }>>
}

/** Compiles a contract: its interface and its code. Throws with the compiler's words, warnings included. */
export function compileContract(name: ContractName): { abi: unknown[]; bytecode: string } {
  return compileSource(CONTRACT_SOURCES[name], name)
}

/** The same of any source, by its path from the root of the project. */
export function compileSource(path: string, name: string): { abi: unknown[]; bytecode: string } {
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: 'Solidity',
        sources: { [path]: { content: readFileSync(path, 'utf8') } },
        settings: {
          evmVersion: EVM_VERSION,
          optimizer: { enabled: true, runs: 10_000 },
          viaIR: true,
          metadata: { bytecodeHash: 'none', appendCBOR: false },
          outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
        },
      }),
      { import: readImport },
    ),
  ) as Compiled
  if (output.errors) throw new Error(output.errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  const { abi, evm } = output.contracts![path]![name]!
  return { abi, bytecode: `0x${evm.bytecode.object}` }
}

/** A source that another one imports: ours, or of a package. */
function readImport(path: string): { contents: string } | { error: string } {
  try {
    if (path.startsWith('contracts/')) return { contents: readFileSync(path, 'utf8') }
    const [scope, name, ...rest] = path.split('/')
    const root = dirname(fileURLToPath(import.meta.resolve(`${scope}/${name}/package.json`)))
    return { contents: readFileSync(join(root, ...rest), 'utf8') }
  } catch {
    return { error: `there is no source ${path}` }
  }
}

if (import.meta.main) {
  for (const name of Object.keys(CONTRACT_SOURCES) as ContractName[]) {
    const artefact = compileContract(name)
    writeFileSync(`src/contracts/${name}.json`, `${JSON.stringify(artefact)}\n`)
    console.log(`${name}: ${(artefact.bytecode.length - 2) / 2} bytes`)
  }
}
