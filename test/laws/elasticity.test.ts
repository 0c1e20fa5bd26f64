import fc from "fast-check"
import { expect, it } from "vitest"
import {
  confinedModulus,
  equivalentStress,
  hydrostatic,
  largestPrincipal,
  moduli,
  principalBound,
} from "../../src/laws/elasticity.ts"

it("moduli of the active material", () => {
  const { lambda, shear, bulk } = moduli({ young: 140e9, poisson: 0.3 })
  expect(shear).toBeCloseTo(140e9 / 2.6, 0)
  expect(bulk).toBeCloseTo(lambda + (2 / 3) * shear, 0)
  expect(confinedModulus({ young: 140e9, poisson: 0.3 })).toBeCloseTo((140e9 * 0.7) / (1.3 * 0.4), 0)
  // Uniaxial stress gives back E: ε = σ/E with lateral strain −ν ε
  expect(lambda * (1 - 0.6) + 2 * shear).toBeCloseTo(140e9, 0)
  expect(() => moduli({ young: 1, poisson: 0.5 })).toThrow(RangeError)
  expect(() => moduli({ young: -1, poisson: 0.3 })).toThrow(RangeError)
})

it("the largest principal stress is a root of the characteristic polynomial and bounds every direction", () => {
  const part = fc.double({ min: -1, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.array(part, { minLength: 6, maxLength: 6 }), part, part, (stress, u, v) => {
      const [xx, yy, zz, yz, xz, xy] = stress
      const largest = largestPrincipal(stress)
      const [a, b, c] = [xx - largest, yy - largest, zz - largest]
      const determinant = a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz)
      expect(Math.abs(determinant)).toBeLessThan(1e-7)
      const radius = Math.sqrt(1 - u * u)
      const n = [radius * Math.cos(3.15 * v), radius * Math.sin(3.15 * v), u]
      const normal =
        xx * n[0] ** 2 + yy * n[1] ** 2 + zz * n[2] ** 2 + 2 * (yz * n[1] * n[2] + xz * n[0] * n[2] + xy * n[0] * n[1])
      expect(normal).toBeLessThanOrEqual(largest + 1e-7)
      expect(largest).toBeLessThanOrEqual(principalBound(stress) + 1e-9)
    }),
  )
})

it("principal stresses of known states at the size of real stresses", () => {
  expect(largestPrincipal([1e8, 3e8, 2e8, 0, 0, 0])).toBeCloseTo(3e8, 3)
  expect(largestPrincipal([0, 0, 0, 0, 0, -2e8])).toBeCloseTo(2e8, 3)
  expect(largestPrincipal([-1e8, -1e8, -1e8, 0, 0, 0])).toBe(-1e8)
  expect(largestPrincipal([0, 0, 0, 0, 0, 0])).toBe(0)
  expect(Math.abs(largestPrincipal([1e8, 1e8, -1e8, 0, 0, 0]) / 1e8 - 1)).toBeLessThan(1e-7)
  expect(hydrostatic([1, 2, 6, 9, 9, 9])).toBe(3)
  expect(equivalentStress([5, 0, 0, 0, 0, 0])).toBeCloseTo(5, 12)
  expect(equivalentStress([0, 0, 0, 2, 0, 0])).toBeCloseTo(2 * Math.sqrt(3), 12)
})
