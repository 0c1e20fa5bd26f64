import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { type Box, boxShape, type Triple, wholeOf } from "../../../src/image/brick.ts"
import { addExtents, type ObjectExtent } from "../../../src/image/label-agreement.ts"
import { defaultSegmentSettings } from "../../../src/image/settings.ts"
import type { Grid } from "../../../src/image/volume.ts"
import { besideInput, type Side } from "../../../src/pipeline/beside/compared.ts"
import { planeSide, watched } from "../../../src/pipeline/beside/slice-sides.ts"
import { renderBeside } from "../../../src/report/beside/page.ts"
import { besidePixels } from "../../../src/report/beside/picture.ts"

const shape: Triple = [60, 24, 20]
const grid: Grid = { shape, spacing: [1e-7, 1e-7, 1e-7] }

const cut = <A extends Int32Array | Float32Array>(values: A, { from, to }: Box): A => {
  const [nx, ny, nz] = boxShape({ from, to })
  const out = new (values.constructor as new (count: number) => A)(nx * ny * nz)
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++)
        out[i] = values[from[0] + x + shape[0] * (from[1] + y + shape[1] * (from[2] + z))]
  return out
}

/** Blocks of 10 voxels: label by their number along x, 0 for none. */
const blocks = (labels: readonly number[]): Int32Array =>
  Int32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => {
    const [x, y, z] = [i % shape[0], Math.floor(i / shape[0]) % shape[1], Math.floor(i / (shape[0] * shape[1]))]
    const isIn = x % 12 >= 1 && x % 12 < 11 && y >= 4 && y < 20 && z >= 3 && z < 17
    return isIn ? labels[Math.floor(x / 12)] : 0
  })

const sideOf = (name: string, labels: readonly number[]): Side<never> => {
  const values = blocks(labels)
  const extents = new Map<number, ObjectExtent>()
  addExtents(grid, wholeOf(grid), values, extents)
  return {
    name,
    read: (box) => Effect.succeed(cut(values, box)),
    extents,
    damage: new Map([...extents.keys()].map((label) => [label, label / 100])),
  }
}

const facts = { title: "volume.tif", programVersion: "1" }
const gray = Float32Array.from(blocks([1, 1, 1, 1, 1]), (label, i) => 100 * label + (i % 9))
const readGray = (box: Box) => Effect.succeed(cut(gray, box))

const compared = (truth: readonly number[] | null) =>
  Effect.runSync(
    besideInput(
      facts,
      grid,
      {
        first: sideOf("network a_b.onnx", [1, 2, 3, 4, 5]),
        second: sideOf("watershed", [1, 2, 2, 0, 0]),
        truth: truth === null ? null : sideOf("truth", truth),
        readGray,
      },
      () => Effect.void,
    ),
  )

describe("two ways beside one another", () => {
  it("are counted, and scored against the truth", () => {
    const input = compared([1, 2, 3, 4, 0])
    expect([input.first.count, input.second.count, input.truth?.objects.count]).toEqual([5, 2, 4])
    expect(input.first.volumes[0]).toBeCloseTo(10 * 16 * 14 * 1e-21, 30)
    const half = (of: "first" | "second") => input.truth![of].scores[0]
    expect(half("first").f1).toBeCloseTo(8 / 9)
    // The first block, and the joined one at an overlap of one half.
    expect(half("second").matched).toBe(2)
    expect(input.truth!.second.errors).toMatchObject({ mergedFinds: 1, missed: 1 })
    expect(input.truth!.first.damage?.matched.bias).toBe(0)
    expect(input.between.scores[0].matched).toBe(2)
  })

  it("show the objects that agree least, also those found alone", () => {
    const { cases } = compared([1, 2, 3, 4, 0])
    expect(cases.map(({ match }) => match.found)).toEqual([5])
    expect(cases[0].plane.name).toMatch(/^found alone, at 5.4/)
    const { plane } = cases[0]
    expect([plane.width, plane.height]).toEqual([40, 24])
    expect(plane.first[plane.width * 12 + plane.width - 6]).toBe(5)
    expect(plane.truth?.[plane.width * 12 + plane.width - 6]).toBe(0)
    const without = compared(null).cases
    expect(without.map(({ match }) => [match.truth, match.overlap])).toEqual([
      [4, 0],
      [5, 0],
      [2, 0.5],
      [3, 0.5],
    ])
  })

  it("lie over the image in one page, names as they are", () => {
    const input = compared([1, 2, 3, 4, 0])
    const page = renderBeside(input)
    expect(page).toContain("network a_b.onnx finds 5 particles, watershed 2")
    expect(page).toContain("Against the truth")
    expect(page).toContain("Hardest cases")
    expect(renderBeside(compared(null))).not.toContain("Against the truth")
    // Outlines run where labels change, white where both do.
    const { width, height, pixels } = besidePixels(input.planes[0])
    expect(pixels.length).toBe(3 * width * height)
    const colours = new Set<string>()
    for (let p = 0; p < pixels.length; p += 3) colours.add(pixels.slice(p, p + 3).join(" "))
    for (const colour of ["255 255 255", "58 160 255"]) expect(colours.has(colour), colour).toBe(true)
  })
})

describe("two ways in a slice", () => {
  it("see the same rows, and are kept in the whole image with their cracks told apart", () => {
    const whole: Grid = { shape: [12, 10, 1], spacing: [1e-7, 1e-7, 1e-7] }
    const rows: Grid = { shape: [12, 6, 1], spacing: whole.spacing }
    const mask = (value: number) => ({ ...rows, values: new Uint8Array(72).fill(value) })
    const found = (label: number) => () => ({
      ...rows,
      values: Int32Array.from({ length: 72 }, (_, p) => (p % 12 > 2 && p % 12 < 8 && p > 11 && p < 60 ? label : 0)),
      count: label,
    })
    const { identify, seen } = watched(whole, found(1), found(2), defaultSegmentSettings)
    expect(seen()).toBeUndefined()
    const bright = mask(1)
    bright.values[12 * 2 + 5] = 0
    identify({ gray: { ...rows, values: new Float32Array(72) }, inside: mask(1), bright, firstRow: 3 })
    const both = seen()!
    expect([both.firstRow, both.endRow]).toEqual([3, 9])
    expect(both.first[12 * 5 + 5]).toBe(1)
    expect(both.second[12 * 5 + 5]).toBe(2)
    expect(both.first[12 * 2 + 5]).toBe(0)
    const side = planeSide("network", whole, both.first, both.bright)
    const size = both.first.filter((label) => label === 1).length
    expect(side.damage.get(1)).toBeCloseTo(1 / size)
    expect(Effect.runSync(side.read({ from: [5, 5, 0], to: [7, 6, 1] }))).toEqual(Int32Array.of(0, 1))
    expect(side.extents.get(1)?.isCut).toBe(false)
  })
})
