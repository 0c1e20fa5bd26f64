import { describe, expect, it } from "vitest"
import type { Electrolyte } from "../../src/laws/contracts.ts"
import * as conduction from "../../validation/analytic/manufactured/conduction.ts"
import * as diffusion from "../../validation/analytic/manufactured/diffusion.ts"
import * as elasticity from "../../validation/analytic/manufactured/elasticity.ts"
import * as electrolyte from "../../validation/analytic/manufactured/electrolyte.ts"
import type { Wave } from "../../validation/analytic/manufactured/wave.ts"

const wave = (amplitude: number, p: number, q: number, shift = 0): Wave => ({
  amplitude,
  wavenumber: [p, q],
  phase: [0.3 + shift, 1.1 - shift],
})
const points = [
  [0.13, 0.71],
  [0.9, 0.2],
  [-0.4, 1.3],
] as const
const step = 1e-4

type Vector = readonly [number, number]
/** Fourth-order central difference */
const slope = (f: (s: number) => number, at: number): number =>
  (8 * (f(at + step) - f(at - step)) - (f(at + 2 * step) - f(at - 2 * step))) / (12 * step)
const divergence = (f: (x: number, y: number) => Vector, x: number, y: number): number =>
  slope((s) => f(s, y)[0], x) + slope((s) => f(x, s)[1], y)
const gradient = (f: (x: number, y: number) => number, x: number, y: number): Vector => [
  slope((s) => f(s, y), x),
  slope((s) => f(x, s), y),
]
const near = (value: number, scale: number) => expect.closeTo(value, 8 - Math.round(Math.log10(scale)))

describe.each(points)("at (%d, %d)", (x, y) => {
  it("diffusion", () => {
    const problem = { diffusivity: 0.4, coupling: 0.3, mean: 2, wave: wave(0.8, 2.2, 1.4), frequency: 3 }
    const time = 0.37
    const { concentration, flux, source } = diffusion
    const [gx, gy] = gradient((a, b) => concentration(problem, a, b, time), x, y)
    const diffusivity = problem.diffusivity * (1 + problem.coupling * concentration(problem, x, y, time))
    expect(flux(problem, x, y, time)).toEqual([near(-diffusivity * gx, 1), near(-diffusivity * gy, 1)])
    const rate = slope((s) => concentration(problem, x, y, s), time)
    expect(source(problem, x, y, time)).toBeCloseTo(rate + divergence((a, b) => flux(problem, a, b, time), x, y), 8)
  })
  it("conduction", () => {
    const problem = { conductivity: 3, variation: wave(1.2, 1.7, 2.9, 0.5), wave: wave(0.6, 2.1, 3.3) }
    const [gx, gy] = gradient((a, b) => conduction.potential(problem, a, b), x, y)
    const sigma = conduction.conductivity(problem, x, y)
    expect(conduction.current(problem, x, y)).toEqual([near(-sigma * gx, 1), near(-sigma * gy, 1)])
    expect(conduction.source(problem, x, y)).toBeCloseTo(
      divergence((a, b) => conduction.current(problem, a, b), x, y),
      7,
    )
  })
  it("elasticity", () => {
    const problem = {
      elasticity: { young: 2.6, poisson: 0.3 },
      displacement: [wave(0.7, 1.9, 1.2), wave(0.5, 1.1, 2.3, 0.4)] as const,
      freeStrain: wave(0.4, 2.7, 1.6, 0.9),
    }
    const stress = (a: number, b: number) => elasticity.stress(problem, a, b)
    const [ux, uy] = gradient((a, b) => elasticity.displacement(problem, a, b)[0], x, y)
    const [vx, vy] = gradient((a, b) => elasticity.displacement(problem, a, b)[1], x, y)
    const free = elasticity.freeStrain(problem, x, y)
    const { xx, yy, zz, xy, hydrostatic } = stress(x, y)
    // Hooke's law the other way round: strains from stresses
    const { young, poisson } = problem.elasticity
    expect(ux).toBeCloseTo((xx - poisson * (yy + zz)) / young + free, 8)
    expect(vy).toBeCloseTo((yy - poisson * (xx + zz)) / young + free, 8)
    expect(0).toBeCloseTo((zz - poisson * (xx + yy)) / young + free, 12)
    expect(uy + vx).toBeCloseTo((2 * (1 + poisson) * xy) / young, 8)
    expect(hydrostatic).toBeCloseTo((young / (3 * (1 - 2 * poisson))) * (ux + vy - 3 * free), 8)
    expect(elasticity.force(problem, x, y)).toEqual([
      expect.closeTo(-divergence((a, b) => [stress(a, b).xx, stress(a, b).xy], x, y), 7),
      expect.closeTo(-divergence((a, b) => [stress(a, b).xy, stress(a, b).yy], x, y), 7),
    ])
  })
  it("electrolyte", () => {
    const varying: Electrolyte = {
      conductivity: (c) => 1 + 0.2 * c - 0.03 * c * c,
      conductivitySlope: (c) => 0.2 - 0.06 * c,
      diffusivity: (c) => 0.5 + 0.1 * c,
      diffusivitySlope: () => 0.1,
      transference: (c) => 0.3 + 0.02 * c,
      transferenceSlope: () => 0.02,
      thermodynamicFactor: (c) => 1 + 0.4 * c,
      thermodynamicFactorSlope: () => 0.4,
    }
    // A hot electrolyte: diffusion potentials of the order of 1 V, so that no term is lost
    const problem = {
      electrolyte: varying,
      porosity: 0.5,
      bruggeman: 1.5,
      temperature: 12_000,
      mean: 2,
      salt: wave(0.9, 1.3, 2.1),
      ionic: wave(0.7, 2.4, 1.2, 0.3),
      frequency: 2,
    }
    const time = 0.21
    const { chargeSource, concentration, current, potential, saltFlux, saltSource } = electrolyte
    const c = concentration(problem, x, y, time)
    const [px, py] = gradient((a, b) => potential(problem, a, b, time), x, y)
    const [lx, ly] = gradient((a, b) => Math.log(concentration(problem, a, b, time)), x, y)
    const kappa = varying.conductivity(c) * 0.5 ** 1.5
    const thermal = (2 * 8.314462618 * 12_000) / 96485.33212
    const lift = thermal * (1 - varying.transference(c)) * varying.thermodynamicFactor(c)
    expect(current(problem, x, y, time)).toEqual([near(kappa * (lift * lx - px), 1), near(kappa * (lift * ly - py), 1)])
    expect(chargeSource(problem, x, y, time)).toBeCloseTo(
      divergence((a, b) => current(problem, a, b, time), x, y),
      7,
    )
    const rate = slope((s) => concentration(problem, x, y, s), time)
    expect(saltSource(problem, x, y, time)).toBeCloseTo(
      0.5 * rate + divergence((a, b) => saltFlux(problem, a, b, time), x, y),
      7,
    )
  })
})
