import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bilinearEntry, onsetOpening } from "../../src/laws/cohesion.ts"
import type { CohesiveLaw } from "../../src/laws/contracts.ts"
import { addFatigueInto, feltLoadInto } from "../../src/laws/fatigue.ts"

const law: CohesiveLaw = {
  stiffness: 3e18,
  strength: 3e8,
  fractureEnergy: 0.4,
  mixity: 1,
  delay: 0,
  fatigueLoss: 0.3,
  endurance: 0.25,
}
const lagging: CohesiveLaw = { ...law, delay: 20 }
const onset = onsetOpening(law)

/** What a step does to a bond that felt a load and is now loaded to another, both relative to the strength. */
const stepped = (from: number, to: number, before: number, used: CohesiveLaw = law, step = 1) => {
  const [damage, slope, felt] = [Float64Array.of(before), Float64Array.of(0), Float64Array.of(0)]
  const [feltBefore, driving] = [Float64Array.of(from), Float64Array.of(to * onset)]
  feltLoadInto(used, feltBefore, driving, step, felt)
  addFatigueInto(used, feltBefore, felt, driving, step, damage, slope)
  return { damage: damage[0], slope: slope[0], felt: felt[0] }
}

const loads = fc.double({ min: 0, max: 1.5, noNaN: true })
const felts = fc.double({ min: 0, max: 1, noNaN: true })
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
    expect(stepped(0, 0.25, 0.4)).toMatchObject({ damage: 0.4, slope: 0 })
    expect(stepped(0.9, 0.3, 0.4)).toMatchObject({ damage: 0.4, slope: 0 })
    expect(stepped(0, 1, 0.4, { ...law, fatigueLoss: 0 })).toMatchObject({ damage: 0.4, slope: 0 })
    expect(stepped(1, 3, 0.4).damage).toBe(0.4)
  })

  it("wears in proportion to the rise above the limit", () => {
    const log = (load: number): number => Math.log(1 - stepped(0, load, 0).damage)
    expect(log(0.625) / log(1)).toBeCloseTo(0.5, 12)
  })

  it("feels a load with the delay: all but 1/e of a step of it after τ", () => {
    let felt = 0
    for (let k = 0; k < 2000; k++) felt = stepped(felt, 0.8, 0, lagging, 0.01).felt
    expect(felt).toBeCloseTo(0.8 * (1 - Math.exp(-1)), 3)
    expect(stepped(0.3, 1, 0, lagging, 0)).toMatchObject({ felt: 0.3, damage: 0, slope: 0 })
  })

  it("depends on the load reached, not on the steps that lead there", () => {
    fc.assert(
      fc.property(fc.array(loads, { minLength: 1, maxLength: 6 }), damages, (values, before) => {
        const path = values.toSorted((a, b) => a - b)
        let [damage, felt] = [before, 0]
        for (const load of path) ({ damage, felt } = stepped(felt, load, damage))
        expect(damage).toBeCloseTo(stepped(0, path[path.length - 1], before).damage, 12)
      }),
    )
  })

  it("never heals and stays within 0…1; its slope is that of the damage", () => {
    fc.assert(
      fc.property(felts, loads, damages, fc.constantFrom(0, 3, 20, 200), (from, to, before, step) => {
        const { damage, slope, felt } = stepped(from, to, before, lagging, step)
        expect(felt).toBeGreaterThanOrEqual(Math.min(from, to, 1) - 1e-15)
        expect(felt).toBeLessThanOrEqual(Math.max(from, Math.min(1, to)) + 1e-15)
        expect(damage).toBeGreaterThanOrEqual(before - 1e-15)
        expect(damage).toBeLessThanOrEqual(1)
        fc.pre(Math.abs(to - from) > 1e-4 && Math.abs(to - 1) > 1e-4 && Math.abs(felt - 0.25) > 1e-4)
        const change = 1e-5
        const at = (load: number): number => stepped(from, load, before, lagging, step).damage
        expect(slope * onset).toBeCloseTo((at(to + change) - at(to - change)) / (2 * change), 6)
      }),
    )
  })

  it("refuses a loss of all and an endurance up to the strength", () => {
    const parameters = { ...law, processZone: 0 } as Record<string, number>
    const made = (fatigueLoss: number, endurance: number) => () =>
      bilinearEntry.create({ ...parameters, fatigueLoss, endurance } as never, {} as never, {} as never)
    expect(made(0.99, 0.25)).not.toThrow()
    expect(made(1, 0.25)).toThrow("fatigue-loss is 1")
    expect(made(0, 1)).toThrow("endurance is 1")
  })

  it("scales a slope that damage had before by what it leaves", () => {
    const damage = Float64Array.of(0.2)
    const slope = Float64Array.of(5e9)
    addFatigueInto(law, Float64Array.of(0), Float64Array.of(1), Float64Array.of(2 * onset), 1, damage, slope)
    expect(slope[0]).toBeCloseTo(0.7 * 5e9, 0)
  })
})
