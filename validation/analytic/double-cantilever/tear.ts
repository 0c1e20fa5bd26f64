import { cohesiveResponseInto, delayedDamageInto } from "../../../src/laws/cohesion.ts"
import { createDamageDrive, type DamageDrive } from "../../../src/model/resolved/damage-drive.ts"
import { bondedBeams } from "./pull.ts"
import type { DoubleCantilever } from "./solution.ts"

/** A tear at rest. */
export interface TearState {
  /** Distance of the loaded ends [m] */
  readonly opening: number
  /** P [N/m] */
  readonly load: number
  /** Notch and what of the bond is gone behind it [m] */
  readonly crack: number
}

/** Damage moves on by less than this in one round of a tear that has come to rest. */
const atRest = 1e-6
const mostRounds = 400

/**
 * Holds two beams at one opening after the other, each until the tear has come to rest: equilibrium at given damage, damage
 * one delay further, and again. Slow opening in the limit, so that what the tear takes per length is what its front resists
 * with.
 */
export const tear = (
  problem: DoubleCantilever,
  length: number,
  columns: number,
  rows: number,
  openings: readonly number[],
): readonly TearState[] => {
  const law = { ...problem.cohesion, delay: 1 }
  let damage: Float64Array = new Float64Array(0)
  let drive: DamageDrive | undefined
  const { pairs, along, opening, holdAt } = bondedBeams(problem, length, columns, rows, (made) => {
    damage = new Float64Array(made.count)
    drive = createDamageDrive(made, law)
    const traction = new Float64Array(made.count * 2)
    const tangent = new Float64Array(made.count * 4)
    const given = new Float64Array(made.count)
    return {
      traction,
      tangent,
      update: (at) => cohesiveResponseInto(law, 2, at, damage, given, traction, tangent),
    }
  })
  // The notch alone is no tear: what the front resists with is found behind a torn reach.
  along.forEach((place, pair) => {
    if (place < problem.crack + (law.processZone ?? 0)) damage[pair] = 1
  })
  const driving = new Float64Array(pairs.count)
  const next = new Float64Array(pairs.count)
  const slope = new Float64Array(pairs.count)
  return openings.map((wanted) => {
    for (let round = 0; ; round++) {
      if (round === mostRounds) throw new Error(`the tear does not come to rest at an opening of ${wanted} m`)
      const load = holdAt(wanted)
      drive!.setDamage(damage)
      drive!.drivingInto(opening, driving)
      delayedDamageInto(law, driving, damage, law.delay, next, slope)
      const moved = next.reduce((most, value, pair) => Math.max(most, value - damage[pair]), 0)
      damage.set(next)
      if (moved < atRest) {
        const gone = damage.reduce((sum, own, pair) => sum + own * pairs.weight[pair], 0)
        return { opening: wanted, load, crack: problem.crack + gone }
      }
    }
  })
}

/**
 * Energy per area that a tear has taken between two states at rest: work of the load less the energy stored, which is
 * half the load times the opening, over the length torn [J/m²].
 */
export const resistanceOf = (states: readonly TearState[]): number => {
  const work = states
    .slice(1)
    .reduce((sum, { opening, load }, k) => sum + ((load + states[k].load) / 2) * (opening - states[k].opening), 0)
  const [start, end] = [states[0], states[states.length - 1]]
  const stored = (end.load * end.opening - start.load * start.opening) / 2
  return (work - stored) / (end.crack - start.crack)
}
