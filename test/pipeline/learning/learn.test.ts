import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Exit } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { readCsv, writeCsv } from "../../../src/formats/csv.ts"
import { numbersOf, type Table } from "../../../src/formats/table.ts"
import { Inference, InferenceLive } from "../../../src/inference/session.ts"
import { publishedNotebookForest } from "../../../src/learning/forest-settings.ts"
import { neighbourInfluences, ownInfluences, plantedColumns } from "../../../src/learning/planted-table.ts"
import { keptParts } from "../../../src/pipeline/learning/folder.ts"
import { type LearnListener, learnFromTables } from "../../../src/pipeline/learning/learn.ts"
import type { LearnRequest } from "../../../src/pipeline/learning/request.ts"

const folder = mkdtempSync(join(tmpdir(), "learning-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (...names: string[]): string => join(folder, ...names)

const planted = (file: string, influences: typeof ownInfluences, seed: number): string => {
  const columns = plantedColumns({ rowCount: 120, influences, noise: 0.15, seed })
  writeFileSync(inside(file), writeCsv({ columns }))
  return inside(file)
}
const [early, late] = [planted("early.csv", ownInfluences, 1), planted("late.csv", neighbourInfluences, 2)]

const request = (out: string, files: readonly string[] = [early, late]): LearnRequest => ({
  files,
  target: "Damage",
  without: [],
  preset: { name: "notebook", forest: publishedNotebookForest },
  seed: 1,
  runs: 2,
  latent: { kind: "count", count: 4 },
  permutations: 9,
  mostRows: 10_000,
  threads: 1,
  out: inside(out),
  overwrite: false,
})

const silent: LearnListener = { onProgress: () => Effect.void, onNote: () => Effect.void }
const tableIn = (...names: string[]): Table => readCsv(readFileSync(inside(...names), "utf8"))
const manifestOf = (out: string) => JSON.parse(readFileSync(inside(out, "manifest.json"), "utf8"))

/** What ONNX Runtime gives for some rows. */
const inRuntime = (file: string, port: string, data: Float64Array, width: number, output: string) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const model = yield* (yield* Inference).load(file)
        const results = yield* model.run({ [port]: { data, shape: [data.length / width, width] } })
        return Float64Array.from(results[output].data as Float64Array, Number)
      }),
    ).pipe(Effect.provide(InferenceLive)),
  )

/** Rows of some columns, one after the other. */
const rowsOf = (table: Table, names: readonly string[]): Float64Array => {
  const columns = names.map((name) => numbersOf(table, name))
  return Float64Array.from(
    { length: names.length * columns[0].length },
    (_, at) => columns[at % names.length][Math.floor(at / names.length)],
  )
}

const farthest = (a: Float64Array, b: Float64Array): number => {
  expect(a.length).toBe(b.length)
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0)
}

const pictures = [
  ...["scores", "differences", "pearson"],
  ...[
    ...["predictions", "swarm", "dependence", "chords", "measured-correlations", "correlations"],
    ...["latent-correlations", "reconstruction"],
  ].flatMap((name) => [`${name}-1`, `${name}-2`]),
]

describe("a table of many rows", () => {
  it("is learnt from by some of them, drawn at random, but looked at as a whole", async () => {
    const notes: string[] = []
    const listener: LearnListener = { ...silent, onNote: (text) => Effect.sync(() => void notes.push(text)) }
    await Effect.runPromise(learnFromTables({ ...request("drawn", [early]), mostRows: 50 }, listener))
    expect(notes).toContain("early: 50 of 120 rows drawn at random to learn from (--rows)")
    const record = JSON.parse(readFileSync(inside("drawn", "learning.json"), "utf8"))
    expect(record.tables[0].rows).toBe(50)
    const [given, predictions] = [tableIn("early.csv"), tableIn("drawn", "predictions.csv")]
    const rows = numbersOf(predictions, "row")
    expect([...rows]).toEqual([...new Set(rows)].toSorted((a, b) => a - b))
    expect(rows[49]).toBeGreaterThan(50)
    const damage = numbersOf(given, "Damage")
    expect(numbersOf(predictions, "actual")).toEqual(rows.map((row) => damage[row - 1]))
    // A word in any row is seen, drawn or not.
    const lines = readFileSync(early, "utf8").trimEnd().split("\n")
    for (const line of [30, 60, 90]) {
      const spoilt = lines.map((text, at) => (at === line ? text.replace(/^[^,]*,[^,]*,[^,]*/, "1,2,deep") : text))
      writeFileSync(inside("spoilt.csv"), spoilt.join("\n"))
      const failure = await Effect.runPromise(
        Effect.flip(learnFromTables({ ...request("spoilt", [inside("spoilt.csv")]), mostRows: 50 }, silent)),
      )
      expect(failure.message).toMatch(new RegExp(`spoilt\\.csv:${line + 1}: Z: expected a number.*found "deep"`))
    }
  }, 60_000)
})

describe("extreme tables", () => {
  const rows = Array.from({ length: 40 }, (_, row) => row)
  const made = (name: string, columns: Readonly<Record<string, (row: number) => number | string>>): string => {
    const lines = rows.map((row) =>
      Object.values(columns)
        .map((value) => value(row))
        .join(","),
    )
    writeFileSync(inside(`${name}.csv`), [Object.keys(columns).join(","), ...lines].join("\n"))
    return inside(`${name}.csv`)
  }
  const wavy = (row: number): number => Math.sin(3 * row)

  it.each([
    [
      "a target that hardly ever changes",
      "rare",
      { a: wavy, b: () => 1, Damage: (row: number) => (row === 7 ? 1 : 0) },
    ],
    ["one column that is the target", "one", { a: (row: number) => row, Damage: (row: number) => row * row }],
    ["columns that repeat each other", "same", { a: (row: number) => row, b: (row: number) => row, Damage: wavy }],
    ["numbers near the least there is", "tiny", { a: wavy, Damage: (row: number) => (row % 7) * 1e-310 }],
    ["marks of other languages in names", "names", { "<b>&": wavy, "b'c": (row: number) => row, Damage: wavy }],
  ] satisfies readonly (readonly [string, string, Parameters<typeof made>[1]])[])(
    "give a result without numbers that are none: %s",
    async (_, name, columns) => {
      const outcome = await Effect.runPromise(learnFromTables(request(name, [made(name, columns)]), silent))
      const page = readFileSync(join(outcome.folder, "report.html"), "utf8")
      const shown = page.slice(page.indexOf("<main>"), page.indexOf("</main>"))
      expect(/NaN|undefined|Infinity|<b>&/.exec(shown)?.[0] ?? "").toBe("")
      if (name === "rare" || name === "tiny") {
        expect(outcome.leading[0].names).toEqual([])
        expect(page).toContain("no column tells anything")
      } else expect(outcome.leading[0].names.length).toBeGreaterThan(0)
    },
    60_000,
  )

  it("are refused with numbers too large to be squared", async () => {
    const file = made("wide", { a: (row) => (row === 3 ? 1e200 : row), Damage: wavy })
    const failure = await Effect.runPromise(Effect.flip(learnFromTables(request("wide", [file]), silent)))
    expect(failure.message).toMatch(/wide\.csv:5: a: expected a number up to 1e\+150; found a larger one/)
  })
})

describe("published scores", () => {
  const file = (names: readonly string[]): string => {
    const lines = [0, 1, 2].flatMap((seed) =>
      names.map((name, k) => `random_seed,${seed},${name},${names.length - k},${1 + k + 0.1 * seed}`),
    )
    const head = "protocol,seed,attribute,mean_abs_shap_10cyc,mean_abs_shap_50cyc"
    writeFileSync(inside("published.csv"), [head, ...lines].join("\n"))
    return inside("published.csv")
  }
  const names = ["Z", "Elongation", "Edensity", "Homogeneity", "Yaw", "locVolume", "locOri", "Contact"]

  it("are laid beside those of the tables, in the report and in the data", async () => {
    const asked = { ...request("beside"), permutations: 0, published: file(names) }
    await Effect.runPromise(learnFromTables(asked, silent))
    const { published } = JSON.parse(readFileSync(inside("beside", "learning.json"), "utf8"))
    expect(published.attributes.toSorted()).toEqual(
      ["Z", "Elongation", "EDensity", "Homogeneity", "Yaw", "VolumeStd", "OrienIso", "Contact"].toSorted(),
    )
    const [first, second] = published.rankCorrelations.tables
    expect(first.early.coefficient).toBeGreaterThan(0.5)
    expect(second.late.coefficient).toBeGreaterThan(0.5)
    expect(first.late.coefficient).toBeLessThan(-0.5)
    expect(published.rankCorrelations.gains.coefficient).toBeGreaterThan(0.5)
    const page = readFileSync(inside("beside", "report.html"), "utf8")
    expect(page).toContain("Beside the published scores")
    expect(page).toContain('id="figure-published-2"')
    expect(existsSync(inside("beside", "figures", "published-1.png"))).toBe(true)
  }, 60_000)

  it("are refused where they are others", async () => {
    const refused = (published: string) =>
      Effect.runPromise(Effect.flip(learnFromTables({ ...request("refused"), published }, silent)))
    expect((await refused(file(["Z", "Colour"]))).message).toMatch(/attribute: expected at least 4 attributes.*found Z/)
    expect((await refused(early)).message).toMatch(/early\.csv: protocol: expected a column of this name/)
  })
})

describe("learning from two tables", () => {
  it("goes on where it was broken off, with the same results as unbroken", async () => {
    await Effect.runPromise(learnFromTables(request("unbroken"), silent))
    expect(manifestOf("unbroken")).toMatchObject({ status: "done", resumed: 0 })
    let heard = 0
    const stop = new AbortController()
    const listener: LearnListener = {
      ...silent,
      onProgress: () =>
        ++heard === 5
          ? Effect.andThen(
              Effect.sync(() => stop.abort()),
              Effect.never,
            )
          : Effect.void,
    }
    const broken = await Effect.runPromiseExit(learnFromTables(request("broken"), listener), { signal: stop.signal })
    expect(Exit.isSuccess(broken)).toBe(false)
    expect(manifestOf("broken")).toMatchObject({ status: "interrupted" })
    expect(keptParts(inside("broken"))).toBe(5)
    expect(existsSync(inside("broken", "report.html"))).toBe(false)
    let rest = 0
    const counting = { ...silent, onProgress: () => Effect.sync(() => void rest++) }
    await Effect.runPromise(learnFromTables(request("broken"), counting))
    // Twelve parts of the forests, two autoencoders, one part of divisions, of which five were there.
    expect(rest).toBe(15 - 5)
    expect(manifestOf("broken")).toMatchObject({ status: "done", resumed: 5 })
    expect(existsSync(inside("broken", "parts"))).toBe(false)
    for (const place of readdirSync(inside("unbroken"), { recursive: true, withFileTypes: true })) {
      if (!place.isFile() || /manifest|report/.test(place.name)) continue
      const file = join(place.parentPath, place.name)
      const other = file.replace(inside("unbroken"), inside("broken"))
      expect(readFileSync(other).equals(readFileSync(file)), file).toBe(true)
    }
    const again = await Effect.runPromise(Effect.flip(learnFromTables(request("broken"), silent)))
    expect(again.message).toContain("holds results already")
  }, 60_000)

  it("shows every figure in the report, and leaves it as SVG and PNG", () => {
    const page = readFileSync(inside("unbroken", "report.html"), "utf8")
    const files = readdirSync(inside("unbroken", "figures"))
    expect(files.toSorted()).toEqual(pictures.flatMap((name) => [`${name}.png`, `${name}.svg`]).toSorted())
    for (const name of pictures) {
      const svg = readFileSync(inside("unbroken", "figures", `${name}.svg`), "utf8")
      expect(svg, name).toMatch(/^<svg .*<\/svg>$/s)
      expect(svg, name).not.toMatch(/NaN|undefined|Infinity/)
      expect(page.includes(`<figure id="figure-${name}"`), name).toBe(true)
      expect(page.includes(svg), name).toBe(true)
      const png = readFileSync(inside("unbroken", "figures", `${name}.png`))
      expect(png.subarray(1, 4).toString(), name).toBe("PNG")
      const [width] = /width="(\d+)/.exec(svg)!.slice(1).map(Number)
      expect(Math.abs(png.readUInt32BE(16) - 2 * width), name).toBeLessThanOrEqual(2)
    }
  })

  it("tests differences over the rows, in the report and in the data", () => {
    const record = JSON.parse(readFileSync(inside("unbroken", "learning.json"), "utf8"))
    expect(record.permutations).toBe(9)
    const z = record.differences.find(({ name }: { readonly name: string }) => name === "Z")
    expect(z.difference).toBeLessThan(-0.1)
    expect(z.rows.difference).toBeLessThan(-0.1)
    expect(z.rows.probability).toBe(0.1)
    const gain = record.observations.find(({ statement }: { readonly statement: string }) =>
      statement.startsWith("later, Contact tells"),
    )
    expect(gain.measure).toContain("that of the rows")
    expect(10 * gain.probability).toBeCloseTo(Math.round(10 * gain.probability), 9)
    expect(readFileSync(inside("unbroken", "report.html"), "utf8")).toContain("Rows: <i>p</i>, any attribute")
  })

  it("leaves models that say in ONNX Runtime what the tables say", async () => {
    const record = JSON.parse(readFileSync(inside("unbroken", "learning.json"), "utf8")).tables[0]
    const given = tableIn("early.csv")
    const forest = await inRuntime(
      inside("unbroken", "1-early", "forest.onnx"),
      "attributes",
      rowsOf(given, record.attributes),
      record.attributes.length,
      "prediction",
    )
    const predicted = numbersOf(tableIn("unbroken", "1-early", "predictions.csv"), "predicted")
    expect(farthest(forest, predicted)).toBeLessThan(1e-6)
    const together: readonly string[] = record.autoencoder.columns
    const rows = rowsOf(given, together)
    const latentTable = tableIn("unbroken", "1-early", "latent.csv")
    const latentNames = latentTable.columns.slice(1).map(({ name }) => name)
    const latent = await inRuntime(
      inside("unbroken", "1-early", "encoder.onnx"),
      "attributes",
      rows,
      together.length,
      "latent",
    )
    expect(latentNames).toHaveLength(4)
    expect(farthest(latent, rowsOf(latentTable, latentNames))).toBeLessThan(1e-6)
  })
})
