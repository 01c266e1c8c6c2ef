/** The chain of `colophon chain dev`, and keys that it gives money to; everybody knows them. */
export { DEV_KEY as ANVIL_KEY, startDevChain as startAnvil, type DevChain as Anvil } from '../../src/contracts/index.ts'

export const ANVIL_OTHER_KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
export const ANVIL_THIRD_KEY = '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a'
