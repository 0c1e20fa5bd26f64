import { describe, expect, it } from "vitest"
import {
  beamState,
  brittleGrowth,
  type DoubleCantilever,
  elasticCompliance,
  energyRelease,
  fullProcessZone,
  growthState,
  loadOpening,
} from "../../validation/analytic/double-cantilever/solution.ts"

const problem: DoubleCantilever = {
  crack: 30e-3,
  thickness: 1.5e-3,
  young: 130e9,
  poisson: 0.3,
  shearCorrection: 5 / 6,
  cohesion: { stiffness: 1e13, strength: 20e6, fractureEnergy: 280, mixity: 1, delay: 0 },
}
const failure = (2 * problem.cohesion.fractureEnergy) / problem.cohesion.strength
const euler = { ...problem, shearCorrection: Number.POSITIVE_INFINITY }
const bending = ((130e9 / 0.91) * 1.5e-3 ** 3) / 12

describe("double cantilever", () => {
  it("without shear has Kanninen's compliance", () => {
    const lambda = (2e13 / (4 * bending)) ** 0.25
    const a = problem.crack
    const expected = (2 / bending) * (a ** 3 / 3 + a ** 2 / lambda + a / lambda ** 2 + 1 / (2 * lambda ** 3))
    expect(elasticCompliance(euler) / expected).toBeCloseTo(1, 9)
    expect(elasticCompliance(problem)).toBeGreaterThan(expected)
  })
  it("releases G_c into the tip while the crack grows, and less before", () => {
    for (const beam of [problem, euler]) {
      const { stiffness, strength } = beam.cohesion
      const onset = beamState(beam, beam.crack, 0)
      expect(energyRelease(beam, onset) / (strength ** 2 / (2 * stiffness))).toBeCloseTo(1, 8)
      const zone = fullProcessZone(beam)
      const half = beamState(beam, beam.crack, zone / 2)
      const δ0 = strength / stiffness
      const work =
        strength * δ0 * 0.5 +
        (strength / (2 * (failure - δ0))) * ((failure - δ0) ** 2 - (failure - half.tipOpening) ** 2)
      expect(energyRelease(beam, half) / work).toBeCloseTo(1, 7)
      for (const crack of [30e-3, 45e-3]) {
        const state = growthState(beam, crack)
        expect(state.tipOpening / failure).toBeCloseTo(1, 9)
        expect(energyRelease(beam, state) / 280).toBeCloseTo(1, 7)
      }
    }
  })
  it("does the work that the bond takes: area under the curve = stored + dissipated", () => {
    const points = 400
    const curve = loadOpening(problem, 45e-3, points)
    let work = (curve[0].load * curve[0].opening) / 2
    for (let k = 1; k < curve.length; k++)
      work += ((curve[k].load + curve[k - 1].load) / 2) * (curve[k].opening - curve[k - 1].opening)
    // The zone travels with the tip nearly unchanged: between two growth states the bond takes G_c per new area
    const [from, to] = [curve[points], curve[curve.length - 1]]
    let growth = 0
    for (let k = points + 1; k < curve.length; k++)
      growth += ((curve[k].load + curve[k - 1].load) / 2) * (curve[k].opening - curve[k - 1].opening)
    const stored = (to.load * to.opening - from.load * from.opening) / 2
    expect((growth - stored) / (280 * 15e-3)).toBeCloseTo(1, 2)
    expect(work).toBeGreaterThan(280 * 15e-3)
  })
  it("tends to linear elastic fracture for a stiff, strong bond on slender arms", () => {
    const stiff = { ...euler, cohesion: { ...problem.cohesion, stiffness: 1e17, strength: 600e6 } }
    const state = growthState(stiff, 60e-3)
    const limit = brittleGrowth(stiff, 60e-3)
    expect(state.load / limit.load).toBeCloseTo(1, 1)
    expect(state.opening / limit.opening).toBeCloseTo(1, 1)
    expect(Math.abs(state.load / limit.load - 1)).toBeLessThan(0.02)
  })
  it("agrees with finite differences of the beam on its foundation", () => {
    const zone = fullProcessZone(euler)
    const state = beamState(euler, euler.crack, zone)
    const { load, tipOpening } = relaxedBeam(euler, state.opening)
    expect(load / state.load).toBeCloseTo(1, 2)
    expect(tipOpening / state.tipOpening).toBeCloseTo(1, 2)
  })
})

/** Euler beam by finite differences, opening prescribed at the ends; Newton on the bond (the first loading only). */
const relaxedBeam = (beam: DoubleCantilever, opening: number): { load: number; tipOpening: number } => {
  const { stiffness, strength, fractureEnergy } = beam.cohesion
  const [δ0, δf] = [strength / stiffness, (2 * fractureEnergy) / strength]
  const h = 1e-4
  const ahead = 300
  const bonded = 200
  const count = ahead + bonded + 1
  // Cubic Hermite elements: deflection and rotation at each node
  const size = 2 * count
  const width = 3
  const x = new Float64Array(size)
  for (let k = 0; k < count; k++) {
    const s = k / ahead
    x[2 * k] = s < 1 ? (opening / 2) * (1 - 1.5 * s + 0.5 * s ** 3) : 0
  }
  const local = [
    [12, 6, -12, 6],
    [6, 4, -6, 2],
    [-12, -6, 12, -6],
    [6, 2, -6, 4],
  ]
  let reaction = 0
  // Ramp the opening so that Newton stays on the loading path
  for (let ramp = 1; ramp <= 40; ramp++) {
    for (let iteration = 0; iteration < 30; iteration++) {
      const matrix = Array.from({ length: size }, () => new Float64Array(2 * width + 1))
      const right = new Float64Array(size)
      const add = (i: number, j: number, value: number) => {
        matrix[i][j - i + width] += value
        right[i] -= value * x[j]
      }
      for (let e = 0; e < count - 1; e++)
        for (let a = 0; a < 4; a++)
          for (let b = 0; b < 4; b++) {
            const power = 3 - (a % 2) - (b % 2)
            add(2 * e + a, 2 * e + b, (local[a][b] * bending) / h ** power)
          }
      for (let k = ahead; k < count; k++) {
        const weight = k === ahead || k === count - 1 ? h / 2 : h
        const δ = 2 * x[2 * k]
        const [t, slope] =
          δ <= δ0
            ? [stiffness * δ, stiffness]
            : δ < δf
              ? [(strength * (δf - δ)) / (δf - δ0), -strength / (δf - δ0)]
              : [0, 0]
        matrix[2 * k][width] += weight * 2 * slope
        right[2 * k] -= weight * t
      }
      reaction = -right[0]
      // Prescribed deflection of the loaded end
      const jump = (opening / 2) * (ramp / 40) - x[0]
      for (let i = 1; i <= width; i++) right[i] -= matrix[i][width - i] * jump
      for (let j = 1; j <= width; j++) {
        matrix[0][width + j] = 0
        matrix[j][width - j] = 0
      }
      matrix[0][width] = 1
      right[0] = jump
      for (let k = 0; k < size; k++)
        for (let i = k + 1; i <= Math.min(size - 1, k + width); i++) {
          const factor = matrix[i][k - i + width] / matrix[k][width]
          for (let j = k; j <= Math.min(size - 1, k + width); j++)
            matrix[i][j - i + width] -= factor * matrix[k][j - k + width]
          right[i] -= factor * right[k]
        }
      let largest = 0
      for (let k = size - 1; k >= 0; k--) {
        for (let j = k + 1; j <= Math.min(size - 1, k + width); j++) right[k] -= matrix[k][j - k + width] * right[j]
        right[k] /= matrix[k][width]
        x[k] += right[k]
        if (k % 2 === 0) largest = Math.max(largest, Math.abs(right[k]))
      }
      if (largest < 1e-12 * opening) break
    }
  }
  return { load: reaction, tipOpening: 2 * x[2 * ahead] }
}
