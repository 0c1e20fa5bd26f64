import { encode } from "fast-png"
import type { Mesh } from "../mesh/mesh.ts"
import { cellCount } from "../mesh/mesh.ts"
import { type ColourMap, colourAt } from "./colour.ts"
import type { View } from "./view.ts"

/** Pixels as places in a colour map: 0 is clear, 1…255 run through the map. */
export interface IndexedPicture {
  readonly width: number
  readonly height: number
  /** [row from the top, column] */
  readonly index: Uint8Array
}

/** Linear values at the corners, or one value a cell. */
export type FieldValues =
  | { readonly on: "nodes"; readonly values: Float64Array }
  | { readonly on: "cells"; readonly values: Float64Array }

/**
 * Paints a scalar field on the triangles of a mesh, linear within each; pixels whose centre no triangle with
 * finite values covers stay clear.
 * @param range     values at the ends of the colour map
 * @param perPixel  picture points for one pixel of the view, to stay sharp on paper
 */
export const rasterised = (
  mesh: Mesh,
  view: View,
  field: FieldValues,
  range: readonly [number, number],
  perPixel: number,
): IndexedPicture => {
  const width = Math.max(1, Math.round(view.width * perPixel))
  const height = Math.max(1, Math.round(view.height * perPixel))
  const index = new Uint8Array(width * height)
  const scale = view.scale * perPixel
  const span = range[1] - range[0] || 1
  const x = new Float64Array(3)
  const y = new Float64Array(3)
  const share = new Float64Array(3)
  for (let cell = 0; cell < cellCount(mesh); cell++) {
    for (let corner = 0; corner < 3; corner++) {
      const node = mesh.cellToNode[3 * cell + corner]
      x[corner] = (mesh.nodes[2 * node] - view.minimum[0]) * scale
      y[corner] = (view.maximum[1] - mesh.nodes[2 * node + 1]) * scale
      share[corner] = (field.values[field.on === "nodes" ? node : cell] - range[0]) / span
    }
    if (!Number.isFinite(share[0] + share[1] + share[2])) continue
    paint(index, width, height, x, y, share)
  }
  return { width, height, index }
}

const paint = (
  index: Uint8Array,
  width: number,
  height: number,
  x: Float64Array,
  y: Float64Array,
  share: Float64Array,
): void => {
  const double = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
  if (double === 0) return
  const firstRow = Math.max(0, Math.ceil(Math.min(y[0], y[1], y[2]) - 0.5))
  const lastRow = Math.min(height - 1, Math.floor(Math.max(y[0], y[1], y[2]) - 0.5))
  const firstColumn = Math.max(0, Math.ceil(Math.min(x[0], x[1], x[2]) - 0.5))
  const lastColumn = Math.min(width - 1, Math.floor(Math.max(x[0], x[1], x[2]) - 0.5))
  // A hair of slack, so that no pixel falls between two neighbours.
  const slack = -1e-7
  for (let row = firstRow; row <= lastRow; row++) {
    const py = row + 0.5
    for (let column = firstColumn; column <= lastColumn; column++) {
      const pxl = column + 0.5
      const b = ((pxl - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (py - y[0])) / double
      const c = ((x[1] - x[0]) * (py - y[0]) - (pxl - x[0]) * (y[1] - y[0])) / double
      const a = 1 - b - c
      if (a < slack || b < slack || c < slack) continue
      const value = a * share[0] + b * share[1] + c * share[2]
      index[row * width + column] = 1 + Math.round(254 * Math.min(Math.max(value, 0), 1))
    }
  }
}

/** The picture as the data URL of an indexed PNG (one byte a pixel before compression). */
export const pngDataUrl = ({ width, height, index }: IndexedPicture, map: ColourMap): string => {
  const palette: [number, number, number, number][] = [[255, 255, 255, 0]]
  for (let place = 0; place < 255; place++) {
    const [r, g, b] = colourAt(map, place / 254)
    palette.push([Math.round(r), Math.round(g), Math.round(b), 255])
  }
  const file = encode({ width, height, data: index, channels: 1, depth: 8, palette }, { zlib: { level: 6 } })
  return `data:image/png;base64,${base64(file)}`
}

/** Base 64 of bytes, as data URLs want it. */
export const base64 = (bytes: Uint8Array): string => {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)))
  return btoa(parts.join(""))
}
