import { encode } from "fast-png"
import { icosphere } from "../../image/icosphere.ts"
import { colourAt, type Rgb, rgb } from "../colour.ts"
import { projected, turned } from "./camera.ts"
import { cornersOf, type Scene } from "./scene.ts"

/** A colour picture of 8 bits. */
export interface RgbPicture {
  readonly width: number
  readonly height: number
  /** [row, column, 3] */
  readonly pixels: Uint8Array
}

/** Where light comes from, as the camera sees it: from above, a little from the left. */
const light = [-0.35, 0.5, 0.79]
const ambient = 0.42
const unknown: Rgb = rgb("#b9bdc6")
const paper = 255

/** Normals of a closed surface of triangles at its corners, not of unit length. */
const normalsOf = (corners: Float64Array, triangles: Int32Array): Float64Array => {
  const out = new Float64Array(corners.length)
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [3 * triangles[at], 3 * triangles[at + 1], 3 * triangles[at + 2]]
    const u = [0, 1, 2].map((axis) => corners[b + axis] - corners[a + axis])
    const v = [0, 1, 2].map((axis) => corners[c + axis] - corners[a + axis])
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
    for (const corner of [a, b, c]) for (let axis = 0; axis < 3; axis++) out[corner + axis] += n[axis]
  }
  return out
}

/** Fills a triangle where nothing nearer is; corners are x, y, distance, brightness. */
const paint = (
  width: number,
  height: number,
  [p, q, r]: readonly (readonly number[])[],
  colour: Rgb,
  nearest: Float32Array,
  pixels: Uint8Array,
): void => {
  const double = (q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1])
  // Triangles that look away from the camera lie behind those that look at it.
  if (double >= 0) return
  const firstRow = Math.max(0, Math.ceil(Math.min(p[1], q[1], r[1]) - 0.5))
  const lastRow = Math.min(height - 1, Math.floor(Math.max(p[1], q[1], r[1]) - 0.5))
  const firstColumn = Math.max(0, Math.ceil(Math.min(p[0], q[0], r[0]) - 0.5))
  const lastColumn = Math.min(width - 1, Math.floor(Math.max(p[0], q[0], r[0]) - 0.5))
  for (let row = firstRow; row <= lastRow; row++)
    for (let column = firstColumn; column <= lastColumn; column++) {
      const [x, y] = [column + 0.5, row + 0.5]
      const b = ((x - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (y - p[1])) / double
      const c = ((q[0] - p[0]) * (y - p[1]) - (x - p[0]) * (q[1] - p[1])) / double
      const a = 1 - b - c
      if (a < -1e-7 || b < -1e-7 || c < -1e-7) continue
      const at = row * width + column
      const distance = a * p[2] + b * q[2] + c * r[2]
      if (distance >= nearest[at]) continue
      nearest[at] = distance
      const shade = a * p[3] + b * q[3] + c * r[3]
      for (let channel = 0; channel < 3; channel++) pixels[3 * at + channel] = shade * colour[channel]
    }
}

/** Edges of the box about the middle, [edge][end] in half edges */
const boxEdges = [0, 1, 2].flatMap((axis) =>
  [-1, 1].flatMap((s) =>
    [-1, 1].map((t) =>
      [-1, 1].map((end) => {
        const point = [0, 0, 0]
        point[axis] = end
        point[(axis + 1) % 3] = s
        point[(axis + 2) % 3] = t
        return point
      }),
    ),
  ),
)
const frameInk = 150

/** Draws the edges of the box where no particle is nearer. */
const frame = ({ box, camera }: Scene, width: number, height: number, nearest: Float32Array, pixels: Uint8Array) => {
  for (const ends of boxEdges) {
    const [[x0, y0, d0], [x1, y1, d1]] = ends.map(([x, y, z]) =>
      projected(camera, turned(camera, (x * box[0]) / 2, (y * box[1]) / 2, (z * box[2]) / 2), width, height),
    )
    const steps = Math.ceil(Math.hypot(x1 - x0, y1 - y0))
    for (let step = 0; step <= steps; step++) {
      const t = step / steps
      const [column, row] = [Math.floor(x0 + t * (x1 - x0)), Math.floor(y0 + t * (y1 - y0))]
      if (column < 0 || row < 0 || column >= width - 1 || row >= height - 1) continue
      for (const at of [row * width + column, row * width + column + 1, (row + 1) * width + column]) {
        if (d0 + t * (d1 - d0) < nearest[at]) pixels.fill(frameInk, 3 * at, 3 * at + 3)
      }
    }
  }
}

/** Half the size, each pixel the mean of four. */
const halved = ({ width, height, pixels }: RgbPicture): RgbPicture => {
  const [w, h] = [width >> 1, height >> 1]
  const out = new Uint8Array(3 * w * h)
  for (let row = 0; row < h; row++)
    for (let column = 0; column < w; column++)
      for (let channel = 0; channel < 3; channel++) {
        const at = (r: number, c: number) => pixels[3 * ((2 * row + r) * width + 2 * column + c) + channel]
        out[3 * (row * w + column) + channel] = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1) + 2) >> 2
      }
  return { width: w, height: h, pixels: out }
}

/**
 * The particles, shaded and coloured by the scene's first attribute, in the box of the field of view, as they are first
 * seen through its camera.
 * @param width  of the picture [px]
 */
export const poster = (scene: Scene, width: number, height: number): RgbPicture => {
  const { outlines, attributes, first, camera } = scene
  const { vertices, triangles } = icosphere(outlines.divisions)
  const [w, h] = [2 * width, 2 * height]
  const nearest = new Float32Array(w * h).fill(Number.POSITIVE_INFINITY)
  const pixels = new Uint8Array(3 * w * h).fill(paper)
  const attribute = attributes[first]
  for (let outline = 0; outline < outlines.particle.length; outline++) {
    const corners = cornersOf(scene, outline, vertices)
    const normals = normalsOf(corners, triangles)
    const seen = Array.from({ length: corners.length / 3 }, (_, vertex) => {
      const at = turned(camera, corners[3 * vertex], corners[3 * vertex + 1], corners[3 * vertex + 2])
      const normal = turned(camera, normals[3 * vertex], normals[3 * vertex + 1], normals[3 * vertex + 2])
      const size = Math.hypot(...normal) || 1
      const lit = Math.max(
        0,
        light.reduce((sum, part, axis) => sum + (part * normal[axis]) / size, 0),
      )
      return [...projected(camera, at, w, h), ambient + (1 - ambient) * lit]
    })
    const value = attribute?.values[outline] ?? Number.NaN
    const colour = Number.isFinite(value)
      ? colourAt(attribute.map, (value - attribute.low) / (attribute.high - attribute.low))
      : unknown
    for (let at = 0; at < triangles.length; at += 3) {
      paint(w, h, [seen[triangles[at]], seen[triangles[at + 1]], seen[triangles[at + 2]]], colour, nearest, pixels)
    }
  }
  frame(scene, w, h, nearest, pixels)
  return halved({ width: w, height: h, pixels })
}

/** A picture as a PNG file. */
export const pngOf = ({ width, height, pixels }: RgbPicture): Uint8Array =>
  encode({ width, height, data: pixels, channels: 3, depth: 8 }, { zlib: { level: 8 } })
