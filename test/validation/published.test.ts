import { describe, expect, it } from "vitest"
import { analyseSynchronisation } from "../../src/synchronisation/analysis.ts"
import type { EnsembleHistory } from "../../src/synchronisation/ensemble.ts"
import { withFindings } from "../../validation/case.ts"
import type { Cycled } from "../../validation/published/cycling.ts"
import { cycled } from "../../validation/published/cycling.ts"
import { controlRows, type EvolutionRuns, evolutionRows, windowRows } from "../../validation/published/evolution.ts"
import { soundness } from "../../validation/published/rows.ts"

interface Shape {
  /** [cycle] spread of the lithium contents; negative where the last particle holds least */
  readonly spread: readonly number[]
  /** [cycle, particle] */
  readonly damage: readonly (readonly number[])[]
  readonly onset?: readonly number[]
  readonly imbalance?: number
  readonly stopped?: string
}

/** A run of three particles that went as stated. */
const made = ({ spread, damage, onset = [0.8, 0.9, 1], imbalance = 1e-12, stopped = "" }: Shape): Cycled => {
  const history: EnsembleHistory = {
    particleCount: 3,
    cycle: Int32Array.from(spread, (_, index) => index + 1),
    endOfCharge: Float64Array.from(spread.flatMap((width) => [0.5 - width / 2, 0.5, 0.5 + width / 2])),
    endOfDischarge: new Float64Array(3 * spread.length).fill(0.9),
    damage: Float64Array.from(damage.flat()),
    weight: new Float64Array(3).fill(1 / 3),
  }
  const synchronisation = analyseSynchronisation(history)
  return { history, synchronisation, onset: Float64Array.from(onset), endVoltage: [], ends: [], imbalance, stopped }
}

const ten = Array.from({ length: 10 }, (_, index) => index)
const constant = (width: number): number[] => ten.map(() => width)
const none = ten.map(() => [0, 0, 0])
const converging = ten.map((k) => [
  0.1 + 0.07 * k,
  0.05 + 0.07 * k + 0.1 * (k / 9) ** 4,
  k < 3 ? 0.005 * k : 0.01 + 0.0775 * k,
])
const parted = ten.map((k) => [0.1 * k, 0.02 * k, 0.01 * k])
const contracting = ten.map((k) => 0.09 * 0.8 ** k)

const published: EvolutionRuns = {
  fixed: made({ spread: contracting, damage: converging }),
  window: made({ spread: constant(0.05), damage: ten.map((k) => [0.7 + 0.02 * k, 0.5, 0.4]) }),
  untiring: made({ spread: constant(0.05), damage: ten.map(() => [0.7, 0.5, 0.4]) }),
  bare: made({ spread: contracting, damage: parted }),
  homogeneous: made({ spread: constant(2e-4), damage: none }),
  unhindered: made({ spread: constant(1e-6), damage: none }),
  still: made({ spread: constant(0.08), damage: none }),
  frozen: made({ spread: constant(0.085), damage: parted }),
  swapped: made({ spread: contracting.map((width) => -width), damage: converging.map((row) => row.toReversed()) }),
}

const failing = (runs: EvolutionRuns): string[] =>
  [...evolutionRows(runs), ...windowRows(runs), ...controlRows(runs)]
    .filter(({ passed }) => !passed)
    .map(({ quantity }) => quantity)

describe("the rows of the published cases", () => {
  it("all hold for runs that go as the paper says", () => {
    expect(failing(published)).toEqual([])
  })

  it.each([
    ["verdict", { fixed: made({ spread: constant(0.09), damage: converging }) }],
    ["contraction", { fixed: made({ spread: constant(0.09), damage: converging }) }],
    [
      "spread of damage over its mean",
      { fixed: made({ spread: contracting, damage: parted.map((row) => row.map((d) => d + 0.01)) }) },
    ],
    [
      "onset of damage in the first charge",
      { fixed: made({ spread: contracting, damage: converging, onset: [0.9, 0.8, 1] }) },
    ],
    ["onset of damage, earliest", { fixed: made({ spread: contracting, damage: converging, onset: [0.1, 0.8, 1] }) }],
    ["onset of damage in the first", { fixed: made({ spread: contracting, damage: none, onset: constant(Infinity) }) }],
    ["onset of damage, earliest", { fixed: made({ spread: contracting, damage: none, onset: constant(Infinity) }) }],
    ["first charge: lithium", { fixed: made({ spread: contracting.map((width) => -width), damage: converging }) }],
    ["between voltage limits, no wear: mean damage", { untiring: made({ spread: constant(0.05), damage: parted }) }],
    ["between voltage limits, no wear: spread of damage", { untiring: made({ spread: constant(0.05), damage: none }) }],
    ["between voltage limits: mean damage", { window: made({ spread: constant(0.05), damage: none }) }],
    ["between voltage limits, no formation: verdict", { bare: made({ spread: constant(0.09), damage: parted }) }],
    ["(a) same carbon/binder everywhere: largest", { homogeneous: made({ spread: constant(0.02), damage: none }) }],
    ["(a) same carbon/binder, no mechanics", { unhindered: made({ spread: constant(0.02), damage: none }) }],
    ["(b) no mechanics: spread", { still: made({ spread: contracting, damage: none }) }],
    ["(b) no mechanics: damage", { still: made({ spread: constant(0.08), damage: parted }) }],
    ["(c) R does not feel the gap: contraction", { frozen: made({ spread: contracting, damage: parted }) }],
    ["(d) coverages swapped: lithium", { swapped: published.fixed }],
    ["(d) coverages swapped: damage", { swapped: published.fixed }],
  ] satisfies readonly (readonly [string, Partial<EvolutionRuns>])[])("see where not: %s", (quantity, changed) => {
    expect(failing({ ...published, ...changed })).toEqual(expect.arrayContaining([expect.stringContaining(quantity)]))
  })

  it("are marked where they are known not to hold, and only rows that are there", () => {
    const [first, ...others] = withFindings(soundness({ whole: published.fixed }), {
      "lithium and charge balance, worst step of all 1 runs": "why",
    })
    expect(first.finding).toBe("why")
    expect(others.every(({ finding }) => finding === undefined)).toBe(true)
    expect(() => withFindings([first], { other: "why" })).toThrow('no row "other"')
  })

  it("see broken balances and runs that break off", () => {
    const broken = made({ spread: contracting, damage: converging, imbalance: 1e-6, stopped: "at 3 s" })
    expect(soundness({ broken }).map(({ passed }) => passed)).toEqual([false, false])
    expect(soundness({ whole: published.fixed }).map(({ passed }) => passed)).toEqual([true, true])
  })
})

it("a run of a published case goes through the shipped twin and scenario, values set as on the command line", async () => {
  const run = await cycled({
    twin: "li2022-three-particle",
    scenario: "li2022-fixed-charge",
    set: [
      "mesh={interface-length: 1.5 um, growth: 0.4, maximum-length: 4 um}",
      "cycle.repeat=1",
      "model.mechanics=false",
    ],
  })
  expect(run.history.cycle).toEqual(Int32Array.of(1))
  expect(run.synchronisation.peak!.spread).toBeGreaterThan(0.05)
  expect([...run.onset]).toEqual([1, 1, 1].map(() => Number.POSITIVE_INFINITY))
  expect(run.ends).toHaveLength(4)
  expect(run.endVoltage[0]).toBeGreaterThan(4.2)
  expect(run.stopped).toBe("")
})
