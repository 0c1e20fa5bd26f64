import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { afterAll, describe, expect, it } from "vitest"
import { start, synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "train-verb-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const words = (out: string, steps: number): string[] => [
  "train-segmenter",
  ...[
    "--out",
    join(folder, out),
    "--channels",
    "4,4,4",
    "--slices",
    "10",
    "--slice-size",
    "256",
    "--batch",
    "1",
    "--threads",
    "1",
  ],
  ...["--steps", String(steps)],
]

describe("train-segmenter", () => {
  it("keeps the network when it is broken off, goes on from there, and writes a model", async () => {
    const { child, ended } = start(words("net", 60))
    const checkpoint = join(folder, "net", "checkpoint.msgpack")
    while (!existsSync(checkpoint) && child.exitCode === null) await setTimeout(20)
    child.kill("SIGINT")
    const broken = await ended
    expect(broken.error).toContain("Interrupted. The network so far is kept in")
    expect(broken.code).toBe(130)

    const { code, out } = await synchrode(...words("net", 60), "--json")
    expect(code).toBe(0)
    const record = JSON.parse(out)
    expect(record).toMatchObject({ status: "done", steps: 60 })
    expect(record.resumedAt).toBeGreaterThanOrEqual(3)
    expect(record.heldOutLoss).toBeGreaterThan(0)
    expect(readFileSync(record.model).length).toBe(record.modelSize)
    const lines = readFileSync(join(folder, "net", "losses.csv"), "utf8")
      .trim()
      .split("\n")
    expect(lines.length).toBe(61)

    const again = await synchrode(...words("net", 60))
    expect(again.out).toMatch(/60 steps, loss on slices held out \d/)
    const averaged = await synchrode(
      "train-segmenter",
      ...["--average", `${record.model}, ${record.model}`, "--out", join(folder, "both"), "--json"],
    )
    expect(JSON.parse(averaged.out)).toMatchObject({ status: "done", averaged: [record.model, record.model] })
    expect(existsSync(join(folder, "both", "segmenter.onnx"))).toBe(true)
    const occupied = await synchrode(
      "train-segmenter",
      "--average",
      `${record.model},${record.model}`,
      ...words("net", 60).slice(1, 3),
    )
    expect(occupied.error).toContain("holds a network or a training; choose another --out")
    const other = await synchrode(...words("net", 50))
    expect(other.error).toContain("holds a training with other settings")
    expect(other.code).toBe(1)
  }, 180_000)

  it.each([
    [["--channels", "4,5"], "--channels: expected two to eight multiples of four"],
    [["--average", "models/segmenter.onnx"], "expected two networks at least; found 1"],
    [["--average", "models/segmenter.onnx,gone.onnx"], "gone.onnx"],
    [["--average", "models/segmenter.onnx,README.md"], "README.md"],
    [
      ["--average", "models/segmenter.onnx,"],
      '--average: expected files between commas; found "models/segmenter.onnx,"',
    ],
    [["--average", "a.onnx,b.onnx", "--steps", "9"], "--average trains nothing: leave out --steps"],
    [["--average", "models/segmenter.onnx,models/segmenter.onnx", "--out", "models"], "holds a network or a training"],
    [["--rate", "2"], '--rate: expected a number between 0 and 1; found "2"'],
    [["--slices", "9"], "9 slices; 10 at least, one of them held out"],
    [["--channels", "4,4,4,4,4,4,4"], "squares of 256 pixels; expected multiples of 512"],
  ])("refuses %o", async (options, message) => {
    const { code, error } = await synchrode("train-segmenter", ...options)
    expect(error).toContain(message)
    expect(code).toBe(1)
  })
})
