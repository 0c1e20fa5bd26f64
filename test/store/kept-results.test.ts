import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { keptResults } from "../../src/store/kept-results.ts"

const folder = mkdtempSync(join(tmpdir(), "kept-"))
afterAll(() => rmSync(folder, { recursive: true }))

const input = { kind: "scores", seed: 3, limit: Number.POSITIVE_INFINITY, values: Float64Array.of(1, -0, 1e-300) }
const result = { mean: Float64Array.of(0.1, Number.NaN), error: 1 / 3, none: null, rows: Int32Array.of(4, 5) }

describe("kept results", () => {
  it("are found again bit for bit by the same input alone", async () => {
    const kept = keptResults(join(folder, "a"), "synchrode 1")
    expect(kept.find(input)).toBeUndefined()
    expect(kept.count()).toBe(0)
    await Effect.runPromise(kept.keep(input, result))
    const again = keptResults(join(folder, "a"), "synchrode 1")
    expect(again.count()).toBe(1)
    expect(again.find(structuredClone(input))).toEqual({ result })
    expect(again.find({ ...input, seed: 4 })).toBeUndefined()
    expect(again.find({ ...input, values: Float64Array.of(1, 0, 1e-300) })).toBeUndefined()
    expect(keptResults(join(folder, "a"), "synchrode 2").find(input)).toBeUndefined()
    await Effect.runPromise(again.clear)
    expect(again.count()).toBe(0)
  })

  it("are not trusted where the file was damaged", async () => {
    const place = join(folder, "b")
    const kept = keptResults(place, "")
    await Effect.runPromise(kept.keep(input, result))
    const [file] = readdirSync(place).map((name) => join(place, name))
    const bytes = readFileSync(file)
    bytes[bytes.length - 20] ^= 1
    writeFileSync(file, bytes)
    expect(kept.find(input)).toBeUndefined()
    writeFileSync(file, bytes.subarray(0, 10))
    expect(kept.find(input)).toBeUndefined()
  })
})
