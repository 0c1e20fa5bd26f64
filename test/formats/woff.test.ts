import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { unwrappedFont } from "../../src/formats/woff.ts"

const file = fileURLToPath(import.meta.resolve("@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff"))

/** Sum of 32-bit words, as the format checks its tables. */
const checksum = (view: DataView, at: number, length: number): number => {
  let sum = 0
  for (let k = 0; k < length; k += 4) sum = (sum + view.getUint32(at + k)) >>> 0
  return sum
}

describe("a font in a WOFF file", () => {
  it("comes out with tables whose checksums hold, in the order of their tags", () => {
    const woff = readFileSync(file)
    const font = unwrappedFont(woff)
    const view = new DataView(font.buffer)
    expect(font.length).toBe(woff.readUInt32BE(16))
    const tags: string[] = []
    for (let table = 0; table < view.getUint16(4); table++) {
      const entry = 12 + 16 * table
      const tag = String.fromCharCode(...font.subarray(entry, entry + 4))
      const [sum, at, length] = [4, 8, 12].map((place) => view.getUint32(entry + place))
      tags.push(tag)
      // The table "head" holds a sum over the whole font and is checked without it.
      const own =
        tag === "head" ? (checksum(view, at, length) - view.getUint32(at + 8)) >>> 0 : checksum(view, at, length)
      expect(own, tag).toBe(sum)
    }
    expect(tags).toContain("glyf")
    expect(tags).toEqual(tags.toSorted())
  })

  it("is refused where there is none", () => {
    expect(() => unwrappedFont(new Uint8Array(100))).toThrow("no WOFF file")
    expect(() => unwrappedFont(readFileSync(file.replace(/woff$/, "woff2")))).toThrow("no WOFF file")
  })
})
