import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { readCsv } from "../../src/formats/csv.ts"
import { numbersOf } from "../../src/formats/table.ts"
import { encodedTiff } from "../../src/formats/tomogram-writer.ts"
import { encodeModel, type OnnxAttribute, type OnnxModel, standardNode } from "../../src/inference/onnx-model.ts"
import { synchrode } from "./command.ts"

const folder = mkdtempSync(join(tmpdir(), "particles-segmenter-"))
afterAll(() => rmSync(folder, { recursive: true }))
const inside = (...names: string[]): string => join(folder, ...names)

const radius = 22
const [width, height] = [340, 220]

/** Rows of discs, far enough apart for a network that knows so little. */
const discs = [0, 1, 2].flatMap((row) =>
  [0, 1, 2, 3].map((k) => [60 + 60 * k + 20 * (row % 2), 50 + 60 * row] as const),
)

const random = seededRandom(1)
const gray = Float32Array.from({ length: width * height }, (_, p) => {
  const [x, y] = [p % width, Math.floor(p / width)]
  const isIn = discs.some(([cx, cy]) => Math.hypot(x - cx, y - cy) <= radius)
  return (isIn ? 180 : 60) + 6 * random.normal()
})
writeFileSync(inside("discs.tif"), encodedTiff({ width, height, pixel: 100e-9, planes: [gray] }))
writeFileSync(inside("text.onnx"), "no model at all")

/** Knows discs of one radius alone: how full the square around a pixel is, and that radius in every direction. */
const discModel = (): OnnxModel => {
  const ints = (...values: number[]): OnnxAttribute => ({ kind: "ints", values })
  const edge = 2 * 20 + 1
  const rays = Array.from({ length: 8 }, () => "way")
  return {
    operatorSets: { "": 17 },
    name: "discs",
    description: "",
    nodes: [
      standardNode("Unsqueeze", ["image", "axis"], ["channel"]),
      {
        ...standardNode("AveragePool", ["channel"], ["mean"]),
        attributes: { kernel_shape: ints(edge, edge), pads: ints(20, 20, 20, 20) },
      },
      standardNode("Clip", ["mean", "zero", "one"], ["share"]),
      // Squared, so that only squares that are half full count.
      standardNode("Mul", ["share", "share"], ["likely"]),
      standardNode("Squeeze", ["likely", "batch"], ["plane"]),
      { ...standardNode("Transpose", ["plane"], ["probability"]), attributes: { perm: ints(1, 2, 0) } },
      standardNode("Mul", ["probability", "zero"], ["nothing"]),
      standardNode("Add", ["nothing", "radius"], ["way"]),
      { ...standardNode("Concat", rays, ["distances"]), attributes: { axis: { kind: "int", value: 2 } } },
    ],
    constants: {
      axis: { data: BigInt64Array.of(1n), shape: [1] },
      batch: { data: BigInt64Array.of(0n), shape: [1] },
      zero: { data: Float32Array.of(0), shape: [] },
      one: { data: Float32Array.of(1), shape: [] },
      radius: { data: Float32Array.of(radius + 0.5), shape: [] },
    },
    inputs: [{ name: "image", type: "float32", shape: [1, "h", "w"] }],
    outputs: [
      { name: "probability", type: "float32", shape: ["h", "w", 1] },
      { name: "distances", type: "float32", shape: ["h", "w", 8] },
    ],
    metadata: {},
  }
}
writeFileSync(inside("discs.onnx"), encodeModel(discModel()))

/** Balls of several sizes, far enough apart for a network that knows discs by how full a square around them is. */
const balls = [
  [18, 18, 18, 8],
  [45, 19, 20, 7],
  [19, 45, 17, 7.5],
  [45, 45, 19, 8.5],
] as const
const [edge, depth] = [64, 38]
const planes = Array.from({ length: depth }, (_, z) =>
  Float32Array.from({ length: edge ** 2 }, (__, p) => {
    const [x, y] = [p % edge, Math.floor(p / edge)]
    return balls.some(([cx, cy, cz, r]) => Math.hypot(x - cx, y - cy, z - cz) <= r) ? 180 : 60
  }),
)
writeFileSync(inside("balls.tif"), encodedTiff({ width: edge, height: edge, pixel: 100e-9, planes }))

/** Takes a section for a disc as large as what is bright in a square around a pixel. */
const ballModel = (): OnnxModel => {
  const model = discModel()
  const window = 19
  const pooled = (from: string, to: string, size: number) => ({
    ...standardNode("AveragePool", [from], [to]),
    attributes: {
      kernel_shape: { kind: "ints", values: [size, size] } as const,
      pads: { kind: "ints", values: [0, 1, 2, 3].map(() => (size - 1) / 2) } as const,
    },
  })
  return {
    ...model,
    nodes: [
      standardNode("Unsqueeze", ["image", "axis"], ["channel"]),
      pooled("channel", "mean", window),
      standardNode("Clip", ["mean", "zero", "one"], ["share"]),
      pooled("share", "peaked", 9),
      // Only bright pixels can be in the middle of a disc.
      standardNode("Clip", ["channel", "zero", "one"], ["inside"]),
      standardNode("Sqrt", ["peaked"], ["full"]),
      standardNode("Mul", ["full", "inside"], ["likely"]),
      standardNode("Squeeze", ["likely", "batch"], ["plane"]),
      {
        ...standardNode("Transpose", ["plane"], ["probability"]),
        attributes: { perm: { kind: "ints", values: [1, 2, 0] } },
      },
      standardNode("Mul", ["share", "radius"], ["squares"]),
      standardNode("Sqrt", ["squares"], ["radii"]),
      standardNode("Squeeze", ["radii", "batch"], ["radius_plane"]),
      {
        ...standardNode("Transpose", ["radius_plane"], ["way"]),
        attributes: { perm: { kind: "ints", values: [1, 2, 0] } },
      },
      model.nodes[model.nodes.length - 1],
    ],
    constants: { ...model.constants, radius: { data: Float32Array.of(window ** 2 / Math.PI), shape: [] } },
  }
}
writeFileSync(inside("balls.onnx"), encodeModel(ballModel()))

describe("particles by a network", () => {
  it("are those that the network sees, and the report says so", async () => {
    const out = inside("discs")
    const words = ["--segmenter", inside("discs.onnx"), "--mesh-slice", "none", "--out", out, "--json"]
    const beside = ["--beside", "watershed"]
    const { code, out: text, error } = await synchrode("particles", inside("discs.tif"), ...words, ...beside)
    expect(error).not.toMatch(/^synchrode:/m)
    expect(code).toBe(0)
    expect(JSON.parse(text).particles.count).toBe(12)
    const table = readCsv(readFileSync(join(out, "particles.csv"), "utf8"))
    for (const area of numbersOf(table, "Volume"))
      expect(Math.abs(area / (Math.PI * 2.2e-6 ** 2) - 1)).toBeLessThan(0.05)
    const page = readFileSync(join(out, "report.html"), "utf8")
    expect(page).toContain("particles by a star-convex network")
    expect(page).toContain("discs.onnx")
    const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"))
    expect(manifest.settings.segmenter).toBe(inside("discs.onnx"))
    const { first, second, between } = JSON.parse(readFileSync(join(out, "beside.json"), "utf8"))
    expect([first.count, second.count, between.scores[0].matched]).toEqual([12, 12, 12])
  })

  it("are those of a volume that it sees along three axes, and the next call goes on from them", async () => {
    const out = inside("balls")
    const words = ["--segmenter", inside("balls.onnx"), "--mesh-slice", "none", "--out", out, "--json"]
    const { code, out: text, error } = await synchrode("particles", inside("balls.tif"), ...words, "--threads", "2")
    expect(error).not.toMatch(/^synchrode:/m)
    expect(code).toBe(0)
    const { particles, warnings } = JSON.parse(text)
    expect(particles).toEqual({ count: 4, whole: 4 })
    expect(warnings.join("\n")).toMatch(/looked at 166 sections in pixels of 100 nm: .* in the network, .* around it/)
    const table = readCsv(readFileSync(join(out, "particles.csv"), "utf8"))
    const volumes = [...numbersOf(table, "Volume")].sort()
    const radii = balls.map((ball) => ball[3]).sort()
    volumes.forEach((volume, k) => {
      expect(Math.abs(volume / ((4 / 3) * Math.PI * (radii[k] * 1e-7) ** 3) - 1)).toBeLessThan(0.1)
    })
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("looks at all sections along three axes")
    const again = await synchrode("particles", inside("balls.tif"), ...words)
    expect(JSON.parse(again.out).resumed).toBe(true)
    // Another network, other labels; the watershed beside it, held against its own labels for truth.
    writeFileSync(inside("balls.onnx"), encodeModel({ ...ballModel(), description: "another" }))
    const labels = inside("truth.tif")
    copyFileSync(join(out, "labels.tif"), labels)
    const anew = await synchrode("particles", inside("balls.tif"), ...words, "--beside", "watershed", "--truth", labels)
    expect(JSON.parse(anew.out).resumed).toBe(false)
    const { first, second, truth } = JSON.parse(readFileSync(join(out, "beside.json"), "utf8"))
    expect([first.count, second.count, truth.count]).toEqual([4, 4, 4])
    expect([truth.first.scores[0].f1, truth.second.scores[0].f1]).toEqual([1, 1])
    expect(readFileSync(join(out, "beside.html"), "utf8")).toContain("network balls.onnx beside watershed")
  })

  it("are doubted where pixels are far from those that the network learnt from", async () => {
    const words = ["--segmenter", "network", "--mesh-slice", "none", "--voxel-size", "5nm", "--out", inside("doubted")]
    const { code, error } = await synchrode("particles", inside("discs.tif"), ...words)
    expect(error).toContain("discs.tif: no particles")
    expect(error).toContain("pixels of 5 nm are far from those of 70 nm that the network learnt from")
    expect(code).toBe(1)
  })

  it.each([
    ["that is missing, for a volume,", ["balls.tif", "none.onnx"], 1, "none.onnx: no such file"],
    ["that is missing", ["discs.tif", "none.onnx"], 1, "none.onnx: no such file"],
    [
      "that is none",
      ["discs.tif", "text.onnx"],
      1,
      "text.onnx: expected a star-convex network as an ONNX model; found 15 bytes that are none",
    ],
  ])("%s is refused with a word", async (_, [image, model], expected, message) => {
    const words = ["--segmenter", inside(model), "--mesh-slice", "none", "--out", inside("refused"), "--overwrite"]
    const { code, error } = await synchrode("particles", inside(image), ...words)
    expect(error).toContain(message)
    expect(code).toBe(expected)
  })

  it.each([
    [
      ["--segmenter", "magic"],
      '--segmenter: expected network, watershed, or the file of a network (*.onnx); found "magic"',
    ],
    [["--segmenter", "network", "--labels"], "--segmenter: expected gray values; found --labels"],
    [["--beside", "watershed"], '--beside: expected another way than --segmenter names; found "watershed"'],
    [["--truth", "labels.tif"], "--truth: expected --beside as well"],
  ])("%o is refused", async (words, message) => {
    const { code, error } = await synchrode("particles", inside("discs.tif"), ...words)
    expect(error).toContain(message)
    expect(code).toBe(1)
  })
})
