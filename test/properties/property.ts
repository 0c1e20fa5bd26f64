import { fileURLToPath } from "node:url"
import fc from "fast-check"
import { it } from "vitest"
import type { SmallTwin } from "../arbitrary/small-twin.ts"
import { type Counterexample, counterexampleText, savedCounterexample } from "./counterexample.ts"
import type { Finding } from "./invariants.ts"

/** Something that holds for every twin of an arbitrary. */
export interface TwinProperty {
  readonly name: string
  readonly twins: fc.Arbitrary<SmallTwin>
  /** What is wrong with a twin; undefined where the property holds. `fc.pre` leaves a twin out. */
  readonly finding: (twin: SmallTwin) => Finding | Promise<Finding>
  /** How many twins `npm test` tries, 200 if not given: fewer where one costs more than a simulation */
  readonly cases?: number
}

/** Where counterexamples are left. */
const shelf = fileURLToPath(new URL("../../runs/counterexamples/", import.meta.url))

/**
 * Tries a property; what fails is shrunk, and its smallest form saved as files that `synchrode run` takes.
 * @param folder     counterexamples are left below it
 * @param parameters seed, runs and path, where they are not those of the whole test run
 * @throws with the finding, the folder of the counterexample and the command that replays it
 */
export const tryProperty = async (
  { name, twins, finding }: TwinProperty,
  parameters: fc.Parameters<[SmallTwin]> = {},
  folder = shelf,
): Promise<void> => {
  let shrinking = false
  const failing = fc.asyncProperty(twins, async (twin) => {
    const found = await finding(twin)
    if (found === undefined) return
    if (!shrinking) console.log(`"${name}" does not hold: ${found}; making the twin smaller …`)
    shrinking = true
    throw new Error(found)
  })
  await fc.assert(failing, {
    ...parameters,
    asyncReporter: async (details) => {
      if (!details.failed) return
      if (details.counterexample === null) throw new Error(fc.defaultReportMessage(details))
      const counterexample: Counterexample = {
        property: name,
        twin: details.counterexample[0],
        finding: details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance),
        seed: details.seed,
        path: details.counterexamplePath ?? "",
        tried: details.numRuns,
        shrunk: details.numShrinks,
      }
      throw new Error(counterexampleText(counterexample, savedCounterexample(counterexample, folder)))
    },
  })
}

/** Cases that `npm test` tries where a property does not say how many. */
const casesInTest = 200

/** Long enough for the smallest form to be found on a slow machine [ms] */
const patience = 900_000

/**
 * A test that tries a property. `npm run properties -- --runs N` tries N twins where `npm test` tries {@link casesInTest},
 * and in proportion where it tries fewer.
 */
export const itHolds = (property: TwinProperty): void => {
  const { cases = casesInTest } = property
  const { numRuns: asked } = fc.readConfigureGlobal()
  const numRuns = asked === undefined ? cases : Math.max(1, Math.round((asked * cases) / casesInTest))
  it(property.name, () => tryProperty(property, { numRuns }), asked === undefined ? patience : 0)
}
