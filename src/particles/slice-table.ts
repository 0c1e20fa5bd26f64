import { assertLength } from "../array/assert.ts"
import { outlineMeasure } from "../image/contour.ts"
import { eachCroftonPair } from "../image/crofton.ts"
import { pixelLists } from "../image/proposals.ts"
import { planeGrid } from "../image/volume.ts"
import { densityWindow, geometryColumns, outOfPlane } from "./geometry-columns.ts"
import { momentsFrom } from "./plane-moments.ts"
import type { ParticleTable, TableColumn } from "./table.ts"

/** A labelled slice; row 0 is the separator side, the collector lies below the last row. */
export interface LabelledSlice {
  readonly width: number
  readonly height: number
  /** [m] */
  readonly pixel: number
  /** [row, column] 0 matrix, 1 … particleCount */
  readonly labels: Int32Array
  readonly particleCount: number
  /** [row, column] 1 in cracks and inner voids */
  readonly crackMask: Uint8Array
  /** [row, column] the phase map; in map units */
  readonly gray: ArrayLike<number>
}

/** A perimeter pixel touches a neighbour that comes as near as this [pixel]. */
const contactDistance = 1

/** Lengths along the boundaries of every particle, by Crofton's formula; all [particle] [pixel]. */
const boundaryLengths = ({ width, height, labels, crackMask, particleCount }: LabelledSlice) => {
  const outer = new Float64Array(particleCount + 1)
  const touching = new Float64Array(particleCount + 1)
  const inner = new Float64Array(particleCount + 1)
  const nearOther = (pixel: number, self: number): boolean => {
    const x = pixel % width
    const y = (pixel - x) / width
    for (let v = Math.max(0, y - contactDistance); v <= Math.min(height - 1, y + contactDistance); v++)
      for (let u = Math.max(0, x - contactDistance); u <= Math.min(width - 1, x + contactDistance); u++) {
        const other = labels[u + width * v]
        if (other > 0 && other !== self) return true
      }
    return false
  }
  eachCroftonPair(width, height, (a, b, length) => {
    const [p, q] = [labels[a], labels[b]]
    if (p === q) {
      if (p > 0 && crackMask[a] !== crackMask[b]) inner[p] += length
      return
    }
    for (const [self, outside] of [
      [p, b],
      [q, a],
    ]) {
      if (self === 0) continue
      outer[self] += length
      if (nearOther(outside, self)) touching[self] += length
    }
  })
  return { outer: outer.subarray(1), touching: touching.subarray(1), inner: inner.subarray(1) }
}

/** Pixels of every particle with a neighbour outside of it. */
const boundaryPixels = (pixels: Int32Array, { width, height, labels }: LabelledSlice): Int32Array =>
  pixels.filter((pixel) => {
    const x = pixel % width
    const y = (pixel - x) / width
    const self = labels[pixel]
    return (
      x === 0 ||
      y === 0 ||
      x === width - 1 ||
      y === height - 1 ||
      labels[pixel - 1] !== self ||
      labels[pixel + 1] !== self ||
      labels[pixel - width] !== self ||
      labels[pixel + width] !== self
    )
  })

/** Smallest and largest of some numbers. */
const extentOf = (values: Float64Array): readonly [number, number] => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

/** How far a place lies outside of a stretch. */
const beyond = (at: number, low: number, high: number): number => (at < low ? low - at : at > high ? at - high : 0)

/** [particle, particle] smallest distance between pixels less one pixel, so that neighbours in contact have 0 [m]. */
const surfaceDistances = (boundaries: readonly Int32Array[], width: number, pixel: number): Float64Array => {
  const count = boundaries.length
  const out = new Float64Array(count * count)
  const columns = boundaries.map((boundary) => Float64Array.from(boundary, (p) => p % width))
  const rows = boundaries.map((boundary) => Float64Array.from(boundary, (p) => Math.floor(p / width)))
  const across = columns.map(extentOf)
  const down = rows.map(extentOf)
  for (let i = 0; i < count; i++)
    for (let j = i + 1; j < count; j++) {
      let least = Number.POSITIVE_INFINITY
      const [left, right] = across[j]
      const [top, bottom] = down[j]
      for (let a = 0; a < columns[i].length; a++) {
        const [x, y] = [columns[i][a], rows[i][a]]
        // The box around the other one is nearer than any pixel of it.
        if (beyond(x, left, right) ** 2 + beyond(y, top, bottom) ** 2 >= least) continue
        for (let b = 0; b < columns[j].length; b++) {
          const dx = x - columns[j][b]
          const dy = y - rows[j][b]
          const squared = dx * dx + dy * dy
          if (squared < least) least = squared
        }
      }
      out[i * count + j] = Math.max(0, Math.sqrt(least) - 1) * pixel
      out[j * count + i] = out[i * count + j]
    }
  return out
}

/** [particle] share of particle pixels in a square window around each centre, cut at the image's border. */
const densities = (slice: LabelledSlice, x: Float64Array, y: Float64Array): Float64Array => {
  const { width, height, labels } = slice
  const stride = width + 1
  const sum = new Float64Array(stride * (height + 1))
  for (let v = 0; v < height; v++)
    for (let u = 0, row = 0; u < width; u++) {
      row += labels[u + width * v] > 0 ? 1 : 0
      sum[u + 1 + stride * (v + 1)] = sum[u + 1 + stride * v] + row
    }
  const half = densityWindow / slice.pixel / 2
  return x.map((centre, k) => {
    const x0 = Math.max(0, Math.round(centre - half))
    const x1 = Math.min(width, Math.round(centre + half))
    const y0 = Math.max(0, Math.round(y[k] - half))
    const y1 = Math.min(height, Math.round(y[k] + half))
    const filled = sum[x1 + stride * y1] - sum[x0 + stride * y1] - sum[x1 + stride * y0] + sum[x0 + stride * y0]
    return filled / ((x1 - x0) * (y1 - y0))
  })
}

const optionalStatistics = (slice: LabelledSlice, lists: readonly Int32Array[]) => {
  const mean = new Float64Array(lists.length)
  const homogeneity = new Float64Array(lists.length)
  const damage = new Float64Array(lists.length)
  lists.forEach((pixels, k) => {
    const solid = pixels.filter((p) => slice.crackMask[p] === 0)
    let sum = 0
    for (const p of solid) sum += slice.gray[p]
    mean[k] = sum / solid.length
    let square = 0
    for (const p of solid) square += (slice.gray[p] - mean[k]) ** 2
    homogeneity[k] = 1 / Math.sqrt(square / solid.length)
    damage[k] = 1 - solid.length / pixels.length
  })
  return { mean, homogeneity, damage }
}

/**
 * The attributes of the particles of a slice, as far as a plane defines them.
 *
 * Z is the height above the last row, where the collector lies. EDensity and Homogeneity leave the cracks out.
 * Perimeters follow the blurred outline (see `outlineMeasure`); inner surfaces and contact shares are Crofton's.
 * The envelope is the label itself: cracks that reach the surface have been closed by the segmentation.
 */
export const particleTable = (slice: LabelledSlice): ParticleTable => {
  const { width, height, pixel, labels, particleCount } = slice
  assertLength("labels", labels, width * height)
  assertLength("crackMask", slice.crackMask, width * height)
  assertLength("gray", slice.gray, width * height)
  const lists = pixelLists({ ...planeGrid(width, height, pixel), values: labels, count: particleCount })
  const sums = new Float64Array(6 * particleCount)
  const cut = new Uint8Array(particleCount)
  lists.forEach((pixels, k) => {
    if (pixels.length === 0) throw new RangeError(`label ${k + 1} has no pixels`)
    const own = sums.subarray(6 * k, 6 * k + 6)
    const square = pixel * pixel
    for (const p of pixels) {
      const column = p % width
      const row = (p - column) / width
      if (column === 0 || row === 0 || column === width - 1 || row === height - 1) cut[k] = 1
      const x = (column + 0.5) * pixel
      const z = (height - row - 0.5) * pixel
      own[0] += square
      own[1] += square * x
      own[2] += square * z
      own[3] += square * (x * x + square / 12)
      own[4] += square * (z * z + square / 12)
      own[5] += square * x * z
    }
  })
  const moments = momentsFrom(sums, particleCount)
  const outlines = lists.map((pixels) => outlineMeasure(pixels, width, pixel))
  const boundary = boundaryLengths(slice)
  const contact = boundary.touching.map((length, k) => length / boundary.outer[k])
  const centreColumn = moments.x.map((x) => x / pixel)
  const centreRow = moments.z.map((z) => height - z / pixel)
  const geometry = geometryColumns({
    ...moments,
    perimeter: Float64Array.from(outlines, ({ length }) => length),
    enclosed: Float64Array.from(outlines, ({ area }) => area),
    contact,
    contactMatrix: contact.map((share) => 1 - share),
    density: densities(slice, centreColumn, centreRow),
    surfaceDistance: surfaceDistances(
      lists.map((pixels) => boundaryPixels(pixels, slice)),
      width,
      pixel,
    ),
  })
  const { mean, homogeneity, damage } = optionalStatistics(slice, lists)
  const at = (name: string): number => geometry.findIndex((column) => column.name === name)
  const columns: TableColumn[] = [
    ...geometry.slice(0, at("SurfaceOuter")),
    { name: "EDensity", unit: "", values: mean },
    { name: "Homogeneity", unit: "", values: homogeneity },
    {
      name: "SurfaceInner",
      unit: "m",
      values: Float64Array.from(boundary.inner, (length) => length * pixel),
      planeAnalogue: "length of crack edges: surface per depth",
    },
    ...geometry.slice(at("SurfaceOuter"), at("Elongation")),
    { name: "Damage", unit: "", values: damage, planeAnalogue: "crack area / area" },
    ...geometry.slice(at("Elongation")),
  ]
  return {
    particleCount,
    columns,
    missing: [
      ...outOfPlane,
      { name: "RoughInner", reason: "not measured on slices" },
      { name: "RoughOuter", reason: "not measured on slices" },
      { name: "ContactVoid", reason: "the slice does not part void from carbon/binder" },
    ],
    cut,
  }
}
