import { compared, orderOf, type Result, type ValidationCase } from "../../case.ts"
import { type DiscMechanics, discMechanics } from "../disc-mechanics.ts"
import { discMesh } from "../disc-mesh.ts"
import { delayedDamage, type Inclusion, interfaceState, onsetShrinkage, wornDamage } from "./solution.ts"

const problem: Inclusion = {
  dimension: 2,
  radius: 5e-6,
  outerRadius: 6e-6,
  inclusion: { young: 140e9, poisson: 0.3 },
  matrix: { young: 2e9, poisson: 0.3 },
  cohesion: { stiffness: 3e18, strength: 300e6, fractureEnergy: 0.4, mixity: 1, delay: 20 },
}

const discretised = (rings: number, { radius, outerRadius, inclusion, matrix, cohesion }: Inclusion = problem) =>
  discMechanics(discMesh({ radius, outer: outerRadius, rings }), inclusion, matrix, cohesion)

/** Surface means of normal traction and opening after a uniform shrinkage. */
const found = (mechanics: DiscMechanics, shrinkage: number, step: number) => {
  const state = mechanics.solve(new Float64Array(mechanics.solid.count).fill(-3 * shrinkage), step)
  const { pairs } = mechanics
  let [area, traction, opening, damage] = [0, 0, 0, 0]
  for (let pair = 0; pair < pairs.count; pair++) {
    area += pairs.weight[pair]
    traction += pairs.weight[pair] * state.traction[2 * pair]
    opening += pairs.weight[pair] * state.opening[2 * pair]
    damage += pairs.weight[pair] * state.damage[pair]
  }
  return { traction: traction / area, opening: opening / area, damage: damage / area }
}

/** Mean damage after holding a shrinkage for some time in equal steps; the first answer, at once, is elastic. */
const held = (mechanics: DiscMechanics, shrinkage: number, end: number, steps: number): number => {
  const { pairs } = mechanics
  const volumeChange = new Float64Array(mechanics.solid.count).fill(-3 * shrinkage)
  let state = mechanics.after(volumeChange, mechanics.rest(), 0)
  for (let k = 0; k < steps; k++) state = mechanics.after(volumeChange, state, end / steps)
  const area = pairs.weight.reduce((sum, weight) => sum + weight, 0)
  return state.damage.reduce((sum, damage, pair) => sum + damage * pairs.weight[pair], 0) / area
}

const tiring: Inclusion = { ...problem, cohesion: { ...problem.cohesion, fatigueLoss: 0.3, endurance: 0.25 } }

/** Mean damage after loadings to a shrinkage and back. @param duration and steps of each way [s] */
const worn = (mechanics: DiscMechanics, top: number, loadings: number, duration: number, steps: number): number => {
  const { pairs, solid } = mechanics
  const at = (shrinkage: number): Float64Array => new Float64Array(solid.count).fill(-3 * shrinkage)
  let state = mechanics.rest()
  for (let loading = 0; loading < loadings; loading++) {
    for (let k = 1; k <= steps; k++) state = mechanics.after(at((top * k) / steps), state, duration / steps)
    for (let k = steps - 1; k >= 0; k--) state = mechanics.after(at((top * k) / steps), state, duration / steps)
  }
  const area = pairs.weight.reduce((sum, weight) => sum + weight, 0)
  return state.damage.reduce((sum, damage, pair) => sum + damage * pairs.weight[pair], 0) / area
}

export const validationCase: ValidationCase = {
  name: "analytic/shrinking-inclusion",
  title: "Shrinking disc in a held ring with a cohesive interface (Lamé)",
  reference: "Timoshenko & Goodier (1970) §28, with interface stiffness in series",
  tier: "fast",
  run: (): Result[] => {
    const onset = onsetShrinkage(problem)
    const elastic = interfaceState(problem, 0.9 * onset)
    const squeezed = interfaceState(problem, -0.5 * onset)
    const meshes = [20, 40, 80].map((rings) => discretised(rings))
    const fine = meshes[1]
    const states = meshes.map((mechanics) => found(mechanics, 0.9 * onset, 1))
    const errors = states.map(({ traction }) => Math.abs(traction / elastic.traction - 1))
    const compressed = found(fine, -0.5 * onset, 1)
    const damaged = found(fine, 1.1 * onset, 40)
    const [coarse] = meshes
    const overTime = [5, 10, 20].map((steps) => held(coarse, 1.1 * onset, 40, steps))
    const softened = interfaceState(problem, 1.1 * onset, damaged.damage)
    return [
      compared("traction at 0.9 of the strength", elastic.traction, states[1].traction, 2e-3, "Pa"),
      orderOf("traction", 2, errors),
      compared("opening at 0.9 of the strength", elastic.opening, states[1].opening, 2e-3, "m"),
      compared("contact pressure of a swelling disc", squeezed.traction, compressed.traction, 2e-3, "Pa"),
      compared("opening past the strength, at the damage reached", softened.opening, damaged.opening, 5e-3, "m"),
      compared(
        "damage after 40 s at 1.1 of the onset (τ = 20 s)",
        delayedDamage(problem, () => 1.1 * onset, [40])[0],
        overTime[2],
        5e-3,
        "",
      ),
      compared(
        "damage by wear after three loadings to 0.5 of the onset, 60 s each way",
        wornDamage(tiring, 0.5 * onset, 3, 60)[2],
        worn(discretised(20, tiring), 0.5 * onset, 3, 60, 40),
        1e-3,
        "",
      ),
      orderOf("damage in time, steps of 8, 4 and 2 s", 2, [overTime[0] - overTime[1], overTime[1] - overTime[2]]),
    ]
  },
}
