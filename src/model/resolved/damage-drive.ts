import { effectiveOpening, effectiveOpeningsInto } from "../../laws/cohesion.ts"
import type { CohesiveLaw } from "../../laws/contracts.ts"
import type { InterfacePairs } from "./interface-pairs.ts"

/** The opening that drives the damage of each pair, and how it follows the openings. */
export interface DamageDrive {
  /** Sets where the surface is torn. @param damage [pair] at the start of a step */
  readonly setDamage: (damage: Float64Array) => void
  /** Writes the driving opening. @param opening [pair, dimension] local frames [m] @param out [pair] [m] */
  readonly drivingInto: (opening: Float64Array, out: Float64Array) => void
  /**
   * Writes how the driving opening changes with the openings; absent where a pair's own opening alone drives it.
   * @param opening [pair, dimension] where it is asked
   * @param change  [pair, dimension] of the openings
   * @param out     [pair]
   */
  readonly changeInto?: (opening: Float64Array, change: Float64Array, out: Float64Array) => void
}

/** Each pair's own effective opening. */
const localDrive = (pairs: InterfacePairs, law: CohesiveLaw): DamageDrive => ({
  setDamage: () => {},
  drivingInto: (opening, out) => effectiveOpeningsInto(law, pairs.dimension, opening, out),
})

/** ∂δ/∂opening · change, with q = (⟨δ_n⟩, β² δ_t) over δ. */
const ownChangeInto = (
  { dimension, count }: InterfacePairs,
  law: CohesiveLaw,
  opening: Float64Array,
  change: Float64Array,
  out: Float64Array,
): void => {
  const tangential = law.mixity * law.mixity
  for (let pair = 0; pair < count; pair++) {
    const at = pair * dimension
    let sum = Math.max(0, opening[at]) * change[at]
    for (let row = 1; row < dimension; row++) sum += tangential * opening[at + row] * change[at + row]
    out[pair] = sum === 0 ? 0 : sum / effectiveOpening(law, dimension, opening, pair)
  }
}

/**
 * A process zone of stated reach ℓ in the place of the real one, which is far smaller than any mesh. Openings are averaged
 * along each particle's cohesive surface over what still holds,
 *   driving opening = Σ_j a_ij w_j (1 − d_j) δ_j / Σ_j a_ij w_j (1 − d_j), a = (1 − (r_ij/ℓ)²)² for r < ℓ,
 * so that K times it is the mean traction on the intact surface around a point, finite at the edge of a tear and the same
 * on finer meshes. Even tractions drive damage as without it. A tear then resists by more than (T_max/1.06)² ℓ/E*, which
 * is where damage begins at its edge, whatever the mesh, and not by the fracture energy of the point law. Damage on the right-hand side is that at the step's start.
 * @source G. Pijaudier-Cabot, Z. P. Bažant, J. Eng. Mech. 113 (1987) 1512 (averages with bell-shaped weights)
 */
const processZoneDrive = (pairs: InterfacePairs, law: CohesiveLaw, reach: number): Required<DamageDrive> => {
  const { count, dimension, cohesive } = pairs
  const { start, neighbour, bell } = neighbours(pairs, reach)
  const share = new Float64Array(neighbour.length)
  const own = new Float64Array(count)
  const average = (values: Float64Array, out: Float64Array): void => {
    for (let pair = 0; pair < count; pair++) {
      let sum = 0
      for (let at = start[pair]; at < start[pair + 1]; at++) sum += share[at] * values[neighbour[at]]
      out[pair] = sum
    }
  }
  return {
    setDamage: (damage) => {
      for (let pair = 0; pair < count; pair++) {
        let intact = 0
        for (let at = start[pair]; at < start[pair + 1]; at++) intact += bell[at] * (1 - damage[neighbour[at]])
        for (let at = start[pair]; at < start[pair + 1]; at++) {
          const other = neighbour[at]
          // Where nothing holds any more a pair's own opening counts.
          if (intact > 0) share[at] = (bell[at] * (1 - damage[other])) / intact
          else share[at] = other === pair ? 1 : 0
        }
      }
    },
    drivingInto: (opening, out) => {
      effectiveOpeningsInto(law, dimension, opening, own)
      average(own, out)
      for (let pair = 0; pair < count; pair++) if (cohesive[pair] === 0) out[pair] = own[pair]
    },
    changeInto: (opening, change, out) => {
      ownChangeInto(pairs, law, opening, change, own)
      average(own, out)
    },
  }
}

/** Cohesive pairs of the same particle within reach, themselves included, with a_ij w_j. */
const neighbours = ({ count, dimension, position, particle, cohesive, weight }: InterfacePairs, reach: number) => {
  const start = new Int32Array(count + 1)
  const neighbour: number[] = []
  const bell: number[] = []
  const byParticle = new Map<number, number[]>()
  for (let pair = 0; pair < count; pair++) {
    if (!cohesive[pair]) continue
    const list = byParticle.get(particle[pair])
    if (list) list.push(pair)
    else byParticle.set(particle[pair], [pair])
  }
  for (let pair = 0; pair < count; pair++) {
    for (const other of cohesive[pair] ? byParticle.get(particle[pair])! : []) {
      let square = 0
      for (let axis = 0; axis < dimension; axis++)
        square += (position[pair * dimension + axis] - position[other * dimension + axis]) ** 2
      const rest = 1 - square / (reach * reach)
      if (rest <= 0) continue
      neighbour.push(other)
      bell.push(rest * rest * weight[other])
    }
    start[pair + 1] = neighbour.length
  }
  return { start, neighbour: Int32Array.from(neighbour), bell: Float64Array.from(bell) }
}

/** What drives the damage of all pairs under a law. */
export const createDamageDrive = (pairs: InterfacePairs, law: CohesiveLaw): DamageDrive =>
  law.processZone ? processZoneDrive(pairs, law, law.processZone) : localDrive(pairs, law)
