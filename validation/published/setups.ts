import { type Cycled, cycled } from "./cycling.ts"
import type { EvolutionRuns } from "./evolution.ts"

const everywhereHigh = "geometry.cuts[0].right=high"

/** The interface taken point by point, without wear, as in the independent solution. */
export const pointByPoint = [
  "materials.interface.cohesion.process-zone=0 um",
  "materials.interface.cohesion.fatigue-loss=0 %",
] as const

/** Settings of the controls, as one would type them after --set. */
const controls = {
  bare: ["formation.steps=[Rest for 1 second]"],
  untiring: ["materials.interface.cohesion.fatigue-loss=0 %"],
  homogeneous: [everywhereHigh],
  unhindered: [
    everywhereHigh,
    "model.mechanics=false",
    "materials.electrolyte.transport.conductivity=1000 S/m",
    "materials.electrolyte.transport.diffusivity=1e-6 m^2/s",
    "cycle.repeat=4",
  ],
  still: ["model.mechanics=false"],
  frozen: ["materials.interface.contact-resistance={law: frozen, closed: 1e-3 ohm m^2, reference-gap: 1 nm}"],
} as const

/**
 * Runs a layout under both protocols and with every control, one after the other.
 * @param swap  setting that covers the particles from the other end
 * @param set   settings of all runs, such as the mesh
 */
export const evolutionRuns = async (
  twin: string,
  swap: string,
  set: readonly string[] = [],
): Promise<EvolutionRuns> => {
  const run = (scenario: string, more: readonly string[] = []): Promise<Cycled> =>
    cycled({ twin, scenario, set: [...set, ...more] })
  const charge = "li2022-fixed-charge"
  return {
    fixed: await run(charge),
    window: await run("li2022-voltage-window"),
    untiring: await run("li2022-voltage-window", controls.untiring),
    bare: await run("li2022-voltage-window", controls.bare),
    homogeneous: await run(charge, controls.homogeneous),
    unhindered: await run(charge, controls.unhindered),
    still: await run(charge, controls.still),
    frozen: await run(charge, controls.frozen),
    swapped: await run(charge, [swap]),
  }
}
