import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Result } from "effect"
import fc from "fast-check"
import { parquetMetadata, parquetReadObjects } from "hyparquet"
import { parquetWriteBuffer } from "hyparquet-writer"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { libraryThread } from "../../src/formats/library-thread.ts"
import { readParquet, tableOf, writeParquet } from "../../src/formats/parquet.ts"
import { type ParquetContents, parquetContents } from "../../src/formats/parquet-contents.ts"
import type { ParquetRequest } from "../../src/formats/parquet-worker.ts"
import type { Table } from "../../src/formats/table.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parquet-"))
})
afterAll(() => rm(folder, { recursive: true }))
const file = (): string => join(folder, "table.parquet")

const read = async (bytes: Uint8Array): Promise<Table> => {
  await writeFile(file(), bytes)
  return Effect.runPromise(readParquet(file(), 2))
}
const refusal = async (bytes: Uint8Array) => {
  await writeFile(file(), bytes)
  return Effect.runPromise(Effect.flip(readParquet(file(), 2)))
}

describe("Parquet", () => {
  const table: Table = {
    columns: [
      { name: "Volume", unit: "m^3", values: Float64Array.of(1e-16, 2.5e-16, Number.NaN) },
      { name: "kind", unit: "", values: ["a", "b", "c"] },
    ],
  }

  it("reads back with another library, units in the metadata", async () => {
    const bytes = writeParquet(table)
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    const rows = await parquetReadObjects({ file: buffer })
    expect(rows).toEqual([
      { Volume: 1e-16, kind: "a" },
      { Volume: 2.5e-16, kind: "b" },
      { Volume: Number.NaN, kind: "c" },
    ])
    expect(parquetMetadata(buffer).key_value_metadata).toContainEqual({ key: "unit:Volume", value: "m^3" })
  })

  it("is read again bit for bit, with its units, also where a name ends like one", async () => {
    const values = fc.array(fc.double(), { minLength: 1, maxLength: 40 })
    const units = fc.constantFrom("", "m", "m^3", "1/m^3", "furlong", "deg")
    const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z]{1,8}(_m|_m3|_deg)?$/), { minLength: 2, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(values, units, names, async (numbers, unit, all) => {
        const columns = all.map((name, k) =>
          k === 1
            ? { name, unit: "", values: numbers.map((_, row) => `word ${row}`) }
            : { name, unit: k === 0 ? "m" : unit, values: Float64Array.from(numbers, (number) => number * (k + 1)) },
        )
        await writeFile(file(), writeParquet({ columns }))
        expect(tableOf(await parquetContents(file()))).toEqual({ columns })
      }),
      { numRuns: 40 },
    )
  })

  it("reads what others write: whole numbers, truth values, gaps, words, dates; units in names", async () => {
    const date = new Date(Date.UTC(2026, 10, 25))
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: "Volume_m3", data: [1, null, 3], type: "DOUBLE" },
          { name: "label", data: [7, 8, 2 ** 31 - 1], type: "INT32" },
          { name: "big", data: [1n, 2n, 2n ** 53n], type: "INT64" },
          { name: "border", data: [true, false, null], type: "BOOLEAN" },
          { name: "sample", data: ["a", null, "ß, c"], type: "STRING" },
          { name: "taken", data: [date, date, date], type: "TIMESTAMP" },
          { name: "__index_level_0__", data: [0n, 1n, 2n], type: "INT64" },
        ],
      }),
    )
    expect(await read(bytes)).toEqual({
      columns: [
        { name: "Volume", unit: "m^3", values: Float64Array.of(1, Number.NaN, 3) },
        { name: "label", unit: "", values: Float64Array.of(7, 8, 2 ** 31 - 1) },
        { name: "big", unit: "", values: Float64Array.of(1, 2, 2 ** 53) },
        { name: "border", unit: "", values: Float64Array.of(1, 0, Number.NaN) },
        { name: "sample", unit: "", values: ["a", "", "ß, c"] },
        { name: "taken", unit: "", values: new Array(3).fill("2026-11-25T00:00:00.000Z") },
      ],
    })
  })

  it("refuses what is missing or no Parquet", async () => {
    const missing = await Effect.runPromise(Effect.flip(readParquet(join(folder, "nowhere"))))
    expect(missing).toMatchObject({ _tag: "FileUnreadable", file: join(folder, "nowhere") })
    for (const bytes of [Buffer.from(""), Buffer.from("x_m,y\n1,2\n3,4\n")]) {
      expect(await refusal(bytes)).toMatchObject({
        _tag: "TableInvalid",
        line: 0,
        expected: "a table in a readable Parquet file",
      })
    }
    const objects = parquetWriteBuffer({ columnData: [{ name: "list", data: [{ a: 1 }], type: "JSON" }] })
    expect((await read(new Uint8Array(objects))).columns[0].values).toEqual(['{"a":1}'])
  })

  it("cut off anywhere, or with bits turned over: refused, or read", async () => {
    const before = process.memoryUsage.rss()
    const bytes = writeParquet(table)
    // One thread for all of them; where it found no end, another one.
    const thread = libraryThread<ParquetRequest, string>({
      entry: "parquet-worker",
      name: "it",
      patience: 1,
      failure: (reason) => reason,
    })
    const seen = { read: 0, refused: 0, endless: 0 }
    const cases: Uint8Array[] = []
    for (let length = 0; length < bytes.length; length += 11) cases.push(bytes.subarray(0, length))
    const cuts = cases.length
    const turns = fc.sample(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), 250)
    for (const [at, bits] of turns) {
      const turned = Uint8Array.from(bytes)
      turned[at] ^= bits
      cases.push(turned)
    }
    let next = 0
    const someCases = Effect.gen(function* () {
      const ask = yield* thread
      while (next < cases.length) {
        yield* Effect.promise(() => writeFile(file(), cases[next]))
        const result = yield* Effect.result(ask<ParquetContents>({ path: file() }))
        const isCut = next++ < cuts
        if (Result.isSuccess(result)) {
          seen.read++
          expect(isCut).toBe(false)
          for (const { values } of result.success.columns) expect(values.length).toBeLessThan(1e6)
        } else if (result.failure.startsWith("it says: ")) seen.refused++
        else {
          expect(result.failure).toMatch(/^it (gave no answer in 1 s|broke down)/)
          seen.endless++
          return
        }
      }
    })
    while (next < cases.length) await Effect.runPromise(Effect.scoped(someCases))
    expect(seen.read).toBeGreaterThan(20)
    expect(seen.refused).toBeGreaterThan(cuts)
    expect(process.memoryUsage.rss() - before).toBeLessThan(300e6)
  })
})
