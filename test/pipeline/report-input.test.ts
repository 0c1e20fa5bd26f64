import { describe, expect, it } from "vitest"
import type { SeriesEntry } from "../../src/formats/vtu.ts"
import { drawnMoments } from "../../src/pipeline/report-input.ts"

/** Entries of a series as a run writes them: cells (part 0) and interfaces (part 1) at each moment. */
const series = (labels: readonly string[]): readonly SeriesEntry[] =>
  labels.flatMap((label, at) =>
    [0, 1].map((part) => ({ time: 100 * at, part, file: `fields/${part}-${at}.vtu`, label })),
  )
const charges = (count: number) => Array.from({ length: count }, (_, at) => `End of charge, cycle ${at + 1}`)
const drawn = (labels: readonly string[]) => drawnMoments(series(labels)).map(({ label, part }) => [label, part])

describe("moments that a report draws", () => {
  it("are all of a few", () => {
    expect(drawn(charges(3))).toEqual(charges(3).map((label) => [label, 0]))
  })

  it("are ends of charge where there are any", () => {
    const both = charges(2).flatMap((label) => [label, label.replace("charge", "discharge")])
    expect(drawn(both).map(([label]) => label)).toEqual(charges(2))
    expect(drawn(["End of discharge, cycle 1", "300 s, cycle 2"])).toHaveLength(2)
  })

  it("are the first, after formation too, and the last with their neighbours of many", () => {
    const labels = drawn(["End of charge, formation", ...charges(50)]).map(([label]) => label)
    expect(labels).toEqual(["End of charge, formation", ...charges(3), ...charges(50).slice(-3)])
  })

  it("are none where no fields were written", () => {
    expect(drawn([])).toEqual([])
  })
})
