import { describe, expect, it } from "vitest"
import {
  delayedDamage,
  displacementAt,
  type Inclusion,
  interfaceState,
  monotoneTraction,
  onsetShrinkage,
  softensStably,
  stressAt,
} from "../../validation/analytic/shrinking-inclusion/solution.ts"

const cohesion = { stiffness: 3e18, strength: 300e6, fractureEnergy: 0.4, mixity: 1, delay: 20 }
const disc: Inclusion = {
  dimension: 2,
  radius: 5e-6,
  outerRadius: 5.5e-6,
  inclusion: { young: 140e9, poisson: 0.3 },
  matrix: { young: 2e9, poisson: 0.3 },
  cohesion,
}
const problems: readonly Inclusion[] = [disc, { ...disc, dimension: 3 }]

describe.each(problems)("shrinking inclusion, $dimension-D", (problem) => {
  const { radius, outerRadius, dimension } = problem
  const shrinkage = onsetShrinkage(problem) * 0.8
  const state = interfaceState(problem, shrinkage)

  it("reaches the strength at the onset, at a shrinkage of about 1.5 %", () => {
    const onset = interfaceState(problem, onsetShrinkage(problem))
    expect(onset.traction / cohesion.strength).toBeCloseTo(1, 12)
    expect(onset.opening / (cohesion.strength / cohesion.stiffness)).toBeCloseTo(1, 9)
    expect(onsetShrinkage(problem)).toBeGreaterThan(0.005)
    expect(onsetShrinkage(problem)).toBeLessThan(0.03)
  })
  it("fulfils equilibrium, Hooke's law and the boundary conditions", () => {
    expect(displacementAt(problem, state, outerRadius)).toBeCloseTo(0, 20)
    expect(displacementAt(problem, state, radius)).toBe(state.innerDisplacement)
    expect(state.traction / (cohesion.stiffness * state.opening)).toBeCloseTo(1, 6)
    expect(stressAt(problem, state, radius * (1 + 1e-12)).radial / state.traction).toBeCloseTo(1, 9)
    const { young, poisson } = problem.matrix
    const step = 1e-3 * (outerRadius - radius)
    for (const share of [0.1, 0.5, 0.9]) {
      const r = radius + share * (outerRadius - radius)
      const slope = (f: (r: number) => number) => (f(r + step) - f(r - step)) / (2 * step)
      const here = stressAt(problem, state, r)
      const radialSlope = slope((s) => stressAt(problem, state, s).radial)
      expect(radialSlope / (((1 - dimension) * (here.radial - here.hoop)) / r)).toBeCloseTo(1, 6)
      const axial = dimension === 2 ? poisson * (here.radial + here.hoop) : here.hoop
      const strain = (here.radial - poisson * (here.hoop + axial)) / young
      expect(slope((s) => displacementAt(problem, state, s)) / strain).toBeCloseTo(1, 5)
      const hoop = (here.hoop - poisson * (here.radial + axial)) / young
      expect(displacementAt(problem, state, r) / r / hoop).toBeCloseTo(1, 9)
    }
    // Inclusion: uniform in-plane stress and free strain −s give the hoop strain u/a
    const inclusion = problem.inclusion
    const { traction } = state
    const axial = dimension === 2 ? 2 * inclusion.poisson * traction + inclusion.young * shrinkage : traction
    const strain = (traction - inclusion.poisson * (traction + axial)) / inclusion.young - shrinkage
    expect(state.innerDisplacement / radius / strain).toBeCloseTo(1, 9)
  })
  it("opens freely when broken and closes under swelling", () => {
    const open = interfaceState(problem, shrinkage, 1)
    expect(open.traction).toBe(0)
    expect(open.outerDisplacement).toBeCloseTo(0, 30)
    expect(open.opening / (radius * shrinkage * (dimension === 2 ? 1.3 : 1))).toBeCloseTo(1, 12)
    const closed = interfaceState(problem, -shrinkage, 1)
    expect(closed.traction / -state.traction).toBeCloseTo(1, 12)
  })
  it("snaps with the reference parameters, softens with a compliant bond", () => {
    expect(softensStably(problem)).toBe(false)
    expect(monotoneTraction(problem, 1.01 * onsetShrinkage(problem))).toBe(0)
    const tough = { ...problem, cohesion: { ...cohesion, fractureEnergy: 400 } }
    expect(softensStably(tough)).toBe(true)
    const beyond = 1.5 * onsetShrinkage(tough)
    const traction = monotoneTraction(tough, beyond)
    const damage = 1 - traction / (cohesion.stiffness * openingFor(tough, beyond, traction))
    expect(traction).toBeLessThan(cohesion.strength)
    expect(interfaceState(tough, beyond, damage).traction / traction).toBeCloseTo(1, 5)
  })
  it("delayed damage: starts at the onset and approaches its target", () => {
    const shrinking = (time: number) => onsetShrinkage(problem) * 1.2 * Math.min(1, time / 100)
    const times = [80, 84, 100, 120, 200]
    const damage = delayedDamage(problem, shrinking, times)
    expect(damage[0]).toBe(0)
    expect(damage[1]).toBeGreaterThan(0)
    for (let k = 1; k < times.length; k++) expect(damage[k]).toBeGreaterThan(damage[k - 1])
    // At a held excess e = 1.2 of a stiff bond δ = e δ₀/(1 − d), hence τ ḋ = a − b d with a = w (1 − 1/e), b = 1 − w/e
    const failure = (2 * 0.4) / 300e6
    const softening = failure / (failure - 1e-10)
    const [a, b] = [softening * (1 - 1 / 1.2), 1 - softening / 1.2]
    expect(damage[4]).toBeCloseTo(a / b + (damage[2] - a / b) * Math.exp((-b * 100) / 20), 2)
    const finer = delayedDamage(problem, shrinking, times, 1600)
    for (let k = 0; k < times.length; k++) expect(finer[k]).toBeCloseTo(damage[k], 4)
  })
})

/** Opening on the softening branch. */
const openingFor = (problem: Inclusion, shrinkage: number, traction: number): number => {
  const intact = interfaceState(problem, shrinkage)
  // u₂ − u₁ is linear in the traction
  const free = interfaceState(problem, shrinkage, 1)
  return free.opening + ((intact.opening - free.opening) * traction) / intact.traction
}
