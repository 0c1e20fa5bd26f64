import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

const script = fileURLToPath(new URL("../properties.ts", import.meta.url))

const ran = (...words: string[]): Promise<{ code: number; text: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, ...words], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), text: out + err }),
    )
  })

describe("npm run properties", () => {
  it.each([
    [["--runs", "0"], '--runs: expected a whole number from 1; found "0"'],
    [["--runs", "many"], 'found "many"'],
    [["--seed", "1.5"], "--seed: expected a whole number"],
    [["--path", "3:1"], "--path: expected --seed and --only beside it"],
    [["--speed", "1"], "--speed"],
  ])("refuses %j and says why", async (words, message) => {
    const { code, text } = await ran(...words)
    expect(text).toContain(message)
    expect(text).toContain("Usage: npm run properties")
    expect(code).toBe(1)
  })

  it("tries new cases of the files and tests it is given, and states their seed first and last", async () => {
    const words = ["test/statistics/range", "--runs", "7", "--seed", "5"]
    const { code, text } = await ran(...words)
    expect(text.split("\n").filter((line) => line === "properties: 7 runs, seed 5")).toHaveLength(2)
    expect(text).toContain("range.test.ts")
    expect(code).toBe(0)
  })

  it("fails where no test bears the name", async () => {
    const { code, text } = await ran("test/statistics/range", "--only", "(no such test")
    expect(text).toContain("properties: no test was run")
    expect(code).toBe(1)
  })
})
