import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { frontStrength } from "../../../src/laws/cohesion.ts"
import type { CohesiveLaw } from "../../../src/laws/contracts.ts"
import type { InterfacePairs } from "../../../src/model/resolved/interface-pairs.ts"
import { createDamageDrive } from "../../../src/model/resolved/tear-front.ts"

const reach = 0.6e-6
const law: CohesiveLaw = {
  stiffness: 3e18,
  strength: 3e8,
  fractureEnergy: 0.4,
  mixity: 1,
  delay: 20,
  processZone: reach,
}
const bodies = [
  { young: 140e9, poisson: 0.3 },
  { young: 2e9, poisson: 0.3 },
] as const

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
  const drive = createDamageDrive(pairs, law, new Float64Array(pairs.count).fill(frontStrength(law, bodies)))
  drive.setDamage(damage)
  const out = new Float64Array(pairs.count)
  drive.drivingInto(opening, out)
  return out
}

describe("the front of a tear", () => {
  /** Where the first intact pair stands to its onset when the stress intensity releases `energy`, torn on the left. */
  const overload = (spacing: number, energy: number): number => {
    const count = 2 * Math.round((3 * reach) / spacing)
    const pairs = evenly(count, spacing)
    const tip = (count / 2) * spacing
    const compliance = bodies.reduce((sum, { young, poisson }) => sum + (1 - poisson ** 2) / young, 0) / 2
    const intensity = Math.sqrt(energy / compliance)
    const opening = new Float64Array(2 * count)
    const damage = new Float64Array(count)
    for (let k = 0; k < count; k++) {
      const ahead = (k + 0.5) * spacing - tip
      damage[k] = ahead < 0 ? 1 : 0
      // The mean traction of the singular field over what belongs to the pair
      const mean = (Math.sqrt(ahead + spacing / 2) - Math.sqrt(Math.max(0, ahead - spacing / 2))) / (spacing / 2)
      opening[2 * k] = ahead < 0 ? 50e-9 : (intensity * mean) / Math.sqrt(2 * Math.PI) / law.stiffness
    }
    return drivingOf(pairs, damage, opening)[count / 2] / (law.strength / law.stiffness)
  }

  it("goes on where it releases the fracture energy, the more exactly the finer the mesh", () => {
    for (const [spacing, tolerance] of [
      [reach / 3, 0.35],
      [reach / 6, 0.2],
      [reach / 12, 0.1],
      [reach / 60, 0.03],
      [reach / 300, 0.01],
    ] as const) {
      const error = Math.abs(overload(spacing, law.fractureEnergy) - 1)
      expect(error, `${spacing} m`).toBeLessThan(tolerance)
      expect(overload(spacing, 4 * law.fractureEnergy)).toBeCloseTo(2 * overload(spacing, law.fractureEnergy), 9)
    }
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
        const drive = createDamageDrive(pairs, law, new Float64Array(10).fill(6e7))
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
