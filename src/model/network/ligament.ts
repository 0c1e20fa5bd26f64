import { confinedModulus, moduli } from "../../laws/elasticity.ts"
import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
import { bothMatrices, type NetworkCellParameters } from "./parameters.ts"

/** How each patch is held: traction = stiffness · (own share of the mismatch − opening). */
export interface Ligaments {
  /** [patch] on carbon/binder [m²] */
  readonly cohesiveArea: Float64Array
  /** [patch] on the neighbour [m²] */
  readonly contactArea: Float64Array
  /** [patch] of carbon/binder and particle in series [Pa/m] */
  readonly stiffness: Float64Array
  /** [patch] of the particle alone, pressed on a neighbour [Pa/m] */
  readonly contactStiffness: Float64Array
  /** [patch] share of the mismatch that this end takes: ½ where a neighbour holds the other end, 1 at a border */
  readonly ownShare: Float64Array
}

/**
 * Stiffness of carbon/binder around a particle against uniform shrinkage, from the exact solution of a shell a < r < b
 * held at b = a + h in n dimensions (plane strain for n = 2):
 *   K = n M/(a ((b/a)^n − 1)) + 2(n − 1) G/a,
 * M = λ + 2G. A thin ligament gives M/h, a thick one the stiffness of a cavity, 4G/a or 2G/a.
 * @param thickness h, may be infinite [m]
 * @source S. P. Timoshenko, J. N. Goodier, Theory of Elasticity (1970), §28 and §136
 */
export const shellStiffness = (
  dimension: 2 | 3,
  confined: number,
  shear: number,
  radius: number,
  thickness: number,
): number => {
  const growth = Math.expm1(dimension * Math.log1p(thickness / radius))
  return (dimension * confined) / (radius * growth) + (2 * (dimension - 1) * shear) / radius
}

/**
 * Stiffness of a particle against a uniform pull at its surface: 3K/a for a sphere, 2(λ + G)/a in plane strain.
 * @source S. P. Timoshenko, J. N. Goodier, Theory of Elasticity (1970), §28 and §136
 */
const particleStiffness = (
  dimension: 2 | 3,
  { bulk, lambda, shear }: ReturnType<typeof moduli>,
  radius: number,
): number => (dimension === 3 ? (3 * bulk) / radius : (2 * (lambda + shear)) / radius)

/**
 * Ligaments of all patches. Between two particles each end is solved as if the other did as it does: it holds half the
 * ligament and takes half of what both shrink. At a border it holds the whole. Moduli are those of well and poorly
 * conducting carbon/binder by their shares.
 * @param radius [particle] [m]
 */
export const createLigaments = (
  { dimension, particles, patches }: ElectrodeNetwork,
  radius: Float64Array,
  parameters: NetworkCellParameters,
): Ligaments => {
  const { high, low } = bothMatrices(parameters)
  const active = moduli(parameters.active.elasticity)
  const [highShear, lowShear] = [moduli(high.elasticity).shear, moduli(low.elasticity).shear]
  const [highConfined, lowConfined] = [confinedModulus(high.elasticity), confinedModulus(low.elasticity)]
  const zeros = (): Float64Array => new Float64Array(patches.count)
  const ligaments = {
    cohesiveArea: zeros(),
    contactArea: zeros(),
    stiffness: zeros(),
    contactStiffness: zeros(),
    ownShare: zeros().fill(1),
  }
  for (let particle = 0; particle < particles.count; particle++)
    for (let patch = patches.start[particle]; patch < patches.start[particle + 1]; patch++) {
      const onBinder = patches.highShare[patch] + patches.lowShare[patch]
      const between = patches.neighbour[patch] >= 0
      const share = between ? 0.5 : 1
      ligaments.ownShare[patch] = share
      ligaments.cohesiveArea[patch] = patches.area[patch] * onBinder
      ligaments.contactArea[patch] = between ? patches.area[patch] * patches.contactShare[patch] : 0
      const own = particleStiffness(dimension, active, radius[particle])
      ligaments.contactStiffness[patch] = 1 / (1 / own + 1 / parameters.cohesion.stiffness)
      if (onBinder <= 0) continue
      const well = patches.highShare[patch] / onBinder
      const confined = well * highConfined + (1 - well) * lowConfined
      const shear = well * highShear + (1 - well) * lowShear
      const thickness = patches.ligament[patch]
      if (!(thickness >= 0)) throw new RangeError(`the ligament of patch ${patch} is ${thickness} m, expected ≥ 0`)
      const binder = shellStiffness(dimension, confined, shear, radius[particle], share * thickness)
      ligaments.stiffness[patch] = 1 / (1 / binder + 1 / own)
    }
  return ligaments
}
