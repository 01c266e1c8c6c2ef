import { chainGrantKind, chainRecordKind } from './contracts/index.ts'
import { disclosureKind } from './disclosure/index.ts'
import { trainingUseKind } from './gate/index.ts'
import { levyPlanKind, levyRunKind } from './levy/index.ts'
import { lineageStepKind } from './lineage/index.ts'
import { offerKind } from './offering/index.ts'
import {
  anchorKind,
  claimKind,
  collectionKind,
  itemWithdrawalKind,
  mandateKind,
  partyKind,
  workKind,
  type ManifestStore,
} from './register/index.ts'
import {
  answerKind,
  approvalKind,
  grantKind,
  labelKind,
  proposalKind,
  termsKind,
  useReportKind,
} from './rights/index.ts'
import { revocationKind, type StatementKind } from './statements/index.ts'

/** Every kind of statement that this node understands, in the order of the house. */
export function statementKinds(manifests: ManifestStore): StatementKind<never>[] {
  const kinds = [
    revocationKind,
    partyKind,
    mandateKind,
    workKind,
    collectionKind(manifests),
    itemWithdrawalKind,
    claimKind,
    anchorKind,
    termsKind,
    grantKind,
    proposalKind,
    answerKind,
    labelKind,
    approvalKind,
    useReportKind,
    offerKind,
    disclosureKind,
    trainingUseKind,
    lineageStepKind,
    levyPlanKind,
    levyRunKind,
    chainRecordKind,
    chainGrantKind,
  ]
  return kinds as unknown as StatementKind<never>[]
}
