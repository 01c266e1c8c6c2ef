import { ColophonError, readConfig, systemEffects, toHex } from '../foundation/index.ts'
import { DEV_KEY, TermsContract, deployAnchor, logKey, openChain, startDevChain } from '../contracts/index.ts'
import { readLog } from './chainPlace.ts'
import { print, type ExitCode } from './command.ts'

/**
 * `chain dev`: a chain on this machine with both contracts on it, until it is stopped; prints what to set. For trying and
 * developing. Errors: those of `startDevChain`.
 */
export async function runDevChain(isJson: boolean | undefined): Promise<ExitCode> {
  const { url, ended, stop } = await startDevChain('--hardfork', 'osaka')
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())
  const chain = await openChain({ url, key: DEV_KEY, depth: 1 })
  const anchors = (await deployAnchor(chain)).contract
  const terms = (await TermsContract.deploy(chain, anchors, ownLog(), chain.sender())).contract
  const settings = {
    CHAIN_URL: url,
    CHAIN_KEY: DEV_KEY,
    CHAIN_CONTRACT: anchors,
    CHAIN_TERMS: terms,
    CHAIN_DEPTH: '1',
  }
  print(isJson, settings, [
    ...Object.entries(settings).map(([name, value]) => `export ${name}=${value}`),
    '# A chain of your own, until you stop this command; nothing of it is kept.',
  ])
  await ended
  return 0
}

/** The log of this data directory; without one, a name that no log has. */
function ownLog() {
  try {
    return logKey(readLog(readConfig(process.env)).vkey)
  } catch (error) {
    if (!(error instanceof ColophonError && error.code === 'unreadable_file')) throw error
    return logKey(toHex(systemEffects.randomBytes(32)))
  }
}
