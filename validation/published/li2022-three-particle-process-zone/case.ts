import type { Result, ValidationCase } from "../../case.ts"
import { type Cycled, cycled } from "../cycling.ts"
import { evolutionRows } from "../evolution.ts"
import { refinedRows } from "../refinement.ts"
import { atLeast, chargedIn, cyclesOf, damagedIn, firstOf, judged, lastOf, rising, soundness } from "../rows.ts"

const twin = "li2022-three-particle-process-zone"
const scenario = "li2022-fixed-charge"
const frozenContact = "materials.interface.contact-resistance={law: frozen, closed: 1e-3 ohm m^2, reference-gap: 1 nm}"
const swap = "geometry.cuts[0].particles=[{particle: 1, share: 30 %}, {particle: 3, share: 75 %}]"

const spreads = (run: Cycled): string =>
  cyclesOf(run)
    .map(({ spreadCharge }) => spreadCharge.toFixed(3))
    .join(", ")

export const validationCase: ValidationCase = {
  name: "published/li2022-three-particle-process-zone",
  title: "Three particles whose tears release the fracture energy: the same on finer meshes",
  reference: "Li et al. (2022), Science 376, 517, Fig. 3; the same run refined; controls",
  tier: "long",
  run: async (): Promise<Result[]> => {
    const again = (...set: readonly string[]): Promise<Cycled> => cycled({ twin, scenario, set })
    const fixed = await again()
    const tighter = await again("solver.tolerance=5e-4")
    const refined = await again("mesh.interface-length=0.25 um")
    const wider = await again("materials.interface.cohesion.process-zone=0.9 um")
    const frozen = await again(frozenContact)
    const swapped = await again(swap)
    const remaining = lastOf(frozen).spreadCharge / firstOf(frozen).spreadCharge
    return [
      ...evolutionRows({ fixed }),
      ...refinedRows("a quarter of the time tolerance", fixed, tighter),
      ...refinedRows("mesh 0.25 µm", fixed, refined),
      judged("reach of 0.9 µm in the place of 0.6 µm", wider.synchronisation, ["synchronises"]),
      atLeast("R does not feel the gap: spread, last over first", "does not contract", remaining, 0.9, spreads(frozen)),
      rising(
        "coverages swapped: lithium contents after the first charge, from the other end",
        "roles swap",
        chargedIn(swapped, 0).toReversed(),
      ),
      rising("coverages swapped: damage after the first cycle", "roles swap", damagedIn(swapped, 0)),
      ...soundness({ fixed, tighter, refined, wider, frozen, swapped }),
    ]
  },
}
