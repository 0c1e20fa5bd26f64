import { fileURLToPath } from "node:url"
import fc from "fast-check"
import { it } from "vitest"
import { type Counterexample, counterexampleText, savedCounterexample, type Written } from "./counterexample.ts"
import type { Finding } from "./invariants.ts"

/** Something that holds for every twin of an arbitrary. @typeParam Twin a generator's record */
export interface TwinProperty<Twin> {
  readonly name: string
  readonly twins: fc.Arbitrary<Twin>
  /** A twin as files that `synchrode run` takes */
  readonly files: Written<Twin>
  /** What is wrong with a twin; undefined where the property holds. `fc.pre` leaves a twin out. */
  readonly finding: (twin: Twin) => Finding | Promise<Finding>
  /** How many of 200 cases it tries, all if not given: fewer where one costs more than a simulation */
  readonly cases?: number
  /** How many `npm test` tries, if not `cases` */
  readonly casesInTest?: number
}

/** Where counterexamples are left. */
const shelf = fileURLToPath(new URL("../../runs/counterexamples/", import.meta.url))

/**
 * Tries a property; what fails is shrunk, and its smallest form saved as files that `synchrode run` takes.
 * @param folder     counterexamples are left below it
 * @param parameters seed, runs and path, where they are not those of the whole test run
 * @throws with the finding, the folder of the counterexample and the command that replays it
 */
export const tryProperty = async <Twin>(
  { name, twins, files, finding }: TwinProperty<Twin>,
  parameters: fc.Parameters<[Twin]> = {},
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
      const counterexample: Counterexample<Twin> = {
        property: name,
        twin: details.counterexample[0],
        finding: details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance),
        seed: details.seed,
        path: details.counterexamplePath ?? "",
        tried: details.numRuns,
        shrunk: details.numShrinks,
      }
      throw new Error(counterexampleText(counterexample, savedCounterexample(counterexample, files, folder)))
    },
  })
}

/** Cases of which a property tries its share. */
const wholeCases = 200

/** Long enough for the smallest form to be found on a slow machine [ms] */
const patience = 900_000

/**
 * A test that tries a property. `npm run properties -- --runs N` tries N twins where `cases` is {@link wholeCases}, and in
 * proportion where it is less.
 */
export const itHolds = <Twin>(property: TwinProperty<Twin>): void => {
  const { cases = wholeCases, casesInTest = cases } = property
  const { numRuns: asked } = fc.readConfigureGlobal()
  const numRuns = asked === undefined ? casesInTest : Math.max(1, Math.round((asked * cases) / wholeCases))
  it(property.name, () => tryProperty(property, { numRuns }), asked === undefined ? patience : 0)
}
