import { failureOpening } from "../../../src/laws/cohesion.ts"
import type { CohesiveLaw } from "../../../src/laws/contracts.ts"
import { bounded, compared, type Result, type ValidationCase } from "../../case.ts"
import { discMechanics } from "../disc-mechanics.ts"
import { discMesh } from "../disc-mesh.ts"
import { cohesivePoint } from "./point.ts"

/** The paper's interface, without delay. */
const law: CohesiveLaw = { stiffness: 3e18, strength: 300e6, fractureEnergy: 0.4, mixity: 1, delay: 0 }
const failure = failureOpening(law)

/** Work of a straight pull to twice the failure opening [J/m²]. @param angle from the normal [rad] */
const workOfPull = (angle: number, own: CohesiveLaw = law, duration = 1): number => {
  const point = cohesivePoint(own)
  point.moveTo(2 * failure * Math.cos(angle), 2 * failure * Math.sin(angle), 20_000, duration)
  return point.work()
}

/** A bond so ductile that it softens without a jump between stiff bodies. */
const ductile: CohesiveLaw = { ...law, fractureEnergy: 40 }

/** Interface work per area of a disc that shrinks off its ring [J/m²]. */
const workOfShrinkage = (rings: number, steps: number): number => {
  const stiff = { young: 140e9, poisson: 0.3 }
  const mechanics = discMechanics(discMesh({ radius: 5e-6, outer: 6e-6, rings }), stiff, stiff, ductile)
  const { pairs } = mechanics
  const shrinkage = (1.3 * failureOpening(ductile)) / 5e-6
  let state = mechanics.rest()
  let work = 0
  for (let k = 1; k <= steps; k++) {
    const next = mechanics.after(new Float64Array(mechanics.solid.count).fill((-3 * shrinkage * k) / steps), state, 1)
    for (let at = 0; at < next.opening.length; at++)
      work +=
        pairs.weight[at >> 1] * ((state.traction[at] + next.traction[at]) / 2) * (next.opening[at] - state.opening[at])
    state = next
  }
  if (Math.min(...state.damage) < 1) throw new Error("the disc still holds")
  return work / pairs.weight.reduce((sum, weight) => sum + weight, 0)
}

export const validationCase: ValidationCase = {
  name: "analytic/cohesive-pull",
  title: "A cohesive point and a whole interface pulled to failure",
  reference: "Camanho & Dávila (2002), NASA/TM-2002-211737: the area under the law is G_c",
  tier: "fast",
  run: (): Result[] => {
    const point = cohesivePoint(law)
    const turn = failure / 4
    point.moveTo(turn, 0, 1000)
    const [damage, traction] = [point.damage(), point.traction[0]]
    point.moveTo(turn / 2, 0, 1000)
    const halfway = point.traction[0]
    point.moveTo(0, 0, 1000)
    point.moveTo(-turn, 0, 1000)
    point.moveTo(0.999 * turn, 0, 3000)
    const healed = damage - point.damage()
    point.moveTo(2 * failure, 0, 20_000)
    const left = point.traction[0]
    const whole = point.work()
    point.moveTo(-1e-10, 0, 1000)
    const energy = law.fractureEnergy
    return [
      compared("work of a normal pull to failure", energy, workOfPull(0), 1e-2, "J/m²"),
      compared("work of a shear pull to failure", energy, workOfPull(Math.PI / 2), 1e-2, "J/m²"),
      compared("work of a mixed pull to failure", energy, workOfPull(0.6), 1e-2, "J/m²"),
      compared(
        "work of a slow pull with delayed damage (τ = 20 s)",
        energy,
        workOfPull(0, { ...law, delay: 20 }, 1e6),
        1e-2,
        "J/m²",
      ),
      bounded("damage undone by unloading, closing and reloading", Math.abs(healed), 0),
      compared("traction half-way back, on the line to the origin", traction / 2, halfway, 1e-9, "Pa"),
      compared("work of the whole path, unloading included", energy, whole, 1e-2, "J/m²"),
      bounded("traction left after failure, over the strength", left / law.strength, 1e-5),
      compared("contact pressure after failure", -1e-10 * law.stiffness, point.traction[0], 1e-9, "Pa"),
      compared("work per area of a disc that shrinks off its ring", 40, workOfShrinkage(10, 200), 1e-2, "J/m²"),
    ]
  },
}
