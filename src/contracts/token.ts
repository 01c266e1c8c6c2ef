import { ERC20, createContract } from 'micro-eth-signer/abi.js'
import { ColophonError } from '../foundation/index.ts'
import { bytesOf, hexOf } from './abi.ts'
import type { Chain, Hex } from './chain.ts'

const methods = createContract(ERC20 as never) as unknown as Record<
  'allowance' | 'balanceOf' | 'approve',
  { encodeInput(input: unknown): Uint8Array; decodeOutput(bytes: Uint8Array): unknown }
>

/** Lets a contract take exactly so much of the sender's tokens. Errors: `state_not_allowed` when there are fewer. */
export async function allowExactly(chain: Chain, token: Hex, spender: Hex, amount: bigint): Promise<void> {
  const ask = async (data: Uint8Array) =>
    bytesOf(await chain.ask<Hex>('eth_call', [{ to: token, data: hexOf(data) }, 'latest']))
  const owner = chain.sender()
  const balance = methods.balanceOf.decodeOutput(await ask(methods.balanceOf.encodeInput(owner))) as bigint
  if (balance < amount)
    throw new ColophonError('state_not_allowed', `the sender has ${balance} units, and ${amount} are asked for`, {
      where: token,
    })
  const allowed = methods.allowance.decodeOutput(await ask(methods.allowance.encodeInput({ owner, spender }))) as bigint
  if (allowed === amount) return
  await chain.send({ to: token, data: hexOf(methods.approve.encodeInput({ spender, value: amount })) })
}
