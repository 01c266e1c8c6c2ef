/**
 * All tables, by name. Each room adds its own from its `store.ts`:
 * `declare module '../foundation/tables.ts' { interface Tables { work: WorkTable } }`.
 */
// oxlint-disable-next-line no-empty-object-type -- rooms fill this interface by declaration merging.
export interface Tables {}
