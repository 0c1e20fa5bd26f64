import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Result } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { runCommand } from "../../src/cli/command.ts"
import { exitCodeOf } from "../../src/cli/failure.ts"
import { readCsv } from "../../src/formats/csv.ts"
import { numbersOf } from "../../src/formats/table.ts"
import { encodedTiff } from "../../src/formats/tomogram-writer.ts"
import { type Ended, synchrode } from "./command.ts"

/** How a command is refused: message and exit code. */
const refusal = async (...words: string[]): Promise<readonly [string, number]> => {
  const result = await Effect.runPromise(Effect.result(runCommand(words)))
  if (Result.isSuccess(result)) throw new Error("the input was accepted")
  return [result.failure.message, exitCodeOf(result.failure)]
}

const folder = mkdtempSync(join(tmpdir(), "labels-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (name: string): string => join(folder, name)

/** Two balls of 24 voxels across in 60 × 30 × 30, a cavity in the first; found without it, the second in two halves. */
const [nx, ny, nz] = [60, 30, 30]
type Labelling = (x: number, y: number, z: number) => number
const planes = (label: Labelling) =>
  Array.from({ length: nz }, (_, z) =>
    Uint16Array.from({ length: nx * ny }, (_, i) => label(i % nx, Math.floor(i / nx), z)),
  )
const away = (x: number, y: number, z: number, cx: number): number => Math.hypot(x - cx, y - 14.5, z - 14.5)
const truth: Labelling = (x, y, z) => {
  const first = away(x, y, z, 14)
  if (first < 12) return first < 5 ? 0 : 1
  return away(x, y, z, 45) < 12 ? 2 : 0
}
const found: Labelling = (x, y, z) => (away(x, y, z, 14) < 12 ? 70 : truth(x, y, z) === 2 ? (x < 42 ? 8 : 9) : 0)
const write = (name: string, stack: ReturnType<typeof planes> | Float32Array[], width = nx): void =>
  writeFileSync(inside(name), encodedTiff({ width, height: ny, pixel: 4e-7, planes: stack }))
write("truth.tif", planes(truth))
write("found.tif", planes(found))
write(
  "narrow.tif",
  planes(found).map((plane) => plane.slice(0, 40 * ny)),
  40,
)
write(
  "real.tif",
  planes(found).map((plane, z) => Float32Array.from(plane, (label, i) => (z === 2 && i === 3 * nx + 1 ? 0.5 : label))),
)
// The same without the words that state its scale.
writeFileSync(
  inside("scaleless.tif"),
  readFileSync(inside("found.tif"), "latin1").replace("ImageJ", "NoWord"),
  "latin1",
)

describe("synchrode compare-labels", () => {
  let ended: Ended
  beforeAll(async () => {
    ended = await synchrode("compare-labels", inside("truth.tif"), inside("found.tif"), "--out", inside("out"))
  })

  it("prints scores by overlap and what went wrong", () => {
    expect([ended.code, ended.error]).toEqual([0, ""])
    const lines = ended.out.split("\n")
    expect(lines[0]).toBe("2 true particles, 3 found")
    expect(lines[1]).toMatch(/^overlap +matched +precision +recall +F1 +AP +PQ$/)
    expect(lines[2]).toMatch(/^ +0\.50 +2 +0\.667 +1\.000 +0\.800 +0\.667 +0\.\d{3}$/)
    expect(ended.out).toContain("split 1 (1 piece too many), merges 0 (0 lost), missed 0, made up 0")
    // The cavity: (5/12)³ of the ball, which the found labels lack.
    expect(ended.out).toMatch(/damage of whole particles: mean 0\.03[67]\d? true, 0 found/)
  })

  it("leaves tables, a record and a report", () => {
    expect(readdirSync(inside("out")).sort()).toEqual(["comparison.json", "objects.csv", "report.html", "scores.csv"])
    const scores = readCsv(readFileSync(inside("out/scores.csv"), "utf8"))
    expect(numbersOf(scores, "overlap")).toHaveLength(9)
    expect(numbersOf(scores, "f1")[0]).toBeCloseTo(0.8, 12)
    const objects = readCsv(readFileSync(inside("out/objects.csv"), "utf8"))
    expect([...numbersOf(objects, "true_label")]).toEqual([Number.NaN, 2, 1])
    expect([...numbersOf(objects, "found_label")]).toEqual([8, 9, 70])
    const volume = numbersOf(objects, "true_volume")[1]
    expect(Math.abs(volume / ((4 / 3) * Math.PI * (12 * 4e-7) ** 3) - 1)).toBeLessThan(0.02)
    expect(numbersOf(objects, "x")[2]).toBeCloseTo(14.5 * 4e-7, 9)
    expect(numbersOf(objects, "true_damage")[2]).toBeCloseTo((5 / 12) ** 3, 2)
    const record = JSON.parse(readFileSync(inside("out/comparison.json"), "utf8"))
    expect(record).toMatchObject({ trueCount: 2, foundCount: 3, errors: { splitTruths: 1, missed: 0 } })
    expect(readFileSync(inside("out/report.html"), "utf8")).toContain("2 true objects, 3 found")
  })

  it("is data with --json; a file without a scale takes that of the other; damage can be left out", async () => {
    const words = [inside("truth.tif"), inside("scaleless.tif"), "--out", inside("data"), "--no-damage", "--json"]
    const { code, out, error } = await synchrode("compare-labels", ...words)
    expect([code, error]).toEqual([0, ""])
    const record = JSON.parse(out)
    expect(record).toMatchObject({ trueCount: 2, damage: null, spacing: [4e-7, 4e-7, 4e-7], folder: inside("data") })
    expect(record.scores[0].f1).toBeCloseTo(0.8, 12)
  })

  it.each([
    ["a missing file", ["truth.tif", "gone.tif"], 3, "gone.tif"],
    [
      "another shape",
      ["truth.tif", "narrow.tif"],
      1,
      /narrow\.tif: expected 60 × 30 × 30 voxels, as .*truth\.tif has; found 40 × 30 × 30/,
    ],
    [
      "values that are no labels",
      ["truth.tif", "real.tif", "--no-damage"],
      1,
      /real\.tif: voxel \(1, 3, 2\): expected labels.*; found 0\.5/,
    ],
    ["no scale at all", ["scaleless.tif", "scaleless.tif"], 1, "no voxel size to go by"],
    [
      "a length that is none",
      ["truth.tif", "found.tif", "--voxel-size", "4 kg"],
      1,
      "--voxel-size: expected a length (m)",
    ],
    [
      "a memory that is none",
      ["truth.tif", "found.tif", "--memory", "much"],
      1,
      '--memory: expected a size such as 2GB; found "much"',
    ],
  ] as const)("refuses %s", async (_, words, code, message) => {
    const files = words.map((word) => (word.endsWith(".tif") ? inside(word) : word))
    const [found, exitCode] = await refusal("compare-labels", ...files, "--out", inside("refused"), "--quiet")
    expect(found).toMatch(message)
    expect(exitCode).toBe(code)
    expect(readdirSync(folder)).not.toContain("refused")
  })
})

describe("synchrode phantom", () => {
  it("writes gray values, truth and a table that agree with one another", async () => {
    const words = ["--size", "40x36x30", "--voxel-size", "800 nm", "--seed", "3", "--json"]
    const { code, out, error } = await synchrode("phantom", inside("made.tif"), ...words)
    expect([code, error]).toEqual([0, ""])
    const record = JSON.parse(out)
    expect(record.files.labels).toBe(inside("made-labels.tif"))
    const truths = readCsv(readFileSync(inside("made-particles.csv"), "utf8"))
    expect(numbersOf(truths, "label").length).toBe(record.particles)
    const volume = numbersOf(truths, "volume").reduce((sum, each) => sum + each, 0)
    expect(volume / (40 * 36 * 30 * 8e-7 ** 3)).toBeCloseTo(record.particleShare, 6)

    // Envelopes against solid labels: the same particles, less their cracks.
    const compared = await synchrode(
      "compare-labels",
      inside("made-envelopes.tif"),
      inside("made-labels.tif"),
      "--out",
      inside("made"),
      "--no-damage",
      "--json",
    )
    const { shape, spacing, trueCount, errors } = JSON.parse(compared.out)
    expect(shape).toEqual([40, 36, 30])
    expect(spacing[0]).toBeCloseTo(8e-7, 12)
    expect(trueCount).toBe(record.particles)
    expect(errors.mergedFinds).toBe(0)
    const objects = readCsv(readFileSync(inside("made/objects.csv"), "utf8"))
    const total = (side: "true" | "found"): number => {
      const volumes = numbersOf(objects, `${side}_volume`)
      const byLabel = new Map(Array.from(numbersOf(objects, `${side}_label`), (label, at) => [label, volumes[at]]))
      return [...byLabel].reduce((sum, [label, each]) => (Number.isNaN(label) ? sum : sum + each), 0)
    }
    const lost = total("true") - total("found")
    expect(lost / volume).toBeCloseTo(record.damage, 3)
  })

  it.each([
    [
      "a preset",
      ["--preset", "touchy"],
      'expected one of separate, touching, cracked, polydisperse, dense, holotomography; found "touchy" (did you mean "touching"?)',
    ],
    [
      "a size",
      ["--size", "20x20"],
      'voxels along an edge or along x, y and z, such as 200 or 300x300x200; found "20x20"',
    ],
    ["a seed", ["--seed", "-1"], '--seed: expected a whole number from 0; found "-1"'],
    ["a share", ["--share", "0.9"], "expected particleShare in (0, 0.6]; found 0.9"],
    ["voxels larger than particles", ["--voxel-size", "9 um"], "diameter of at least 4 voxels"],
  ])("refuses %s that makes no sense", async (_, words, message) => {
    const [found, exitCode] = await refusal("phantom", inside("never.tif"), "--quiet", ...words)
    expect(found).toContain(message)
    expect(exitCode).toBe(1)
  })
})
