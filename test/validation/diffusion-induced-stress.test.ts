import { describe, expect, it } from "vitest"
import {
  cylinderStress,
  sphereStress,
  surfaceDisplacement,
} from "../../validation/analytic/diffusion-induced-stress/solution.ts"
import { couplingFactor, radialProfile } from "../../validation/analytic/stress-coupled-diffusion/solution.ts"

const solid = { young: 140e9, poisson: 0.3, molarVolume: 1.5e-6, reference: 46_679 }
const radius = 5e-6
const profile = (r: number) => 30_000 - 9000 * (r / radius) ** 2 + 2500 * Math.cos((3 * r) / radius)
const stressOf = { cylinder: cylinderStress, sphere: sphereStress }
const shapes = ["cylinder", "sphere"] as const

/** Radial displacement at `count` + 1 equally spaced nodes: linear elements for the 1-D radial equilibrium. */
const finiteElements = (shape: "cylinder" | "sphere", count: number): Float64Array => {
  const n = shape === "sphere" ? 2 : 1
  const lambda = (solid.young * solid.poisson) / ((1 + solid.poisson) * (1 - 2 * solid.poisson))
  const shear = solid.young / (2 * (1 + solid.poisson))
  const h = radius / count
  const diagonal = new Float64Array(count + 1)
  const upper = new Float64Array(count + 1)
  const load = new Float64Array(count + 1)
  for (let e = 0; e < count; e++)
    for (const point of [-1, 1].map((s) => 0.5 + s / (2 * Math.sqrt(3)))) {
      const r = (e + point) * h
      const weight = (h / 2) * r ** n
      const shapeValue = [1 - point, point]
      const slope = [-1 / h, 1 / h]
      const strain = (solid.molarVolume / 3) * (profile(r) - solid.reference)
      const divergence = [0, 1].map((a) => slope[a] + (n * shapeValue[a]) / r)
      const entry = (a: number, b: number) =>
        weight *
        (lambda * divergence[a] * divergence[b] +
          2 * shear * (slope[a] * slope[b] + (n * shapeValue[a] * shapeValue[b]) / r ** 2))
      for (let a = 0; a < 2; a++) {
        diagonal[e + a] += entry(a, a)
        load[e + a] += weight * (3 * lambda + 2 * shear) * strain * divergence[a]
      }
      upper[e] += entry(0, 1)
    }
  diagonal[0] = 1
  upper[0] = 0
  load[0] = 0
  for (let k = 1; k <= count; k++) {
    const factor = upper[k - 1] / diagonal[k - 1]
    diagonal[k] -= factor * upper[k - 1]
    load[k] -= factor * load[k - 1]
  }
  for (let k = count; k >= 0; k--) load[k] = (load[k] - (k < count ? upper[k] * load[k + 1] : 0)) / diagonal[k]
  return load
}

describe.each(shapes)("stress in a %s", (shape) => {
  const stress = stressOf[shape]
  const at = (r: number) => stress(solid, profile, radius, r)

  it("vanishes radially at the surface and is isotropic in the plane at the centre", () => {
    expect(at(radius).radial / at(radius).hoop).toBeCloseTo(0, 12)
    expect(at(0).radial).toBeCloseTo(at(0).hoop, -3)
  })
  it("is in equilibrium: dσ_r/dr + n (σ_r − σ_θ)/r = 0", () => {
    const step = radius * 1e-4
    for (const r of [0.2, 0.5, 0.9].map((x) => x * radius)) {
      const slope = (at(r + step).radial - at(r - step).radial) / (2 * step)
      const difference = ((shape === "sphere" ? 2 : 1) * (at(r).radial - at(r).hoop)) / r
      expect((slope + difference) / slope).toBeCloseTo(0, 6)
    }
  })
  it("belongs to the displacement that finite elements find", () => {
    const count = 400
    const displacement = finiteElements(shape, count)
    expect(displacement[count] / surfaceDisplacement(shape, solid, profile, radius)).toBeCloseTo(1, 4)
    // Hooke's law for the hoop strain u/r gives back the hoop stress
    for (const k of [80, 200, 380]) {
      const r = (k * radius) / count
      const { radial, hoop, axial } = at(r)
      const free = (solid.molarVolume / 3) * (profile(r) - solid.reference)
      const strain = (hoop - solid.poisson * (radial + axial)) / solid.young + free
      expect(displacement[k] / r / strain).toBeCloseTo(1, 4)
      const held = (axial - solid.poisson * (radial + hoop)) / solid.young + free
      if (shape === "cylinder") expect(held / free).toBeCloseTo(0, 12)
    }
  })
  it("has a hydrostatic gradient of −2ΩE/(9(1 − ν)) times that of c: the coupling factor", () => {
    const step = radius * 1e-4
    const temperature = 298.15
    for (const r of [0.1, 0.6, 0.95].map((x) => x * radius)) {
      const gradient = (at(r + step).hydrostatic - at(r - step).hydrostatic) / (profile(r + step) - profile(r - step))
      const theta = (-solid.molarVolume * gradient) / (8.314462618 * temperature)
      expect(theta / couplingFactor(solid, temperature)).toBeCloseTo(1, 7)
    }
    expect(couplingFactor(solid, temperature) * 49_136).toBeCloseTo(1.98, 2)
  })
  it("drives lithium as D (1 + θ c) does", () => {
    const temperature = 298.15
    const theta = couplingFactor(solid, temperature)
    const diffusivity = 2e-14
    const problem = {
      shape,
      radius,
      initial: 46_679,
      flux: () => -4e-5,
      diffusivity: (c: number) => diffusivity * (1 + theta * c),
    }
    const time = 30
    const cells = 40
    const reference = radialProfile(problem, time, cells, 400)
    const coupled = explicitCoupled(shape, cells, time, diffusivity, temperature)
    const range = reference.concentration[0] - reference.concentration[cells - 1]
    expect(range).toBeGreaterThan(1000)
    for (let k = 0; k < cells; k++) expect(Math.abs(coupled[k] - reference.concentration[k]) / range).toBeLessThan(2e-3)
  })
})

/** Explicit steps with the flux −D (∇c − Ω c/(R T) ∇σ_h), σ_h from the closed-form stress of the current profile. */
const explicitCoupled = (
  shape: "cylinder" | "sphere",
  cells: number,
  time: number,
  diffusivity: number,
  temperature: number,
): Float64Array => {
  const n = shape === "sphere" ? 2 : 1
  const h = radius / cells
  const volume = (k: number) => (((k + 1) * h) ** (n + 1) - (k * h) ** (n + 1)) / (n + 1)
  const c = new Float64Array(cells).fill(46_679)
  const steps = Math.ceil(time / ((0.1 * h * h) / diffusivity))
  for (let step = 0; step < steps; step++) {
    let mean = 0
    for (let k = 0; k < cells; k++) mean += c[k] * volume(k)
    mean /= radius ** (n + 1) / (n + 1)
    const strain = (value: number) => (solid.molarVolume / 3) * (value - solid.reference)
    // σ_h as in the docstrings of the two closed forms
    const hydrostatic = Float64Array.from(c, (value) =>
      shape === "sphere"
        ? ((2 * solid.young) / (3 * (1 - solid.poisson))) * (strain(mean) - strain(value))
        : (solid.young / (3 * (1 - solid.poisson))) * ((1 + solid.poisson) * strain(mean) - 2 * strain(value)),
    )
    const inflow = new Float64Array(cells + 1)
    for (let k = 1; k < cells; k++) {
      const drift =
        ((solid.molarVolume * (c[k] + c[k - 1])) / (2 * 8.314462618 * temperature)) *
        (hydrostatic[k] - hydrostatic[k - 1])
      inflow[k] = (k * h) ** n * (diffusivity / h) * (c[k] - c[k - 1] - drift)
    }
    inflow[cells] = radius ** n * -4e-5
    for (let k = 0; k < cells; k++) c[k] += ((time / steps) * (inflow[k + 1] - inflow[k])) / volume(k)
  }
  return c
}
