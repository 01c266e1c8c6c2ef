/**
 * Which rows a search passes over. It does so before it counts and cuts off what it looks at, so that rows nobody may find
 * keep no others from being found.
 */
export type HiddenRows = (row: number) => boolean

export const NONE_HIDDEN: HiddenRows = () => false
