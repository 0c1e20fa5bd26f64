import { decode } from "fast-png"
import { describe, expect, it } from "vitest"
import type { Mesh } from "../../src/mesh/mesh.ts"
import { blueRed, cividis, colourAt, ember, rgb, viridis } from "../../src/report/colour.ts"
import { base64, pngDataUrl, rasterised } from "../../src/report/raster.ts"
import { boundsOf, viewOf } from "../../src/report/view.ts"
import { discMesh } from "./disc-mesh.ts"

const mesh: Mesh = discMesh({ columns: 1, rows: 1, tile: 1e-5, radius: [4e-6], spans: 12, separator: 5e-6, high: null })
const view = viewOf(boundsOf(mesh), 100, 150)
const field = (value: (x: number, y: number) => number) =>
  Float64Array.from({ length: mesh.nodes.length / 2 }, (_, node) =>
    value(mesh.nodes[2 * node], mesh.nodes[2 * node + 1]),
  )

describe("pictures of fields", () => {
  it("cover every pixel of the domain", () => {
    const { index, width, height } = rasterised(mesh, view, { on: "nodes", values: field(() => 0.5) }, [0, 1], 2)
    expect([width, height]).toEqual([200, 300])
    expect(index.every((place) => place === 128)).toBe(true)
  })

  it("are exact for linear fields, whatever the triangles", () => {
    const { index, width, height } = rasterised(
      mesh,
      view,
      { on: "nodes", values: field((x, y) => x + 2 * y) },
      [0, 4e-5],
      2,
    )
    for (let row = 0; row < height; row += 7) {
      for (let column = 0; column < width; column += 7) {
        const x = ((column + 0.5) / width) * 1e-5
        const y = (1 - (row + 0.5) / height) * 1.5e-5
        expect(Math.abs(index[row * width + column] - 1 - (254 * (x + 2 * y)) / 4e-5)).toBeLessThanOrEqual(0.5001)
      }
    }
  })

  it("stay clear where the field is not defined", () => {
    const inside = Float64Array.from(mesh.cellToRegion, (region) => (region === 0 ? 1 : Number.NaN))
    const { index } = rasterised(mesh, view, { on: "cells", values: inside }, [0, 1], 4)
    const share = index.reduce((sum, place) => sum + (place > 0 ? 1 : 0), 0) / index.length
    expect(share).toBeCloseTo((Math.PI * 16) / 150, 2)
    expect(new Set(index)).toEqual(new Set([0, 255]))
  })

  it("clamp values beyond the range", () => {
    const { index } = rasterised(mesh, view, { on: "nodes", values: field((x) => x) }, [4e-6, 6e-6], 1)
    expect(index[0]).toBe(1)
    expect(index[99]).toBe(255)
  })

  it("carry the colours of the map through the PNG", () => {
    const picture = { width: 3, height: 1, index: Uint8Array.of(0, 1, 255) }
    const url = pngDataUrl(picture, viridis)
    const file = decode(Uint8Array.from(atob(url.replace("data:image/png;base64,", "")), (c) => c.charCodeAt(0)))
    expect([file.width, file.height]).toEqual([3, 1])
    const palette = file.palette ?? []
    expect(Array.from(file.data, (place) => palette[place])).toEqual([
      [255, 255, 255, 0],
      [...rgb("#440154"), 255],
      [...rgb("#fde725"), 255],
    ])
  })

  it("encodes bytes as base 64", () => {
    const bytes = Uint8Array.from({ length: 70_001 }, (_, at) => (at * 7919) & 255)
    expect(base64(bytes)).toBe(Buffer.from(bytes).toString("base64"))
  })
})

/** CIE lightness of sRGB, 0…100. */
const lightness = (colour: readonly number[]): number => {
  const [r, g, b] = colour.map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b
  return y > 0.008856 ? 116 * Math.cbrt(y) - 16 : 903.3 * y
}

describe("colour maps", () => {
  it("change lightness in one direction, the diverging one on either side of its middle", () => {
    const along = (map: typeof viridis, from: number, to: number) =>
      Array.from({ length: 41 }, (_, at) => lightness(colourAt(map, from + ((to - from) * at) / 40)))
    const rises = (values: number[]) => values.every((value, at) => at === 0 || value >= values[at - 1] - 0.05)
    for (const curve of [along(viridis, 0, 1), along(cividis, 0, 1), along(ember, 1, 0)])
      expect(rises(curve)).toBe(true)
    expect(rises(along(blueRed, 0, 0.5))).toBe(true)
    expect(rises(along(blueRed, 1, 0.5))).toBe(true)
  })
})
