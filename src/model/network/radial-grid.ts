import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"

/**
 * Shells of unit particles: of a particle of volume V and radius R, shell j holds share_j V, and lithium passes its outer
 * face at the rate D V/R² · conductance_j · (x_j − x_{j+1}), where x after the last shell is that of the surface.
 */
export interface RadialGrid {
  readonly shells: number
  /** 0 where all particles have the same shells, otherwise `shells` */
  readonly stride: number
  /** [particle or one, shell] share of the volume, innermost first */
  readonly share: Float64Array
  /** [particle or one, shell] of the outer face */
  readonly conductance: Float64Array
  /** [particle or one, shell] outer radius over R */
  readonly outerRadius: Float64Array
}

/** Outer radii of the default shells: 1 − (1 − j/M)^1.6, so that the outermost is the thinnest. */
const defaultShares = (shells: number, dimension: 2 | 3): Float64Array =>
  Float64Array.from({ length: shells }, (_, j) => {
    const radius = (face: number): number => 1 - (1 - face / shells) ** 1.6
    return radius(j + 1) ** dimension - radius(j) ** dimension
  })

/** Equivalent radius of a sphere, or of a circle where volumes are areas [m]. */
export const equivalentRadius = (dimension: 2 | 3, volume: number): number =>
  dimension === 3 ? Math.cbrt((3 * volume) / (4 * Math.PI)) : Math.sqrt(volume / Math.PI)

/**
 * Shells of a network's particles. Face conductances are those for which the parabola that a constant flux leaves behind,
 * x ∝ r², has its exact flux between shell means and at the surface: 2 n r_f^n / (⟨r²⟩_{j+1} − ⟨r²⟩_j) in n dimensions.
 * @param shells of particles for which the network names none
 * @throws RangeError where shares are not positive or do not add to one
 */
export const radialGrid = ({ dimension, particles }: ElectrodeNetwork, shells: number): RadialGrid => {
  const given = particles.shellShare
  const count = given ? (particles.shellCount ?? given.length / particles.count) : shells
  const share = given ?? defaultShares(count, dimension)
  const rows = share.length / count
  if (!Number.isInteger(rows) || (given && rows !== particles.count) || count < 2)
    throw new RangeError(`shellShare has ${share.length} entries for ${particles.count} particles of ${count} shells`)
  const conductance = new Float64Array(share.length)
  const outerRadius = new Float64Array(share.length)
  for (let row = 0; row < rows; row++) {
    let inside = 0
    let total = 0
    for (let j = 0; j < count; j++) {
      const own = share[row * count + j]
      if (!(own > 0)) throw new RangeError(`shellShare[${row * count + j}] is ${own}, expected more than 0`)
      total += own
    }
    if (Math.abs(total - 1) > 1e-6) throw new RangeError(`shell shares of particle ${row} add to ${total}, expected 1`)
    const meanSquare = new Float64Array(count + 1).fill(1)
    for (let j = 0; j < count; j++) {
      const outside = j === count - 1 ? 1 : inside + share[row * count + j]
      const power = (dimension + 2) / dimension
      meanSquare[j] = ((dimension / (dimension + 2)) * (outside ** power - inside ** power)) / (outside - inside)
      outerRadius[row * count + j] = outside ** (1 / dimension)
      inside = outside
    }
    for (let j = 0; j < count; j++)
      conductance[row * count + j] =
        (2 * dimension * outerRadius[row * count + j] ** dimension) / (meanSquare[j + 1] - meanSquare[j])
  }
  return { shells: count, stride: given ? count : 0, share, conductance, outerRadius }
}
