import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { contextOf } from "../../src/report/context.ts"
import type { ReportInput } from "../../src/report/input.ts"
import { figures } from "../../src/report/report.ts"
import { chosenCycles, runAxisOf } from "../../src/report/run-axis.ts"
import { fakeRun } from "./fake-run.ts"

const cycle = (number: number, from: number, to: number) => ({ cycle: number, from, to })
const at = (time: number[], cycles: number[]) => ({ time: Float64Array.from(time), cycle: Int32Array.from(cycles) })

describe("the axis of a whole run", () => {
  it("is time over τ for a few cycles, with a stripe behind every other one", () => {
    const spans = [cycle(1, 0, 1000), cycle(2, 1000, 2200), cycle(3, 2200, 3000)]
    const { axis, placed, stripes } = runAxisOf(spans, Float64Array.of(0, 3000), 500)
    expect([axis.minimum, axis.maximum]).toEqual([0, 6])
    expect([...placed(at([0, 1600, 3000], [1, 2, 3]))]).toEqual([0, 3.2, 6])
    expect(stripes).toEqual([{ from: 2, to: 4.4 }])
  })

  it("gives every cycle the same width where formation would take it all", () => {
    const spans = [cycle(0, 0, 90_000), cycle(1, 90_000, 91_000), cycle(2, 91_000, 91_500)]
    const { axis, placed, stripes } = runAxisOf(spans, Float64Array.of(0, 91_500), 720)
    expect([axis.minimum, axis.maximum]).toEqual([-1, 2])
    expect([...placed(at([0, 45_000, 90_000, 90_500, 91_500], [0, 0, 0, 1, 2]))]).toEqual([-1, -0.5, 0, 0.5, 2])
    expect(stripes).toEqual([{ from: 1, to: 2 }])
  })

  it("keeps moments in order, however long the cycles are", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 13, maxLength: 40 }), (lengths) => {
        const until = (index: number) => lengths.slice(0, index).reduce((sum, length) => sum + length, 0)
        const spans = lengths.map((_, index) => cycle(index + 1, until(index), until(index + 1)))
        const time = spans.flatMap(({ from, to }) => [from + (to - from) / 3, to])
        const cycles = spans.flatMap((span) => [span.cycle, span.cycle])
        const { axis, placed } = runAxisOf(spans, Float64Array.from(time), 1)
        const places = placed(at(time, cycles))
        expect(places.every((place, row) => row === 0 || place > places[row - 1])).toBe(true)
        expect([axis.minimum, axis.maximum]).toEqual([0, lengths.length])
      }),
    )
  })
})

describe("cycles that stand for all", () => {
  it("are all of a few, else the first, the last and some between", () => {
    expect(chosenCycles(1, 4, 6)).toEqual([1, 2, 3, 4])
    expect(chosenCycles(1, 50, 6)).toEqual([1, 11, 21, 30, 40, 50])
    expect(chosenCycles(7, 7, 6)).toEqual([7])
  })
})

describe("figures of long runs", () => {
  const long = fakeRun({ cycles: 14, particles: 3, spans: 4 })
  const svgOf = (input: ReportInput, name: string) =>
    figures(input)
      .find((figure) => figure.name === name)
      ?.svg.replace(/<[^>]+>/g, " ") ?? ""

  it("lay a few cycles over one another and compare the first with the last", () => {
    expect(svgOf(long, "voltage-current")).toMatch(/cycle 1 .*cycle 4 .*cycle 14 .*Time in the cycle/s)
    expect(svgOf(long, "particles-current")).toMatch(/cycle 1 .*cycle 14 /s)
    expect(svgOf(long, "damage")).toContain("Cycles gone by")
    const short = fakeRun({ cycles: 3, particles: 3, spans: 4 })
    expect(svgOf(short, "voltage-current")).not.toContain("cycle 1")
    expect(svgOf(short, "damage")).not.toContain("Cycles gone by")
  })

  it("leave formation out of the capacities", () => {
    const run = fakeRun({ cycles: 3, particles: 3, spans: 4 })
    const formed: ReportInput = {
      ...run,
      history: { ...run.history, cycle: run.history.cycle.map((number) => number - 1) },
      particleHistory: { ...run.particleHistory, cycle: run.particleHistory.cycle.map((number) => number - 1) },
      cycles: {
        ...run.cycles,
        cycle: run.cycles.cycle.map((number) => number - 1),
        chargeCapacity: Float64Array.of(987, 120, 120),
      },
    }
    expect(contextOf(formed).compared).toEqual([1, 2])
    expect(svgOf(formed, "capacity")).not.toContain("1000")
    expect(svgOf(formed, "damage")).toContain("formation before 0")
    expect(svgOf(formed, "voltage-current")).toContain("formation before 0")
  })
})
