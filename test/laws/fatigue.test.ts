import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bilinearEntry, onsetOpening } from "../../src/laws/cohesion.ts"
import type { CohesiveLaw } from "../../src/laws/contracts.ts"
import { addFatigueInto, largestFatigueLoss } from "../../src/laws/fatigue.ts"

const law: CohesiveLaw = {
  stiffness: 3e18,
  strength: 3e8,
  fractureEnergy: 0.4,
  mixity: 1,
  delay: 20,
  fatigueLoss: 0.3,
  endurance: 0.25,
}
const onset = onsetOpening(law)

/** Damage and slope after a step from one load to another, both relative to the strength. */
const stepped = (from: number, to: number, before: number, used: CohesiveLaw = law) => {
  const damage = Float64Array.of(before)
  const slope = Float64Array.of(0)
  addFatigueInto(used, Float64Array.of(from * onset), Float64Array.of(to * onset), damage, slope)
  return { damage: damage[0], slope: slope[0] }
}

const loads = fc.double({ min: 0, max: 1.5, noNaN: true })
const damages = fc.double({ min: 0, max: 1, noNaN: true })

describe("fatigue", () => {
  it("takes the stated share of what holds with every loading to the strength", () => {
    let damage = 0
    for (let loading = 1; loading <= 8; loading++) {
      damage = stepped(0, 1, damage).damage
      damage = stepped(1, 0, damage).damage
      expect(1 - damage).toBeCloseTo(0.7 ** loading, 12)
    }
  })

  it("wears nothing up to the endurance limit, on unloading, or without fatigue", () => {
    expect(stepped(0, 0.25, 0.4)).toEqual({ damage: 0.4, slope: 0 })
    expect(stepped(0.9, 0.3, 0.4)).toEqual({ damage: 0.4, slope: 0 })
    expect(stepped(0, 1, 0.4, { ...law, fatigueLoss: 0 })).toEqual({ damage: 0.4, slope: 0 })
    expect(stepped(1.2, 3, 0.4).damage).toBe(0.4)
  })

  it("wears the more the higher the load: a quarter as much half-way above the limit", () => {
    const log = (load: number): number => Math.log(1 - stepped(0, load, 0).damage)
    expect(log(0.625) / log(1)).toBeCloseTo(0.25, 12)
  })

  it("depends on the load reached, not on the steps that lead there", () => {
    fc.assert(
      fc.property(fc.array(loads, { minLength: 1, maxLength: 6 }), damages, (values, before) => {
        const path = values.toSorted((a, b) => a - b)
        let damage = before
        for (let k = 0; k < path.length; k++) damage = stepped(k === 0 ? 0 : path[k - 1], path[k], damage).damage
        expect(damage).toBeCloseTo(stepped(0, path[path.length - 1], before).damage, 12)
      }),
    )
  })

  it("never heals and stays within 0…1; its slope is that of the damage", () => {
    fc.assert(
      fc.property(loads, loads, damages, (from, to, before) => {
        const { damage, slope } = stepped(from, to, before)
        expect(damage).toBeGreaterThanOrEqual(before - 1e-15)
        expect(damage).toBeLessThanOrEqual(1)
        fc.pre(Math.abs(to - from) > 1e-4 && Math.abs(to - 1) > 1e-4 && Math.abs(to - 0.25) > 1e-4)
        const change = 1e-5
        const difference =
          (stepped(from, to + change, before).damage - stepped(from, to - change, before).damage) / (2 * change)
        expect(slope * onset).toBeCloseTo(difference, 6)
      }),
    )
  })

  it("is refused where a bond near its strength would lose more than its load can rise", () => {
    const parameters = { ...law, processZone: 0 } as Record<string, number>
    const made = (fatigueLoss: number, endurance: number) => () =>
      bilinearEntry.create({ ...parameters, fatigueLoss, endurance } as never, {} as never, {} as never)
    expect(made(0.31, 0.25)).not.toThrow()
    expect(made(0.32, 0.25)).toThrow("fatigue-loss 0.32 must stay below 0.313")
    expect(made(0.2, 0.6)).toThrow("fatigue-loss 0.2 must stay below 0.181")
    expect(made(0, 1)).toThrow("endurance is 1")
    // At the bound the traction of one point under a rising opening just stops rising at the strength.
    const scale = (1 - 0.25) ** 2 / (-2 * Math.log1p(-largestFatigueLoss(0.25)))
    expect((1 * (1 - 0.25)) / scale).toBeCloseTo(1, 12)
  })

  it("scales a slope that damage had before by what it leaves", () => {
    const damage = Float64Array.of(0.2)
    const slope = Float64Array.of(5e9)
    addFatigueInto(law, Float64Array.of(0), Float64Array.of(2 * onset), damage, slope)
    expect(slope[0]).toBeCloseTo(0.7 * 5e9, 0)
  })
})
