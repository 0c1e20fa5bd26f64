import type { Result, ValidationCase } from "../../case.ts"
import { type Cycled, cycled } from "../cycling.ts"
import { controlRows, evolutionRows, windowRows } from "../evolution.ts"
import { refinedRows } from "../refinement.ts"
import { beside, cyclesOf, firstOf, lastOf, relativeSpread, soundness } from "../rows.ts"
import { evolutionRuns } from "../setups.ts"

const twin = "li2022-three-particle"
const swap = "geometry.cuts[0].particles=[{particle: 1, share: 30 %}, {particle: 3, share: 75 %}]"

/** Spread at end of charge over ten cycles of an independent solution of the same model (gmsh, Python, BDF2). */
const independent = [0.087, 0.076, 0.066, 0.056, 0.047, 0.038, 0.033, 0.03, 0.029, 0.026]

/** Beside the independent solution; a tenth of the first spread is allowed in any cycle. */
const independentRows = (fixed: Cycled): Result[] => {
  const [firstVoltage, lastVoltage] = [fixed.endVoltage[0], fixed.endVoltage[fixed.endVoltage.length - 4]]
  return [
    ...independent.map((reference, index) =>
      beside(
        `spread at end of charge ${index + 1}`,
        reference,
        cyclesOf(fixed)[index]?.spreadCharge ?? Number.NaN,
        independent[0] / 10,
      ),
    ),
    beside("voltage at end of charge 1 [V]", 4.37, firstVoltage, 0.02),
    beside("voltage at end of charge 10 [V]", 4.76, lastVoltage, 0.05),
    beside("spread of damage over its mean after cycle 1", 1.7, relativeSpread(firstOf(fixed)), 0.2),
    beside("spread of damage over its mean after cycle 10", 0.5, relativeSpread(lastOf(fixed)), 0.1),
  ]
}

export const validationCase: ValidationCase = {
  name: "published/li2022-three-particle",
  title: "Three particles from asynchronous to synchronous, with controls",
  reference: "Li et al. (2022), Science 376, 517, Fig. 3; an independent solution of the same model; controls",
  tier: "long",
  run: async (): Promise<Result[]> => {
    const runs = await evolutionRuns(twin, swap)
    const again = (set: readonly string[]): Promise<Cycled> => cycled({ twin, scenario: "li2022-fixed-charge", set })
    const tighter = await again(["solver.tolerance=5e-4"])
    const refined = await again(["solver.tolerance=5e-4", "mesh.interface-length=0.25 um"])
    return [
      ...evolutionRows(runs),
      ...independentRows(runs.fixed),
      ...windowRows(runs),
      ...controlRows(runs),
      ...refinedRows("a quarter of the time tolerance", runs.fixed, tighter),
      ...refinedRows("mesh 0.25 µm and a quarter of the time tolerance", runs.fixed, refined),
      ...soundness({ ...runs, tighter, refined }),
    ]
  },
}
