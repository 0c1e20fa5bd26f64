import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { analyseSynchronisation } from "../../src/synchronisation/analysis.ts"
import type { EnsembleHistory } from "../../src/synchronisation/ensemble.ts"
import { ensembles, withSpreads } from "./ensemble.ts"

const geometric = (count: number, factor: number, first = 0.09): number[] =>
  Array.from({ length: count }, (_, index) => first * factor ** index)

describe("the verdict", () => {
  it("is synchronises where the spread falls below half its peak and stays there", () => {
    const spreads = [0.088, 0.075, 0.063, 0.052, 0.043, 0.04, 0.038, 0.031, 0.026, 0.013]
    const found = analyseSynchronisation(withSpreads(spreads, 3))
    expect(found).toMatchObject({ verdict: "synchronises", syncCycle: 5, inStep: false })
    expect(found.peak!.cycle).toBe(1)
    expect(found.peak!.spread).toBeCloseTo(0.088, 12)
    expect(found.contraction!.factor).toBeCloseTo(0.8379, 4)
    expect(found.reason).toMatch(
      /^The spread falls from 0\.088 \(cycle 1\) to 0\.013 \(cycle 10\), below half its peak from cycle 5 on; factor 0\.838 per cycle \(0\.\d{3}–0\.\d{3}\)\.$/,
    )
    // Damages 0.4 · (1.25, 1, 0.75) in cycle 5: one of three is at 0.5
    expect(found.severeShareAtSync).toBeCloseTo(1 / 3, 12)
    expect(found.utilisation).toBeCloseTo(1, 12)
  })

  it("takes the peak where it is, and only what stays below", () => {
    const found = analyseSynchronisation(withSpreads([0.03, 0.06, 0.09, 0.04, 0.05, 0.04, 0.03, 0.02]))
    expect(found).toMatchObject({ verdict: "synchronises", syncCycle: 6 })
    expect(found.peak!.cycle).toBe(3)
  })

  it("says where a synchronised spread rises again", () => {
    const found = analyseSynchronisation(withSpreads([0.09, 0.06, 0.03, 0.01, 0.014, 0.0196, 0.02744, 0.038416]))
    expect(found).toMatchObject({ verdict: "synchronises", syncCycle: 3 })
    expect(found.reason).toContain("at the end it rises again, factor 1.400 per cycle")
  })

  it("does not take one last cycle for synchrony, unless the whole course falls", () => {
    const jump = analyseSynchronisation(withSpreads([0.09, 0.088, 0.09, 0.087, 0.089, 0.088, 0.04]))
    expect(jump).toMatchObject({ verdict: "undecided", syncCycle: 7 })
    const steady = analyseSynchronisation(withSpreads(geometric(8, 0.9)))
    expect(steady).toMatchObject({ verdict: "synchronises", syncCycle: 8 })
  })

  it("is saturates where the spread stands still above half its peak", () => {
    const found = analyseSynchronisation(withSpreads([0.088, 0.075, 0.067, 0.062, 0.06, 0.06, 0.06, 0.06]))
    expect(found).toMatchObject({ verdict: "saturates", syncCycle: null, severeShareAtSync: null })
    expect(found.reason).toContain("without staying below half its peak and stands still")
    expect(analyseSynchronisation(withSpreads(geometric(6, 1))).verdict).toBe("saturates")
  })

  it("is diverges where the spread rises at the end", () => {
    const found = analyseSynchronisation(withSpreads(geometric(8, 1.1, 0.02)))
    expect(found).toMatchObject({ verdict: "diverges", syncCycle: null, contraction: null })
    expect(found.reason).toMatch(/^The spread goes from 0\.02 \(cycle 1\) to 0\.039 \(cycle 8\) and rises/)
  })

  it("is undecided while the spread is falling, where it is uneven, and where cycles are few", () => {
    expect(analyseSynchronisation(withSpreads(geometric(5, 0.9)))).toMatchObject({
      verdict: "undecided",
      reason: expect.stringContaining("still falling"),
    })
    expect(analyseSynchronisation(withSpreads([0.05, 0.09, 0.06, 0.08, 0.05, 0.085]))).toMatchObject({
      verdict: "undecided",
      reason: expect.stringContaining("too uneven"),
    })
    expect(analyseSynchronisation(withSpreads(geometric(3, 0.4)))).toMatchObject({
      verdict: "undecided",
      syncCycle: 2,
      reason: "3 cycles are too few for a verdict; 4 are wanted.",
    })
    expect(analyseSynchronisation(withSpreads([]))).toMatchObject({
      cycles: [],
      peak: null,
      verdict: "undecided",
      reason: "No cycle has an end of charge.",
      utilisation: Number.NaN,
    })
  })

  it("names where it begins, not its peak twice, where the peak comes last", () => {
    const { reason } = analyseSynchronisation(withSpreads([0.075, 0.081, 0.07, 0.083, 0.07, 0.0903]))
    expect(reason).toContain("The spread goes from 0.075 (cycle 1) to its peak, 0.09 (cycle 6), without staying")
  })

  it("knows particles that were equal from the start", () => {
    const found = analyseSynchronisation(withSpreads([1e-9, 0, 3e-9, 2e-9, 0]))
    expect(found).toMatchObject({ verdict: "synchronises", inStep: true, syncCycle: 1, contraction: null })
    expect(found.reason).toContain("In step from the start")
  })

  it("fits down to the floor of what can be told apart, not along it", () => {
    const found = analyseSynchronisation(withSpreads([...geometric(6, 0.4), 5e-4, 0.0011, 4e-4, 0]))
    expect(found.contraction!.factor).toBeCloseTo(0.4, 9)
    expect(found.contraction!.high).toBeCloseTo(0.4, 9)
    expect(found).toMatchObject({ verdict: "synchronises", syncCycle: 2 })
    // A peak that is hardly above the floor
    const low = analyseSynchronisation(withSpreads([0.0015, 0.0012, 9e-4, 9e-4, 9e-4]))
    expect(low).toMatchObject({ verdict: "synchronises", syncCycle: 3, contraction: null })
  })

  it("has nothing to say of one particle", () => {
    const one: EnsembleHistory = {
      particleCount: 1,
      cycle: Int32Array.of(1, 2, 3, 4),
      endOfCharge: Float64Array.of(0.4, 0.4, 0.4, 0.4),
      endOfDischarge: Float64Array.of(0.9, 0.9, 0.9, 0.9),
      damage: new Float64Array(4),
      weight: Float64Array.of(1),
    }
    expect(analyseSynchronisation(one)).toMatchObject({ verdict: "undecided", inStep: false, syncCycle: null })
  })

  it("follows the settings", () => {
    const spreads = withSpreads(geometric(8, 0.9))
    expect(analyseSynchronisation(spreads, { threshold: 0.8 }).syncCycle).toBe(4)
    expect(analyseSynchronisation(spreads, { threshold: 0.8 }).reason).toContain(
      "below 0.8 of its peak from cycle 4 on",
    )
    expect(analyseSynchronisation(spreads, { floor: 0.1 }).inStep).toBe(true)
    expect(analyseSynchronisation(spreads, { leastCycles: 9 }).verdict).toBe("undecided")
    expect(() => analyseSynchronisation(spreads, { threshold: 1 })).toThrow("threshold 1")
    expect(() => analyseSynchronisation(spreads, { leastCycles: 2 })).toThrow("least cycles 2")
  })
})

describe("an analysis", () => {
  it("leaves out what a cycle lacks and keeps the rest", () => {
    const history = withSpreads([0.09, 0.3, 0.045, 0.032, 0.02, 0.018])
    const endOfCharge = history.endOfCharge.slice()
    endOfCharge[2] = Number.NaN
    const found = analyseSynchronisation({ ...history, endOfCharge })
    expect(found.cycles[1].spreadCharge).toBeNaN()
    expect(found.cycles[1].meanDamage).not.toBeNaN()
    expect(found).toMatchObject({ verdict: "synchronises", syncCycle: 4 })
    expect(found.peak!.spread).toBeCloseTo(0.09, 12)
  })

  it("has no number that is not one, but for what is not recorded", () => {
    fc.assert(
      fc.property(ensembles, (history) => {
        const found = analyseSynchronisation(history)
        const numbers = [
          ...Object.values(found.contraction ?? {}),
          ...Object.values(found.peak ?? {}),
          found.syncCycle ?? 0,
          found.severeShareAtSync ?? 0,
        ]
        for (const value of numbers) expect(Number.isNaN(value)).toBe(false)
        expect(found.reason).not.toContain("NaN")
        expect(found.cycles).toHaveLength(history.cycle.length)
      }),
    )
  })

  it("keeps its verdict when the spreads are scaled, away from the floor", () => {
    // Stoichiometries round at 1e-16: whole thousandths are never that close to each other or to half of each other.
    const spreads = fc.uniqueArray(fc.integer({ min: 5, max: 49 }), { minLength: 4, maxLength: 12 })
    fc.assert(
      fc.property(spreads, fc.double({ min: 1, max: 4, noNaN: true }), (thousandths, scale) => {
        const values = thousandths.map((value) => (2 * value + 1) / 1000)
        const plain = analyseSynchronisation(withSpreads(values))
        const scaled = analyseSynchronisation(withSpreads(values.map((value) => value * scale)))
        expect(scaled.verdict).toBe(plain.verdict)
        expect(scaled.syncCycle).toBe(plain.syncCycle)
        expect(scaled.peak!.cycle).toBe(plain.peak!.cycle)
        if (plain.contraction !== null) expect(scaled.contraction!.factor).toBeCloseTo(plain.contraction.factor, 9)
      }),
    )
  })

  it("a lower threshold never makes synchrony earlier", () => {
    const threshold = fc.double({ min: 0.05, max: 0.95, noNaN: true })
    fc.assert(
      fc.property(ensembles, threshold, threshold, (history, a, b) => {
        const [strict, loose] = [Math.min(a, b), Math.max(a, b)].map(
          (each) => analyseSynchronisation(history, { threshold: each }).syncCycle ?? Number.POSITIVE_INFINITY,
        )
        expect(strict).toBeGreaterThanOrEqual(loose)
      }),
    )
  })

  it("refuses what is no history", () => {
    const history = withSpreads([0.1, 0.1])
    expect(() => analyseSynchronisation({ ...history, damage: new Float64Array(3) })).toThrow("damage has 3 entries")
    expect(() => analyseSynchronisation({ ...history, cycle: Int32Array.of(2, 2) })).toThrow("cycle 2 follows 2")
    expect(() => analyseSynchronisation({ ...history, weight: Float64Array.of(1, 0) })).toThrow("weight")
    expect(() =>
      analyseSynchronisation({ ...history, damage: Float64Array.of(0, 0, 0, Number.POSITIVE_INFINITY) }),
    ).toThrow("damage[3] is infinite")
  })
})
