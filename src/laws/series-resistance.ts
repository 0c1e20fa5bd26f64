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

/** Change of z after which a straight line gives I to rounding: what it leaves out is of the change squared. */
const smallChange = 1e-7

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

  /** Leaves I and I′ at the root, which is returned, in `reduced`. */
  const solve = (target: number, weight: number): number => {
    if (target === 0 || weight === 0) {
      rate.evaluateInto(target, reduced)
      return target
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
        if (Math.abs(next - z) <= 1e-15 * Math.abs(z)) return z
        next = (near + far) / 2
        enough = 1e-15
      }
      const change = Math.abs(next - z)
      z = next
      if (change <= enough * Math.abs(z)) break
    }
    rate.evaluateInto(z, reduced)
    return z
  }

  /** Newton from a guess, as far as it runs straight to the root; false where it does not. */
  const solveNear = (target: number, weight: number, memory: Float64Array, at: number): boolean => {
    let z = memory[at]
    if (target === 0 || weight === 0 || !Number.isFinite(z)) return false
    if (Number.isFinite(memory[at + 1])) {
      reduced[0] = memory[at + 1]
      reduced[1] = memory[at + 2]
    } else rate.evaluateInto(z, reduced)
    for (let iteration = 0; iteration < 6; iteration++) {
      const change = (target - z - weight * reduced[0]) / (1 + weight * reduced[1])
      z += change
      if (Math.abs(change) <= smallChange) {
        reduced[0] += reduced[1] * change
        memory[at] = z
        memory[at + 1] = reduced[0]
        memory[at + 2] = reduced[1]
        return true
      }
      if (!(z / target >= 0 && z / target <= 1)) return false
      rate.evaluateInto(z, reduced)
    }
    return false
  }

  /** From I and I′ in `reduced`. */
  const answer = (exchange: number, resistance: number, out: Float64Array): void => {
    const current = exchange * reduced[0]
    const conductance = exchange * perVolt * reduced[1]
    const share = 1 / (1 + resistance * conductance)
    out[0] = current
    out[1] = conductance * share
    out[2] = reduced[0] * share
    out[3] = -current * conductance * share
  }

  return {
    evaluateInto: (exchange, driving, resistance, out) => {
      solve(driving * perVolt, exchange * resistance * perVolt)
      answer(exchange, resistance, out)
    },
    evaluateNearInto: (exchange, driving, resistance, memory, at, out) => {
      const target = driving * perVolt
      const weight = exchange * resistance * perVolt
      if (!solveNear(target, weight, memory, at)) {
        memory[at] = solve(target, weight)
        memory[at + 1] = reduced[0]
        memory[at + 2] = reduced[1]
      }
      answer(exchange, resistance, out)
    },
  }
}
