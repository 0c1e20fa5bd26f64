import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { runCommand } from "../../src/cli/command.ts"
import { exitCodeOf } from "../../src/cli/failure.ts"
import { readCsv, writeCsv } from "../../src/formats/csv.ts"
import { numbersOf, wordsOf } from "../../src/formats/table.ts"
import { ownInfluences, plantedColumns } from "../../src/learning/planted-table.ts"
import { synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "compare-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (...names: string[]): string => join(folder, ...names)

const planted = (seed: number) => plantedColumns({ rowCount: 160, influences: ownInfluences, noise: 0.1, seed })
writeFileSync(inside("measured.csv"), writeCsv({ columns: planted(1) }))
// Another sample of the same particles, but twice as long and without EDensity; areas in another unit.
const simulated = planted(2).flatMap((column) => {
  const { name, values } = column
  if (name === "EDensity") return []
  if (name === "Elongation" && values instanceof Float64Array) return [{ ...column, values: values.map((v) => 2 * v) }]
  return [name === "SurfaceOuter" ? { ...column, unit: "m" } : column]
})
writeFileSync(inside("simulated.csv"), writeCsv({ columns: simulated }))

const compare = async (other: string, out: string) => {
  const words = ["compare", inside("measured.csv"), inside(other), "--runs", "2", "--threads", "1", "--json"]
  const ended = await synchrode(...words, "--out", inside(out))
  expect([ended.code, ended.error.includes("fault of the program")]).toEqual([0, false])
  return { ...ended, record: JSON.parse(ended.out) }
}

describe("compare", () => {
  it("finds the attribute that differs, and says what cannot be compared", async () => {
    const { record, error } = await compare("simulated.csv", "different")
    const table = readCsv(readFileSync(inside("different", "comparison.csv"), "utf8"))
    const names = wordsOf(table, "attribute")
    const [distance, low, probability] = ["kolmogorov_smirnov", "kolmogorov_smirnov_low", "probability"].map((name) =>
      numbersOf(table, name),
    )
    const at = names.indexOf("Elongation")
    expect(distance[at]).toBe(Math.max(...distance))
    expect(low[at]).toBeGreaterThan(0.5)
    expect(probability[at]).toBe(0.001)
    expect(probability[names.indexOf("Volume")]).toBeGreaterThan(0.01)
    expect(names).not.toContain("SurfaceOuter")
    expect(error).toContain("measured: not in all tables, or not in the same unit, left out: EDensity, SurfaceOuter")
    expect(record.latent.energy.probability).toBeLessThan(0.01)
    expect(record.latent.learntRows).toBe(80)
    expect(record.onlyInMeasured).toEqual(["EDensity"])
    // Both follow the same model: the same attributes lead.
    expect(record.importances.rankCorrelation.coefficient).toBeGreaterThan(0.2)
    const verdicts = ["measured", "simulated"].map((side) => record.observations[side][0].verdict.kind)
    expect(verdicts).toEqual(["holds", "holds"])
    const page = readFileSync(inside("different", "report.html"), "utf8")
    for (const name of ["distances", "scores", "agreement"]) {
      expect(page.includes(readFileSync(inside("different", "figures", `${name}.svg`), "utf8")), name).toBe(true)
      expect(
        readFileSync(inside("different", "figures", `${name}.png`))
          .subarray(1, 4)
          .toString(),
      ).toBe("PNG")
    }
    const shown = page.slice(page.indexOf("<main>"), page.indexOf("</main>"))
    expect(shown.includes("Published observations")).toBe(true)
    expect(/NaN|undefined|Infinity/.exec(shown)).toBeNull()
  }, 60_000)

  it("finds a table no different from itself", async () => {
    const { record } = await compare("measured.csv", "same")
    for (const each of record.attributes)
      expect([each.name, each.kolmogorov.value, each.probability]).toEqual([each.name, 0, 1])
    expect(record.latent.energy.probability).toBeGreaterThan(0.05)
    expect(record.importances.rankCorrelation.coefficient).toBeCloseTo(1, 12)
  }, 60_000)

  it("refuses one table alone", async () => {
    const failure = await Effect.runPromise(Effect.flip(runCommand(["compare", inside("measured.csv")])))
    expect([failure.message, exitCodeOf(failure)]).toEqual([expect.stringContaining("expected SIMULATED"), 1])
  })
})
