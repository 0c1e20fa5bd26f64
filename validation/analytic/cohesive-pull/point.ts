import { cohesiveUpdateInto } from "../../../src/laws/cohesion.ts"
import type { CohesiveLaw } from "../../../src/laws/contracts.ts"

/** One cohesive point in the plane, led along a path of openings. */
export interface CohesivePoint {
  /** Normal and tangential traction [Pa] */
  readonly traction: Float64Array
  readonly damage: () => number
  /** ∫ t·dδ so far, by the trapezoidal rule [J/m²] */
  readonly work: () => number
  /** Moves straight to an opening in equal parts. @param duration of the whole way [s] */
  readonly moveTo: (normal: number, tangential: number, parts: number, duration?: number) => void
}

export const cohesivePoint = (law: CohesiveLaw): CohesivePoint => {
  const opening = new Float64Array(2)
  const traction = new Float64Array(2)
  const tangent = new Float64Array(4)
  const before = new Float64Array(1)
  const damage = new Float64Array(1)
  let work = 0
  return {
    traction,
    damage: () => damage[0],
    work: () => work,
    moveTo: (normal, tangential, parts, duration = 1) => {
      const [fromNormal, fromTangential] = opening
      for (let part = 1; part <= parts; part++) {
        const share = part / parts
        const [oldNormal, oldTangential] = opening
        const [pull, shear] = traction
        opening[0] = fromNormal + share * (normal - fromNormal)
        opening[1] = fromTangential + share * (tangential - fromTangential)
        before[0] = damage[0]
        cohesiveUpdateInto(law, 2, opening, before, duration / parts, traction, tangent, damage)
        work +=
          ((pull + traction[0]) / 2) * (opening[0] - oldNormal) +
          ((shear + traction[1]) / 2) * (opening[1] - oldTangential)
      }
    },
  }
}
