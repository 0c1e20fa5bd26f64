import { faraday, gasConstant } from "./constants.ts"
import type { ChargeTransfer } from "./contracts.ts"

/** Current of a reaction divided by its exchange current, against z = F η/(R T). */
export interface ReducedRate {
  /**
   * Writes I(z), odd in sign and strictly increasing, and dI/dz.
   * @param out [2]
   */
  readonly evaluateInto: (overpotential: number, out: Float64Array) => void
  /**
   * A bound on |z| above which |I| exceeds the given magnitude; may be infinite.
   * @param sign of z, 1 or −1
   */
  readonly bound: (sign: number, magnitude: number) => number
}

/**
 * Charge transfer i = i₀ I(F (driving − i R)/(R_g T)) solved for i at every point: with ρ = F R i₀/(R_g T) and
 * v = F driving/(R_g T) it is h(z) = z + ρ I(z) − v = 0. h increases, so the root lies between 0 and v and is found by
 * Newton from the far end of that bracket, monotone where I is convex (Butler–Volmer with α = ½), bisected elsewhere.
 * The slopes are those of the implicit function: with G = i₀ F I′/(R_g T),
 *   ∂i/∂driving = G/(1 + R G), ∂i/∂i₀ = I/(1 + R G), ∂i/∂R = −i G/(1 + R G).
 * Allocates nothing when evaluated.
 * @param temperature [K]
 * @source contact resistance in the overpotential: Li et al. (2022), Science 376, 517, supplement
 */
export const withSeriesResistance = (rate: ReducedRate, temperature: number): ChargeTransfer => {
  const perVolt = faraday / (gasConstant * temperature)
  const reduced = new Float64Array(2)

  /** Leaves I and I′ at the root in `reduced`. */
  const solve = (target: number, weight: number): void => {
    if (target === 0 || weight === 0) {
      rate.evaluateInto(target, reduced)
      return
    }
    const sign = target > 0 ? 1 : -1
    let near = 0
    let far = target
    let z = sign * Math.min(Math.abs(target), rate.bound(sign, Math.abs(target) / weight))
    for (let iteration = 0; iteration < 100; iteration++) {
      rate.evaluateInto(z, reduced)
      const residual = z + weight * reduced[0] - target
      if (residual * sign > 0) far = z
      else near = z
      let next = z - residual / (1 + weight * reduced[1])
      // Newton's error after a step is at most about half its square: the next step would be round-off.
      let enough = 1e-8
      if (!((next - near) * (next - far) < 0)) {
        // Outside the bracket: either round-off at the root, or the reduced rate is not convex here
        if (Math.abs(next - z) <= 1e-15 * Math.abs(z)) return
        next = (near + far) / 2
        enough = 1e-15
      }
      const change = Math.abs(next - z)
      z = next
      if (change <= enough * Math.abs(z)) break
    }
    rate.evaluateInto(z, reduced)
  }

  return {
    evaluateInto: (exchange, driving, resistance, out) => {
      solve(driving * perVolt, exchange * resistance * perVolt)
      const current = exchange * reduced[0]
      const conductance = exchange * perVolt * reduced[1]
      const share = 1 / (1 + resistance * conductance)
      out[0] = current
      out[1] = conductance * share
      out[2] = reduced[0] * share
      out[3] = -current * conductance * share
    },
  }
}
