import { describe, expect, it } from "vitest"
import type { DesignReportInput } from "../../src/report/design/input.ts"
import { renderDesign } from "../../src/report/design/page.ts"

const none = Number.POSITIVE_INFINITY

/** Layouts that differ in one knob, with the sync cycles given. */
const design = (...syncCycles: readonly number[]): DesignReportInput => ({
  title: "packing",
  programVersion: "0.0.0",
  started: "2026-11-26T10:00:00Z",
  cycles: 10,
  factors: [{ path: "geometry.conductor.morphology", unit: "", isLogarithmic: false }],
  layouts: syncCycles.map((syncCycle, k) => ({
    rank: k + 1,
    front: 1,
    name: `layout-${k}`,
    link: null,
    values: Float64Array.of(0.1 * k),
    texts: [`${10 * k} %`],
    status: "done",
    measures: {
      ...{ syncCycle, severeShare: 0.1 * k, capacity: 120 - 10 * k, energy: 400 - 30 * k },
      ...{ meanDamage: 0.3 + 0.02 * k, deviation: 0.05 - 0.004 * k },
    },
  })),
})

/** Text of the header cells of the table of correlations. */
const columns = (page: string): readonly string[] => {
  const table = page.slice(page.indexOf("<h2>Why</h2>"), page.indexOf("<h3>Against"))
  return [...table.matchAll(/<th[^>]*>([^<]*)<\/th>/g)].map(([, text]) => text)
}

describe("the page of a design", () => {
  it("correlates knobs with what comes out", () => {
    const page = renderDesign(design(3, 5, none, none))
    expect(page).toContain("Of 4 layouts on the same packing 2 come into step within 10 cycles")
    expect(columns(page)).toContain("Sync cycle")
    expect(page).toContain("Sync cycle against morphology")
    // Capacity falls with the knob, damage rises.
    const rows = page.slice(page.indexOf("<h2>Why</h2>"), page.indexOf("<h3>Against"))
    expect([...rows.matchAll(/[−]?[01]\.\d\d/g)].map(([text]) => text)).toEqual(
      expect.arrayContaining(["1.00", "−1.00"]),
    )
    expect(page).not.toContain("left out")
  })

  it("leaves out what is the same for all layouts, and says so", () => {
    const page = renderDesign(design(none, none, none))
    expect(page).toContain("none comes into step within 10 cycles")
    expect(page).toContain("The same for all layouts, and left out: sync cycle.")
    expect(columns(page)).not.toContain("Sync cycle")
    expect(columns(page)).toContain("Capacity")
    expect(page).not.toContain("Sync cycle against morphology")
  })

  it("says one comes into step", () => {
    expect(renderDesign(design(4, none))).toContain("one comes into step")
  })
})
