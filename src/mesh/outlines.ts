import type { Outline } from "./arrangement.ts"

/** A particle's section; polygons may turn either way and are taken as drawn where they turn by more than 25°. */
export type Shape =
  | { readonly kind: "circle"; readonly centre: readonly [number, number]; readonly radius: number }
  | {
      readonly kind: "ellipse"
      readonly centre: readonly [number, number]
      /** Half axes [m] */
      readonly axes: readonly [number, number]
      /** Of the first axis from the x axis, counter-clockwise [rad] */
      readonly angle: number
    }
  /** [vertex, 2] [m] */
  | { readonly kind: "polygon"; readonly vertices: Float64Array }

const cornerCosine = Math.cos((25 * Math.PI) / 180)

/** A particle's surface as fine points, counter-clockwise. */
export const outlineOf = (shape: Shape, particle: number, spacing: number, length: number): Outline => {
  if (shape.kind === "polygon") return polygonOutline(shape.vertices, particle, spacing, length)
  const [ax, ay] = shape.kind === "circle" ? [shape.radius, shape.radius] : shape.axes
  const tilt = shape.kind === "circle" ? 0 : shape.angle
  const [cx, cy] = shape.centre
  const cosine = Math.cos(tilt)
  const sine = Math.sin(tilt)
  const count = 4 * Math.max(16, Math.ceil((Math.PI * (ax + ay)) / (4 * spacing)))
  const points = new Float64Array(2 * count)
  // A fine polygon of exactly the ellipse's area.
  const swell = Math.sqrt((2 * Math.PI) / count / Math.sin((2 * Math.PI) / count))
  for (let k = 0; k < count; k++) {
    const angle = (2 * Math.PI * k) / count
    const u = swell * ax * Math.cos(angle)
    const v = swell * ay * Math.sin(angle)
    points[2 * k] = cx + cosine * u - sine * v
    points[2 * k + 1] = cy + sine * u + cosine * v
  }
  return { points, corners: [], particle, length }
}

const polygonOutline = (vertices: Float64Array, particle: number, spacing: number, length: number): Outline => {
  const given = vertices.length / 2
  let doubleArea = 0
  for (let k = 0; k < given; k++) {
    const m = (k + 1) % given
    doubleArea += vertices[2 * k] * vertices[2 * m + 1] - vertices[2 * m] * vertices[2 * k + 1]
  }
  const at = (k: number): readonly [number, number] => {
    const m = doubleArea > 0 ? k % given : given - 1 - (k % given)
    return [vertices[2 * m], vertices[2 * m + 1]]
  }
  const points: number[] = []
  const corners: number[] = []
  for (let k = 0; k < given; k++) {
    const [px, py] = at(k + given - 1)
    const [x, y] = at(k)
    const [nx, ny] = at(k + 1)
    const turn = ((x - px) * (nx - x) + (y - py) * (ny - y)) / (Math.hypot(x - px, y - py) * Math.hypot(nx - x, ny - y))
    if (turn < cornerCosine) corners.push(points.length / 2)
    const parts = Math.max(1, Math.ceil(Math.hypot(nx - x, ny - y) / spacing))
    for (let m = 0; m < parts; m++) points.push(x + (m / parts) * (nx - x), y + (m / parts) * (ny - y))
  }
  return { points: Float64Array.from(points), corners, particle, length }
}
