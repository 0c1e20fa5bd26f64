import type { Result, ValidationCase } from "../../case.ts"
import { type Cycled, cycled } from "../cycling.ts"
import { controlRows, evolutionRows, windowRows } from "../evolution.ts"
import { refinedRows } from "../refinement.ts"
import { soundness } from "../rows.ts"
import { evolutionRuns } from "../setups.ts"

const twin = "li2022-five-particle"
/** The longer column takes longer to come into step; a mesh a little coarser than the shipped one. */
const longer = ["mesh.interface-length=0.5 um", "cycle.repeat=15"]
const swap = "geometry.cuts[0].particles=[{particle: 1, share: 20 %}, {particle: 5, share: 80 %}]"

const circles = [5.5, 16.5, 27.5, 38.5, 49.5].map((y) => `{kind: circle, centre: [5.5 um, ${y} um], radius: 5 um}`)

/**
 * Side gaps of half a ligament, as with three particles, and the same charge at 3C: five particles then ask for the
 * current of three at 5C, which the electrolyte of so narrow a column can carry.
 */
const alike = [
  "geometry.width=11 um",
  "geometry.height=55 um",
  `geometry.particles=[${circles.join(", ")}]`,
  `cycle.steps=[${[
    "Charge at 3C for 720 seconds or until 5.1 V",
    "Rest for 2 minutes",
    "Discharge at 3C for 720 seconds or until 2.5 V",
    "Rest for 2 minutes",
  ].join(", ")}]`,
]

const alikeRows = (fixed: Cycled): Result[] =>
  evolutionRows({ fixed }).map((row) => ({ ...row, quantity: `mechanically alike, 3C: ${row.quantity}` }))

export const validationCase: ValidationCase = {
  name: "published/li2022-five-particle",
  title: "Five particles from asynchronous to synchronous, with controls",
  reference: "Li et al. (2022), Science 376, 517, Fig. S4; controls",
  tier: "long",
  run: async (): Promise<Result[]> => {
    const runs = await evolutionRuns(twin, swap, longer)
    const variant = await cycled({ twin, scenario: "li2022-fixed-charge", set: [...longer, ...alike] })
    const refined = await cycled({ twin, scenario: "li2022-fixed-charge", set: ["cycle.repeat=15"] })
    return [
      ...evolutionRows(runs),
      ...refinedRows("mesh 0.4 µm", runs.fixed, refined),
      ...alikeRows(variant),
      ...windowRows(runs),
      ...controlRows(runs),
      ...soundness({ ...runs, alike: variant, refined }),
    ]
  },
}
