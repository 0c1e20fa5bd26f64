import fc from "fast-check"

/**
 * Properties try the same cases in every run, so that a failure is the change's own. `npm run properties` looks
 * further (see `test/properties.ts`): new cases each time, many more of them; it prints the seed of whatever it finds.
 */
const { PROPERTY_RUNS: runs, PROPERTY_SEED: seed, PROPERTY_PATH: path } = process.env

fc.configureGlobal(
  runs === undefined || seed === undefined
    ? { seed: 20220428 }
    : { numRuns: Number(runs), seed: Number(seed), ...(path === undefined ? {} : { path }) },
)
