import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { CohesiveLaw } from "../../../src/laws/contracts.ts"
import { createDamageDrive } from "../../../src/model/resolved/damage-drive.ts"
import type { InterfacePairs } from "../../../src/model/resolved/interface-pairs.ts"

const reach = 0.6e-6
const law: CohesiveLaw = {
  stiffness: 3e18,
  strength: 3e8,
  fractureEnergy: 0.4,
  mixity: 1,
  delay: 20,
  processZone: reach,
}
/** A straight surface along x. @param places [pair] with the surface that belongs to each [m] */
const straight = (places: readonly number[], weights: readonly number[]): InterfacePairs => ({
  dimension: 2,
  count: places.length,
  inner: new Int32Array(places.length),
  outer: new Int32Array(places.length),
  position: Float64Array.from(places.flatMap((x) => [x, 0])),
  weight: Float64Array.from(weights),
  frame: new Float64Array(places.length * 4),
  particle: new Int32Array(places.length),
  outerRegion: new Int32Array(places.length),
  cohesive: new Uint8Array(places.length).fill(1),
  dofs: new Int32Array(places.length * 4),
  facetToPair: new Int32Array(0),
  cohesiveArea: Float64Array.of(1),
})

const evenly = (count: number, spacing: number): InterfacePairs =>
  straight(
    Array.from({ length: count }, (_, k) => (k + 0.5) * spacing),
    Array.from({ length: count }, () => spacing),
  )

const drivingOf = (pairs: InterfacePairs, damage: Float64Array, opening: Float64Array): Float64Array => {
  const drive = createDamageDrive(pairs, law)
  drive.setDamage(damage)
  const out = new Float64Array(pairs.count)
  drive.drivingInto(opening, out)
  return out
}

/** (Γ(¼)Γ(3)/Γ(3¼)/2)/(8/15)/√(2π): bell-weighted mean of (2πr)^(−½) over 0 < r < ℓ, times √ℓ. */
const bellMean = 1.0638

describe("the mean traction at the edge of a tear", () => {
  /** At the first intact pair of a tear with the stress intensity 1, torn on the left, over that of the continuous field. */
  const share = (spacing: number): number => {
    const count = 2 * Math.round((3 * reach) / spacing)
    const pairs = evenly(count, spacing)
    const tip = (count / 2) * spacing
    const opening = new Float64Array(2 * count)
    const damage = new Float64Array(count)
    for (let k = 0; k < count; k++) {
      const ahead = (k + 0.5) * spacing - tip
      damage[k] = ahead < 0 ? 1 : 0
      // The mean traction of the singular field over what belongs to the pair
      const mean = (Math.sqrt(ahead + spacing / 2) - Math.sqrt(Math.max(0, ahead - spacing / 2))) / (spacing / 2)
      opening[2 * k] = ahead < 0 ? 50e-9 : mean / Math.sqrt(2 * Math.PI) / law.stiffness
    }
    return (drivingOf(pairs, damage, opening)[count / 2] * law.stiffness * Math.sqrt(reach)) / bellMean
  }

  it("is that of the singular field over the reach, the more exactly the finer the mesh", () => {
    for (const [spacing, tolerance] of [
      [reach / 3, 0.35],
      [reach / 6, 0.2],
      [reach / 12, 0.1],
      [reach / 60, 0.03],
      [reach / 300, 0.01],
    ] as const)
      expect(Math.abs(share(spacing) - 1), `${spacing} m`).toBeLessThan(tolerance)
  })
})

const damages = (count: number) =>
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: count, maxLength: count })

describe("the opening that drives damage", () => {
  it("is the opening itself where it is even and nothing is torn, up to the ends of the surface", () => {
    const driving = drivingOf(evenly(20, 0.1e-6), new Float64Array(20), new Float64Array(40).fill(1e-10))
    for (const value of driving) expect(value / (1e-10 * Math.SQRT2)).toBeCloseTo(1, 12)
  })

  it("is finite for any damage, that of a torn surface included, and never below the least opening around", () => {
    fc.assert(
      fc.property(damages(12), damages(24), (torn, open) => {
        const opening = Float64Array.from(open, (value) => (0.001 + value) * 1e-9)
        const driving = drivingOf(evenly(12, 0.15e-6), Float64Array.from(torn), opening)
        const own = Array.from({ length: 12 }, (_, k) => Math.hypot(opening[2 * k], opening[2 * k + 1]))
        for (const value of driving) expect(value).toBeGreaterThanOrEqual(Math.min(...own) * (1 - 1e-12))
        expect(driving.every(Number.isFinite)).toBe(true)
      }),
    )
    const gone = drivingOf(evenly(8, 0.1e-6), new Float64Array(8).fill(1), new Float64Array(16).fill(3e-9))
    for (const value of gone) expect(value / (3e-9 * Math.SQRT2)).toBeCloseTo(1, 12)
  })

  it("changes with the openings as its differences do", () => {
    fc.assert(
      fc.property(damages(10), damages(20), damages(20), (torn, open, by) => {
        const pairs = evenly(10, 0.15e-6)
        const drive = createDamageDrive(pairs, law)
        drive.setDamage(Float64Array.from(torn))
        const at = (step: number): Float64Array => {
          const out = new Float64Array(10)
          const opening = Float64Array.from(open, (value, k) => (0.1 + value + step * (by[k] - 0.5)) * 1e-9)
          drive.drivingInto(opening, out)
          return out
        }
        const found = new Float64Array(10)
        drive.changeInto?.(
          Float64Array.from(open, (value) => (0.1 + value) * 1e-9),
          Float64Array.from(by, (value) => (value - 0.5) * 1e-9),
          found,
        )
        const [before, after] = [at(-1e-5), at(1e-5)]
        found.forEach((value, k) => {
          expect(Math.abs((after[k] - before[k]) / 2e-5 - value)).toBeLessThan(1e-5 * 1e-9 + 1e-6 * Math.abs(value))
        })
      }),
    )
  })
})
