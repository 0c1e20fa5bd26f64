import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { runCommand } from "../../src/cli/command.ts"
import { exitCodeOf } from "../../src/cli/failure.ts"
import { readCsv, writeCsv } from "../../src/formats/csv.ts"
import { writeParquet } from "../../src/formats/parquet.ts"
import { numbersOf, type Table, wordsOf } from "../../src/formats/table.ts"
import { Inference, InferenceLive } from "../../src/inference/session.ts"
import { type Influence, neighbourInfluences, ownInfluences, plantedColumns } from "../../src/learning/planted-table.ts"
import { synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "learn-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (...names: string[]): string => join(folder, ...names)

const planted = (influences: readonly Influence[], seed: number, rowCount = 200): Table => ({
  columns: plantedColumns({ rowCount, influences, noise: 0.15, seed }),
})
const early = planted(ownInfluences, 1)
writeFileSync(inside("early.csv"), writeCsv(early))
writeFileSync(inside("late.parquet"), writeParquet(planted(neighbourInfluences, 2)))

const tableIn = (...names: string[]): Table => readCsv(readFileSync(inside(...names), "utf8"))
const leading = (...names: string[]): readonly string[] =>
  wordsOf(tableIn(...names), "attribute")
    .slice(0, 3)
    .toSorted()

/** The early table with cells changed: by column and row. */
const changed = (file: string, change: (lines: string[]) => readonly string[]): string => {
  const lines = writeCsv(early).trimEnd().split("\n")
  writeFileSync(inside(file), `${change(lines).join("\n")}\n`)
  return inside(file)
}
const withCell = (line: string, place: number, text: string): string =>
  line
    .split(",")
    .map((cell, at) => (at === place ? text : cell))
    .join(",")
const placeOf = (name: string): number => early.columns.findIndex((column) => column.name === name)

describe("one table", () => {
  it("gives planted attributes first, models that run elsewhere, and a report; threads change nothing", async () => {
    const [one, two] = [inside("one"), inside("two")]
    const first = await synchrode("learn", inside("early.csv"), "--runs", "2", "--threads", "1", "--out", one, "--json")
    expect(first.code).toBe(0)
    expect(leading("one", "importances.csv")).toEqual(["EDensity", "Elongation", "Z"])
    const record = JSON.parse(first.out)
    expect(record.tables[0].forest.crossValidated.determination).toBeGreaterThan(0.3)
    expect(record.tables[0].attributes).not.toContain("X")
    expect(record.tables[0].importances.byConstruction).toEqual(["SurfaceInner", "RoughInner"])
    const second = await synchrode(
      "learn",
      inside("early.csv"),
      "--runs",
      "2",
      "--threads",
      "2",
      "--out",
      two,
      "--quiet",
    )
    expect([second.code, second.out, second.error]).toEqual([0, "", ""])
    for (const name of ["learning.json", "shap.csv", "scores-runs.csv", "predictions.csv", "latent.csv", "forest.onnx"])
      expect(readFileSync(join(two, name)).equals(readFileSync(join(one, name))), name).toBe(true)
    // Shapley values and the expected prediction sum to what the forest predicts.
    const [shap, predictions] = [tableIn("one", "shap.csv"), tableIn("one", "predictions.csv")]
    const rows = numbersOf(shap, "row")
    const predicted = numbersOf(predictions, "predicted")
    for (let at = 0; at < rows.length; at += 17) {
      const parts = shap.columns.slice(1).reduce((sum, { values }) => sum + (values[at] as number), 0)
      expect(parts + record.tables[0].forest.expected).toBeCloseTo(predicted[rows[at] - 1], 9)
    }
    expect(numbersOf(tableIn("one", "scores-runs.csv"), "rows")).toEqual(Float64Array.of(160, 160, 200, 200))
    const names: readonly string[] = record.tables[0].autoencoder.columns
    const given = Float64Array.from(names.flatMap((name) => [numbersOf(early, name)[0]]))
    const ports = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const model = yield* (yield* Inference).load(join(one, "encoder.onnx"))
          return yield* model.run({ attributes: { data: given, shape: [1, names.length] } })
        }),
      ).pipe(Effect.provide(InferenceLive)),
    )
    const latent = tableIn("one", "latent.csv")
    expect(latent.columns.length).toBe(10)
    for (let k = 0; k < 9; k++)
      expect(Number(ports.latent.data[k])).toBeCloseTo(latent.columns[k + 1].values[0] as number, 5)
    const page = readFileSync(join(one, "report.html"), "utf8")
    const shown = page.slice(page.indexOf("<main>"), page.indexOf("</main>"))
    expect(shown.includes("Contribution scores")).toBe(true)
    expect(/NaN|undefined|Infinity/.exec(shown)).toBeNull()
    const again = await synchrode("learn", inside("early.csv"), "--out", one)
    expect(again.code).toBe(1)
    expect(again.error).toContain("--overwrite")
  }, 60_000)
})

describe("two tables", () => {
  it("are compared: each has its own leading attributes, and what was planted differs", async () => {
    const words = ["learn", inside("early.csv"), inside("late.parquet"), "--runs", "3", "--threads", "1", "--json"]
    const { code, out } = await synchrode(...words, "--out", inside("both"))
    expect(code).toBe(0)
    expect(leading("both", "1-early", "importances.csv")).toEqual(["EDensity", "Elongation", "Z"])
    expect(leading("both", "2-late", "importances.csv")).toEqual(["Contact", "OrienIso", "VolumeStd"])
    const differences: readonly { name: string; difference: number; familyProbability: number }[] =
      JSON.parse(out).differences
    const of = (name: string) => differences.find((each) => each.name === name)
    expect(of("Z")?.difference).toBeLessThan(-0.15)
    expect(of("Contact")?.difference).toBeGreaterThan(0.15)
    expect(of("Contact")?.familyProbability).toBeLessThan(0.05)
    const observations: readonly { statement: string; verdict: { kind: string } }[] = JSON.parse(out).observations
    const verdictOn = (beginning: string) =>
      observations.find(({ statement }) => statement.startsWith(beginning))?.verdict.kind
    expect(verdictOn("early, particles nearer")).toBe("holds")
    expect(verdictOn("later, particles nearer")).toBe("does not hold")
    expect(verdictOn("later, Contact tells more")).toBe("holds")
  }, 60_000)
})

describe("wrong input", () => {
  /** In this process: a command line of its own takes a second to start. */
  const refused = async (code: number, words: readonly string[], ...messages: readonly RegExp[]) => {
    const failure = await Effect.runPromise(
      Effect.flip(runCommand(["learn", ...words, "--quiet", "--out", inside("refused")])),
    )
    expect([failure.message, exitCodeOf(failure)]).toEqual([failure.message, code])
    for (const message of messages) expect(failure.message).toMatch(message)
  }

  it("is refused with file, place, what was expected and what was found", async () => {
    const place = placeOf("Elongation")
    const missing = await synchrode("learn", inside("nowhere.csv"))
    expect([missing.code, missing.error]).toEqual([3, expect.stringMatching(/nowhere\.csv: /)])
    const misspelt = await synchrode("learn", inside("early.csv"), "--target", "Damge")
    expect([misspelt.code, misspelt.error]).toEqual([1, expect.stringMatching(/column Damge;.*did you mean "Damage"/)])
    await refused(1, [inside("early.csv"), "--without", "Elongaton"], /did you mean "Elongation"/)
    const words = changed("words.csv", (lines) =>
      lines.map((line, at) => (at === 4 ? withCell(line, place, "long") : line)),
    )
    await refused(1, [words], /words\.csv:5: Elongation: expected a number.*found "long"/)
    const few = changed("few.csv", (lines) => lines.slice(0, 4))
    await refused(1, [few], /few\.csv: expected at least 20 rows.*found 3/)
    const ragged = changed("ragged.csv", (lines) => lines.map((line, at) => (at === 7 ? `${line},1` : line)))
    await refused(1, [ragged], /ragged\.csv:8: expected 24 cells.*found 25/)
    const twice = changed("twice.csv", (lines) =>
      lines.map((line, at) => (at === 0 ? withCell(line, place, "Sphericity") : line)),
    )
    await refused(1, [twice], /twice\.csv: Sphericity: expected one column of this name; found 2/)
    const damage = placeOf("Damage")
    const same = changed("same.csv", (lines) =>
      lines.map((line, at) => (at === 0 ? line : withCell(line, damage, "0.5"))),
    )
    await refused(1, [same], /same\.csv: Damage: expected values that differ; found 0\.5 in all rows/)
    const empty = changed("no-damage.csv", (lines) =>
      lines.map((line, at) => (at === 0 ? line : withCell(line, damage, "NaN"))),
    )
    await refused(1, [empty], /expected at least 20 rows to learn from; found 0.*200 without all numbers/)
    await refused(1, [inside("early.csv"), "--latent", "many"], /--latent: expected/)
  }, 60_000)
})

describe("what is not to be learnt from", () => {
  it("is left out and said: cut particles, columns that are no attributes, rows and columns without numbers", async () => {
    const [z, roll] = [placeOf("Z"), placeOf("Roll")]
    const gaps = changed("gaps.csv", (lines) =>
      lines.map((line, at) => {
        if (at === 0) return `${line},Label,Cut`
        const filled = at % 3 === 0 ? line : withCell(line, roll, "NaN")
        return `${at === 9 ? withCell(filled, z, "") : filled},${at},${at <= 5 ? 1 : 0}`
      }),
    )
    const { code, error, out } = await synchrode(
      "learn",
      gaps,
      "--runs",
      "2",
      "--threads",
      "1",
      "--json",
      "--out",
      inside("gaps"),
    )
    expect(code).toBe(0)
    expect(error).toContain("5 rows left out: cut by the border")
    expect(error).toContain("1 row left out: a number is missing")
    expect(error).toContain("no number in most rows, left out: Roll")
    expect(error).toMatch(/no attributes, left out: X, Y, Label, Cut/)
    expect(JSON.parse(out).tables[0].rows).toBe(194)
    const rows = numbersOf(tableIn("gaps", "latent.csv"), "row")
    expect([...rows.subarray(0, 4)]).toEqual([6, 7, 8, 10])
  }, 60_000)
})
