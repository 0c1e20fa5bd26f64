import fc from "fast-check"

/**
 * Properties try the same cases in every run, so that a failure is the change's own. `npm run properties` looks
 * further: new cases each time, many more of them; it prints the seed of whatever it finds.
 */
const looksFurther = process.env.MODE === "properties"

fc.configureGlobal(looksFurther ? { numRuns: 2000 } : { seed: 20220428 })
