/** Limits on everything that comes from outside. Bytes, counts and milliseconds are named last. */
export const limits = {
  requestBodyBytesMax: 64 * 1024 * 1024,
  jsonBodyBytesMax: 1024 * 1024,
  jsonDepthMax: 32,
  fileBytesMax: 2 * 1024 * 1024 * 1024,
  picturePixelsMax: 100_000_000,
  pictureSideMax: 60_000,
  textBytesMax: 64 * 1024 * 1024,
  logEntryBytesMax: 65_535,
  statementBytesMax: 60_000,
  collectionItemsMax: 1_000_000,
  manifestBytesMax: 512 * 1024 * 1024,
  fetchBytesMax: 20 * 1024 * 1024,
  fetchTimeoutMs: 10_000,
  fetchRedirectsMax: 3,
  hitsPerWorkMax: 200,
  insertParametersMax: 30_000,
} as const
