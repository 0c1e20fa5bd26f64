import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type SurfaceField, writePly, writeStl } from "../../src/formats/surface-files.ts"
import type { SurfaceMesh } from "../../src/image/surface-mesh.ts"

let folder = ""
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "surfaces-"))
})
afterAll(() => rm(folder, { recursive: true }))
const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect)

/** A corner of a cube: three right triangles and the slanted one, seen from outside. */
const corner: SurfaceMesh = {
  vertices: Float64Array.of(0, 0, 0, 2e-6, 0, 0, 0, 2e-6, 0, 0, 0, 2e-6),
  triangles: Int32Array.of(0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3),
}

const meshes = fc
  .tuple(
    fc.array(
      fc.tuple(
        ...([0, 1, 2].map(() => fc.float({ noNaN: true, noDefaultInfinity: true })) as [
          fc.Arbitrary<number>,
          fc.Arbitrary<number>,
          fc.Arbitrary<number>,
        ]),
      ),
      { minLength: 1, maxLength: 20 },
    ),
    fc.array(fc.nat(1e6), { maxLength: 60 }),
  )
  .map(
    ([points, numbers]): SurfaceMesh => ({
      vertices: Float64Array.from(points.flat()),
      triangles: Int32Array.from(numbers.slice(0, numbers.length - (numbers.length % 3)), (n) => n % points.length),
    }),
  )

describe("STL", () => {
  it("holds every triangle with its corners", async () => {
    const file = join(folder, "a.stl")
    await fc.assert(
      fc.asyncProperty(meshes, async (mesh) => {
        await run(writeStl(file, mesh))
        const bytes = await readFile(file)
        const count = mesh.triangles.length / 3
        expect(bytes.length).toBe(84 + 50 * count)
        expect(bytes.readUInt32LE(80)).toBe(count)
        for (let t = 0; t < count; t++)
          for (let c = 0; c < 3; c++)
            for (let k = 0; k < 3; k++) {
              const coordinate = bytes.readFloatLE(84 + 50 * t + 12 + 12 * c + 4 * k)
              expect(coordinate).toBe(Math.fround(mesh.vertices[3 * mesh.triangles[3 * t + c] + k]))
            }
      }),
      { numRuns: 40 },
    )
  })
  it("normals point outward; begins with no word that means a text file", async () => {
    const file = join(folder, "b.stl")
    await run(writeStl(file, corner))
    const bytes = await readFile(file)
    const normal = (t: number) => [0, 1, 2].map((k) => bytes.readFloatLE(84 + 50 * t + 4 * k))
    expect([0, 1, 2].map(normal)).toEqual([
      [0, 0, -1],
      [0, -1, 0],
      [-1, 0, 0],
    ])
    for (const part of normal(3)) expect(part).toBeCloseTo(1 / Math.sqrt(3), 6)
    expect(bytes.toString("latin1", 0, 33)).toBe("binary STL, coordinates in metres")
  })
})

describe("PLY", () => {
  const fields: readonly SurfaceField[] = [
    { name: "curvature", unit: "1/m", on: "vertex", values: Float64Array.of(1, 2.5, -3, Number.NaN) },
    { name: "particle", unit: "", on: "triangle", values: Int32Array.of(7, 8, 9, 2 ** 30) },
    { name: "crack", unit: "", on: "triangle", values: Uint8Array.of(0, 1, 0, 1) },
    { name: "thickness", unit: "m", on: "vertex", values: Float32Array.of(0.5, 1, 2, 4) },
  ]
  it("holds vertices and triangles with their values, bit for bit", async () => {
    const file = join(folder, "a.ply")
    await run(writePly(file, corner, fields))
    const bytes = await readFile(file)
    const end = bytes.indexOf("end_header\n") + "end_header\n".length
    expect(bytes.toString("latin1", 0, end).split("\n")).toEqual([
      "ply",
      "format binary_little_endian 1.0",
      "comment unit of x, y, z: m",
      "comment unit of curvature: 1/m",
      "comment unit of thickness: m",
      "element vertex 4",
      "property double x",
      "property double y",
      "property double z",
      "property double curvature",
      "property float thickness",
      "element face 4",
      "property list uchar int vertex_indices",
      "property int particle",
      "property uchar crack",
      "end_header",
      "",
    ])
    for (let v = 0; v < 4; v++) {
      const at = end + 36 * v
      for (let k = 0; k < 3; k++) expect(bytes.readDoubleLE(at + 8 * k)).toBe(corner.vertices[3 * v + k])
      expect(bytes.readDoubleLE(at + 24)).toBe(fields[0].values[v])
      expect(bytes.readFloatLE(at + 32)).toBe(fields[3].values[v])
    }
    const faces = end + 36 * 4
    for (let t = 0; t < 4; t++) {
      const at = faces + 18 * t
      expect(bytes[at]).toBe(3)
      for (let k = 0; k < 3; k++) expect(bytes.readInt32LE(at + 1 + 4 * k)).toBe(corner.triangles[3 * t + k])
      expect(bytes.readInt32LE(at + 13)).toBe(fields[1].values[t])
      expect(bytes[at + 17]).toBe(fields[2].values[t])
    }
    expect(bytes.length).toBe(faces + 18 * 4)
  })
  it("contract breaches throw", async () => {
    const file = join(folder, "b.ply")
    const spaced: SurfaceField = { name: "two words", unit: "", on: "vertex", values: new Float64Array(4) }
    await expect(run(writePly(file, corner, [spaced]))).rejects.toThrow(/two words/)
    const short: SurfaceField = { name: "short", unit: "", on: "triangle", values: new Float64Array(3) }
    await expect(run(writePly(file, corner, [short]))).rejects.toThrow(/short has 3 entries, 4 expected/)
    const loose = { ...corner, triangles: Int32Array.of(0, 1, 4) }
    await expect(run(writeStl(file, loose))).rejects.toThrow(/triangles\[2\] is 4/)
  })
})
