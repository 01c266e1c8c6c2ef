import fc from 'fast-check'

/**
 * The seed of every property test: a fixed one, so that the same commit passes or fails the same way everywhere;
 * PROPERTY_SEED names another one, and `PROPERTY_SEED=random` looks for inputs that nobody has tried yet.
 */
const given = process.env.PROPERTY_SEED
if (given !== 'random') {
  const seed = Number(given ?? 2026)
  if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED is an integer or "random", not "${given}".`)
  fc.configureGlobal({ seed })
}
