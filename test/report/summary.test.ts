import { describe, expect, it } from "vitest"
import { contextOf } from "../../src/report/context.ts"
import type { CycleTable, ReportInput } from "../../src/report/input.ts"
import { keyFigures, runNumbers, summarySentences } from "../../src/report/summary.ts"
import { markupToPlain } from "../../src/report/text.ts"
import { fakeRun } from "./fake-run.ts"

const run = fakeRun({ cycles: 3, particles: 3, spans: 4 })
const withCycles = (changes: Partial<CycleTable>): ReportInput => ({ ...run, cycles: { ...run.cycles, ...changes } })
const said = (input: ReportInput): string => summarySentences(contextOf(input)).map(markupToPlain).join(" ")

describe("the summary", () => {
  it("tells whether the spread fell, rose or stayed, and where it peaked", () => {
    const spread = (...values: number[]) => said(withCycles({ spreadStoichiometryCharge: Float64Array.from(values) }))
    expect(spread(0.08, 0.06, 0.02)).toContain("0.080 apart in cycle 1 and 0.020 in cycle 3, 75 % less.")
    expect(spread(0.04, 0.05, 0.06)).toContain("0.040 apart in cycle 1 and 0.060 in cycle 3, 50 % more.")
    expect(spread(0.05, 0.06, 0.051)).toContain(
      "0.050 apart in cycle 1 and 0.051 in cycle 3, nearly the same; they were farthest apart in cycle 2 (0.06).",
    )
  })

  it("tells how the damage of the particles differs, compared with before", () => {
    const spread = (...values: number[]) => said(withCycles({ spreadDamage: Float64Array.from(values) }))
    expect(spread(0.1, 0.3, 0.2)).toContain("differ by 0.20, after at most 0.30 in cycle 2.")
    expect(spread(0.1, 0.3, 0.29)).toContain("differ by 0.29, nearly the most they ever did (cycle 2).")
    expect(spread(0.1, 0.2, 0.3)).toContain("differ by 0.30, more than ever before.")
  })

  it("takes the worst balance of the run, whatever its sign, and leaves formation out of the cycles", () => {
    const input = withCycles({
      cycle: Int32Array.of(0, 1, 2),
      lithiumBalanceError: Float64Array.of(-4e-12, 1e-13, 2e-13),
    })
    const numbers = runNumbers(contextOf(input))
    expect(numbers.lithiumError).toBe(4e-12)
    expect(numbers.cycles).toBe(2)
    expect(numbers.dischargeCapacity[0]).toBe(run.cycles.dischargeCapacity[1])
  })

  it("leaves out what was not recorded", () => {
    const nothing = run.cycles.meanDamage.map(() => Number.NaN)
    const input = { ...withCycles({ meanDamage: nothing, lithiumBalanceError: nothing }), mechanicalEnergy: null }
    expect(said(input)).not.toMatch(/damage|conserved|viscous/)
    expect(keyFigures(contextOf(input)).map(({ title }) => markupToPlain(title))).toEqual([
      "Discharge capacity",
      "End of charge",
      "Spread of c/cmax",
    ])
  })

  it("says how the run ended", () => {
    const ended = (status: ReportInput["manifest"]["status"], reason: string) =>
      said({ ...run, manifest: { ...run.manifest, status, reason } })
    expect(ended("failed", "the step fell below 1 µs")).toContain(
      "It failed (the step fell below 1 µs); computing took",
    )
    expect(ended("interrupted", "")).toContain("It was interrupted; computing took")
    expect(ended("running", "")).toContain("It is still running")
  })
})
