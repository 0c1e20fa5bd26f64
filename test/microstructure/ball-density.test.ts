import { describe, expect, it } from "vitest"
import { packingDensity } from "../../src/microstructure/ball-density.ts"
import { type Packing, packed } from "../../src/microstructure/packing.ts"

const ball = (radius: number): number => (4 / 3) * Math.PI * radius ** 3

/** One ball in the middle of a box with walls. */
const single: Packing = {
  dimension: 3,
  width: 40e-6,
  thickness: 30e-6,
  isPeriodic: false,
  gap: 1e-7,
  count: 1,
  centre: Float64Array.of(20e-6, 20e-6, 15e-6),
  radius: Float64Array.of(5e-6),
  particleShare: 0,
}

describe("density of particles about each", () => {
  it("is that of the whole where the cube holds the whole", () => {
    const [share] = packingDensity(single, 100e-6)
    expect((share * 40e-6 * 40e-6 * 30e-6) / ball(5e-6)).toBeCloseTo(1, 1.7)
  })

  it("is that of the cube where it is smaller, walls ending it", () => {
    expect((packingDensity(single, 20e-6)[0] * 20e-6 ** 3) / ball(5e-6)).toBeCloseTo(1, 1.7)
    const cornered = { ...single, centre: Float64Array.of(5e-6, 5e-6, 5e-6) }
    expect((packingDensity(cornered, 20e-6)[0] * 15e-6 ** 3) / ball(5e-6)).toBeCloseTo(1, 1.7)
  })

  it("counts what repeats the packing", () => {
    const cornered = { ...single, isPeriodic: true, centre: Float64Array.of(0, 0, 15e-6) }
    const inside = { ...single, isPeriodic: true }
    const [one, other] = [packingDensity(cornered, 100e-6)[0], packingDensity(inside, 100e-6)[0]]
    expect(one).toBeCloseTo(other, 3)
    // Nine whole balls and parts of more lie in a cube of two and a half widths.
    expect(one * 100e-6 * 100e-6 * 30e-6).toBeGreaterThan(4 * ball(5e-6))
  })

  it("varies over a packing larger than the cube, about that of the whole", () => {
    const packing = packed({
      dimension: 3,
      count: 500,
      sizes: { kind: "lognormal", median: 4e-6, spread: 0.3 },
      particleShare: 0.4,
      thickness: 60e-6,
      gap: 3e-7,
      isPeriodic: true,
      seed: 2,
    })
    const density = packingDensity(packing, 30e-6)
    const mean = density.reduce((sum, own) => sum + own, 0) / density.length
    expect(Math.abs(mean - packing.particleShare)).toBeLessThan(0.05)
    expect(Math.max(...density) - Math.min(...density)).toBeGreaterThan(0.05)
  })
})
