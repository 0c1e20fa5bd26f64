import { describe, expect, it } from "vitest"
import { contextOf } from "../../src/report/context.ts"
import type { ReportInput } from "../../src/report/input.ts"
import { figures, renderReport } from "../../src/report/report.ts"
import { endsPanel, orderPanel, verdictWords } from "../../src/report/synchrony.ts"
import { markupToPlain } from "../../src/report/text.ts"
import type { EnsembleHistory } from "../../src/synchronisation/ensemble.ts"
import { fakeRun } from "./fake-run.ts"

const run = fakeRun({ cycles: 8, particles: 3, spans: 4 })

/** Two particles whose contents at the end of charge lie so far apart, cycle by cycle. */
const apart = (...spreads: number[]): EnsembleHistory => ({
  particleCount: 2,
  cycle: Int32Array.from(spreads, (_, at) => at + 1),
  endOfCharge: Float64Array.from(spreads.flatMap((spread) => [0.5 - spread / 2, 0.5 + spread / 2])),
  endOfDischarge: Float64Array.from(spreads.flatMap(() => [0.9, 0.9])),
  damage: Float64Array.from(spreads.flatMap((_, at) => [at < 2 ? 0.1 : 0.6, 0.2])),
  weight: Float64Array.of(0.25, 0.75),
})
const saidOf = (ensemble: EnsembleHistory | null) => {
  const words = verdictWords(contextOf({ ...run, ensemble }))
  return words === null
    ? null
    : { ...words, keys: words.keys.map(({ title, ...rest }) => [markupToPlain(title), rest.value]) }
}

describe("the verdict", () => {
  it("is that of the analysis, with its numbers", () => {
    const said = saidOf(apart(0.08, 0.06, 0.03, 0.02, 0.015))
    expect(said?.verdict).toBe("synchronises")
    expect(said?.reason).toContain("0.08 (cycle 1) to 0.015 (cycle 5), below half its peak from cycle 3 on")
    expect(said?.keys).toEqual([
      ["Largest spread of c/cmax", "0.080"],
      ["Sync cycle", "3"],
      ["Contraction of the spread", expect.stringMatching(/^× 0\.6\d\d$/)],
      ["Severely damaged at sync", "25 %"],
      ["Utilisation", "104 %"],
      ["Order parameter", "0.996 → 1.000"],
    ])
  })

  it("names no sync cycle where there is none, and none of what was not fitted", () => {
    const rising = saidOf(apart(0.02, 0.03, 0.045, 0.07, 0.1))
    expect(rising?.verdict).toBe("diverges")
    expect(rising?.keys).toContainEqual(["Sync cycle", "none"])
    expect(rising?.keys.map(([title]) => title)).not.toContain("Severely damaged at sync")
    const short = saidOf(apart(0.02, 0.03))
    expect(short?.verdict).toBe("undecided")
    expect(short?.keys.map(([title]) => title)).not.toContain("Contraction of the spread")
  })

  it("is not given where nothing is known or there is nothing to compare", () => {
    expect(saidOf(null)).toBeNull()
    const alone = { ...apart(0.1, 0.1), particleCount: 1, weight: Float64Array.of(1) }
    const one = {
      ...alone,
      endOfCharge: alone.endOfCharge.slice(0, 2),
      endOfDischarge: alone.endOfDischarge.slice(0, 2),
      damage: alone.damage.slice(0, 2),
    }
    expect(saidOf(one)).toBeNull()
    expect(renderReport({ ...run, ensemble: null })).not.toContain('class="verdict"')
  })

  it("stands in the page before the panels it rests on", () => {
    const html = renderReport(run)
    expect(html).toMatch(/class="status (synchronises|saturates|undecided|diverges)"/)
    expect(html.indexOf('class="verdict"')).toBeLessThan(html.indexOf('id="figure-spread"'))
    expect(html.indexOf('id="figure-spread"')).toBeLessThan(html.indexOf('id="figure-content-by-cycle"'))
  })
})

describe("panels by cycle", () => {
  const textOf = (input: ReportInput, name: string) =>
    figures(input)
      .find((figure) => figure.name === name)
      ?.svg.replace(/<[^>]+>/g, " ") ?? ""

  it("show each particle at the ends of charge and discharge", () => {
    const panel = endsPanel(contextOf(run), 640, 380)
    const charge = panel?.plots[1].curves ?? []
    expect(charge.map(({ name }) => name)).toEqual(["P1", "P2", "P3"])
    expect(charge[1].y).toEqual(
      Array.from({ length: 8 }, (_, at) => Number((run.ensemble?.endOfCharge[3 * at + 1] ?? 0).toPrecision(5))),
    )
    expect(textOf(run, "content-by-cycle")).toMatch(/End of discharge.*End of charge.*Cycle/s)
  })

  it("leave out severe damage where there are no mechanics", () => {
    const { ensemble } = run
    const damage = new Float64Array(24).fill(Number.NaN)
    const elastic = { ...run, ensemble: ensemble === null ? null : { ...ensemble, damage } }
    const names = orderPanel(contextOf(elastic), 500, 380)?.plots.flatMap(({ curves }) =>
      curves.map(({ name }) => name),
    )
    expect(names).toEqual(["order parameter", "utilisation"])
    expect(textOf(run, "order-by-cycle")).toContain("severely damaged")
  })

  it("are none for a single cycle", () => {
    const names = figures(fakeRun({ cycles: 1, particles: 3, spans: 4 })).map(({ name }) => name)
    expect(names).not.toContain("content-by-cycle")
    expect(names).not.toContain("order-by-cycle")
  })

  it("mark where the spread counts as synchronous", () => {
    const marks = (ensemble: EnsembleHistory) =>
      figures({ ...run, ensemble })
        .find(({ name }) => name === "spread")
        ?.svg.match(/stroke-dasharray="[^"]*"/g)?.length ?? 0
    const [without, within] = [apart(0.02, 0.03, 0.045, 0.07, 0.1), apart(0.08, 0.06, 0.03, 0.02, 0.015)].map(marks)
    expect(within).toBe(without + 1)
  })
})
