import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { confinedModulus, moduli } from "../../../src/laws/elasticity.ts"
import type { ElectrodeNetwork } from "../../../src/microstructure/electrode-network.ts"
import { createLigaments, shellStiffness } from "../../../src/model/network/ligament.ts"
import { createPatchMechanics, type PatchState } from "../../../src/model/network/patch-mechanics.ts"
import { equivalentRadius } from "../../../src/model/network/radial-grid.ts"
import { builtNetwork, plainNetwork } from "../../arbitrary/network.ts"
import { networkParameters } from "./reference.ts"

const { cohesion } = networkParameters

const mechanicsOf = (network: ElectrodeNetwork) => {
  const radius = network.particles.volume.map((volume) => equivalentRadius(network.dimension, volume))
  const ligaments = createLigaments(network, radius, networkParameters)
  const mechanics = createPatchMechanics(network, ligaments, cohesion)
  const solve = (shrinkage: Float64Array, previous: PatchState, start: Float64Array, step: number) => {
    mechanics.begin(previous, start, step)
    mechanics.settle(shrinkage, 0, network.particles.count)
    return mechanics.end()
  }
  return { ligaments, radius, mechanics: { ...mechanics, solve } }
}

describe("the ligament", () => {
  const binder = networkParameters.matrices.high.elasticity
  const [confined, { shear }] = [confinedModulus(binder), moduli(binder)]

  it("is a confined layer where it is thin, and holds as a cavity does where there is no end to it", () => {
    expect(shellStiffness(3, confined, shear, 5e-6, 1e-10) / (confined / 1e-10)).toBeCloseTo(1, 3)
    expect(shellStiffness(2, confined, shear, 5e-6, 1e-10) / (confined / 1e-10)).toBeCloseTo(1, 3)
    expect(shellStiffness(3, confined, shear, 5e-6, Number.POSITIVE_INFINITY)).toBeCloseTo((4 * shear) / 5e-6, -6)
    expect(shellStiffness(2, confined, shear, 5e-6, Number.POSITIVE_INFINITY)).toBeCloseTo((2 * shear) / 5e-6, -6)
  })

  it("is the shell that Lamé solved: clamped outside, displaced inside", () => {
    const { lambda } = moduli(binder)
    for (const dimension of [2, 3] as const) {
      const [a, b] = [5e-6, 6e-6]
      // u = A r + B r^(1−n) with u(b) = 0 and u(a) = 1; pull at a is −σ_r(a)
      const power = 1 - dimension
      const A = 1 / (a - b * (a / b) ** power)
      const B = -A * b ** (1 - power)
      const radial = (lambda * dimension + 2 * shear) * A + 2 * shear * power * B * a ** (power - 1)
      expect(shellStiffness(dimension, confined, shear, a, b - a) / -radial).toBeCloseTo(1, 12)
    }
  })

  it("refuses a thickness that is none", () => {
    const network = builtNetwork({ ...plainNetwork, pore: 0 })
    const ligament = network.patches.ligament.slice()
    ligament[3] = Number.NaN
    const radius = new Float64Array(network.particles.count).fill(5e-6)
    expect(() =>
      createLigaments({ ...network, patches: { ...network.patches, ligament } }, radius, networkParameters),
    ).toThrow(/patch 3 is NaN/)
  })
})

/** The same with all normals turned about z by an angle, and about x by another. */
const turned = (network: ElectrodeNetwork, angle: number, tilt: number): ElectrodeNetwork => {
  const normal = network.patches.normal.slice()
  for (let at = 0; at < normal.length; at += 3) {
    const [x, y, z] = normal.subarray(at, at + 3)
    const [u, v] = [Math.cos(angle) * x - Math.sin(angle) * y, Math.sin(angle) * x + Math.cos(angle) * y]
    normal.set([u, Math.cos(tilt) * v - Math.sin(tilt) * z, Math.sin(tilt) * v + Math.cos(tilt) * z], at)
  }
  return { ...network, patches: { ...network.patches, normal } }
}

describe("force balance", () => {
  it("holds for every particle while bonds tear, step after step", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 1, max: 20, noNaN: true }), (seed, step) => {
        const network = builtNetwork({ ...plainNetwork, seed, gap: 0.4, contact: 0, scatter: 0.25 })
        const { mechanics, ligaments, radius } = mechanicsOf(network)
        const random = seededRandom(seed)
        const { count } = network.particles
        const unevenness = Float64Array.from({ length: count }, () => 0.5 + random.uniform())
        let state = mechanics.initial()
        for (let k = 1; k <= 12; k++) {
          const load = k <= 8 ? k / 8 : (12 - k) / 6
          const shrinkage = radius.map((own, particle) => 0.02 * own * load * unevenness[particle])
          const solved = mechanics.solve(shrinkage, state, state.shift, step)
          expect(solved.failed).toBe(-1)
          solved.state.damage.forEach((damage, patch) => {
            expect(damage).toBeGreaterThanOrEqual(state.damage[patch])
            expect(damage).toBeLessThanOrEqual(1)
          })
          state = solved.state
          for (let particle = 0; particle < count; particle++) {
            const force = [0, 0, 0]
            let area = 0
            for (let patch = network.patches.start[particle]; patch < network.patches.start[particle + 1]; patch++) {
              area += ligaments.cohesiveArea[patch]
              for (let axis = 0; axis < 3; axis++)
                force[axis] +=
                  ligaments.cohesiveArea[patch] * state.traction[patch] * network.patches.normal[3 * patch + axis]
            }
            expect(Math.hypot(...force)).toBeLessThan(1e-6 * cohesion.strength * area)
          }
        }
        return Math.max(...state.damage) > 0
      }),
      { numRuns: 25 },
    )
  })

  it("does not know how space is turned", () => {
    const network = builtNetwork({ ...plainNetwork, gap: 0.4, scatter: 0.2 })
    const other = turned(network, 0.7, 1.9)
    const solve = (own: ElectrodeNetwork) => {
      const { mechanics, radius } = mechanicsOf(own)
      let state = mechanics.initial()
      for (let k = 1; k <= 6; k++) {
        const solved = mechanics.solve(
          radius.map((r) => 0.004 * k * r),
          state,
          state.shift,
          10,
        )
        expect(solved.failed).toBe(-1)
        state = solved.state
      }
      return state
    }
    const [one, two] = [solve(network), solve(other)]
    expect(Math.max(...one.damage)).toBeGreaterThan(0.01)
    one.damage.forEach((damage, patch) => {
      expect(two.damage[patch]).toBeCloseTo(damage, 6)
    })
    for (let particle = 0; particle < network.particles.count; particle++)
      expect(Math.hypot(...two.shift.subarray(3 * particle, 3 * particle + 3)) * 1e9).toBeCloseTo(
        Math.hypot(...one.shift.subarray(3 * particle, 3 * particle + 3)) * 1e9,
        4,
      )
  })

  it("leaves a body where it is when nothing holds it any more", () => {
    const network = builtNetwork({ ...plainNetwork, columns: 1, rows: 1, pore: 0 })
    const { mechanics, radius } = mechanicsOf(network)
    const torn = { ...mechanics.initial(), damage: new Float64Array(network.patches.count).fill(1) }
    const { state, failed } = mechanics.solve(Float64Array.of(0.02 * radius[0]), torn, torn.shift, 10)
    expect(failed).toBe(-1)
    expect(Math.max(...state.shift.map(Math.abs))).toBeLessThan(1e-12)
    state.opening.forEach((opening) => {
      expect(opening).toBeGreaterThan(0)
    })
  })
})
