import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { decode } from "fast-png"
import { afterAll, describe, expect, it } from "vitest"
import { writePictures } from "../../src/pipeline/pictures.ts"
import { label } from "../../src/report/drawing.ts"

const folder = mkdtempSync(join(tmpdir(), "pictures-"))
afterAll(() => rmSync(folder, { recursive: true }))

const picture = (name: string, body: string) => ({
  name,
  title: "A *picture*",
  drawing: { width: 120, height: 40, body, plots: [] },
})

/** Pixels that are not white. */
const inked = (name: string): number => {
  const { data, channels } = decode(readFileSync(join(folder, `${name}.png`)))
  let count = 0
  for (let at = 0; at < data.length; at += channels) if (data[at] < 128) count++
  return count
}

describe("pictures in a folder", () => {
  it("are there as SVG and as PNG of twice the size, letters drawn", async () => {
    const words = label(10, 25, "Spread α", { size: 16 })
    const bold = label(10, 25, "Spread α", { size: 16, weight: 600 })
    await Effect.runPromise(
      writePictures(join(folder), [picture("plain", words), picture("bold", bold), picture("empty", "")]),
    )
    const { width, height } = decode(readFileSync(join(folder, "plain.png")))
    expect([width, height]).toEqual([240, 80])
    expect(readFileSync(join(folder, "plain.svg"), "utf8")).toContain("<title>A picture</title>")
    expect(inked("empty")).toBe(0)
    expect(inked("plain")).toBeGreaterThan(200)
    expect(inked("bold")).toBeGreaterThan(1.1 * inked("plain"))
  })

  it("leave none of those that were there before, and other files as they are", async () => {
    writeFileSync(join(folder, "notes.txt"), "mine")
    await Effect.runPromise(writePictures(folder, [picture("one", "")]))
    expect(readdirSync(folder).toSorted()).toEqual(["notes.txt", "one.png", "one.svg"])
  })

  it("are refused where no folder can be", async () => {
    const failure = await Effect.runPromise(Effect.flip(writePictures(join(folder, "notes.txt"), [])))
    expect(failure._tag).toBe("RunUnwritable")
  })
})
