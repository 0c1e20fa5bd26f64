import { icosphere } from "../../image/icosphere.ts"
import { columnOf, type TableColumn } from "../../particles/table.ts"
import { momentsOf } from "../../statistics/moments.ts"
import { quantile, sampleOf } from "../../statistics/sample.ts"
import { type ColourMap, ember, hex, viridis } from "../colour.ts"
import { readableUnit } from "../histograms.ts"
import { base64 } from "../raster.ts"
import { type Camera, firstCamera } from "./camera.ts"
import type { ParticleOutlines, ParticleReportInput } from "./input.ts"

/** An attribute by which the particles can be coloured. */
export interface SceneAttribute {
  readonly name: string
  /** For reading, such as "µm³" */
  readonly unit: string
  /** [outline] in this unit; NaN where it is not known */
  readonly values: Float32Array
  /** Ends of the colours: where the outermost hundredths begin */
  readonly low: number
  readonly high: number
  readonly map: ColourMap
}

/** The particles in space, ready to be drawn. */
export interface Scene {
  readonly outlines: ParticleOutlines
  /** Edges of the field of view [µm] */
  readonly box: readonly [number, number, number]
  readonly attributes: readonly SceneAttribute[]
  /** Index of the attribute that is shown first */
  readonly first: number
  readonly camera: Camera
  /** Particles without an outline */
  readonly left: number
}

const isConstant = ({ min, max }: { readonly min: number; readonly max: number }): boolean =>
  !(max - min > 1e-9 * Math.max(Math.abs(min), Math.abs(max)))

const attributeOf = ({ name, unit, values }: TableColumn, rows: Int32Array): SceneAttribute | undefined => {
  const shown = readableUnit(unit, values.filter(Number.isFinite))
  const own = Float32Array.from(rows, (row) => values[row] * shown.factor)
  const finite = own.filter(Number.isFinite)
  if (finite.length < 2 || isConstant(momentsOf(finite))) return undefined
  const sample = sampleOf(finite)
  let [low, high] = [quantile(sample, 0.01), quantile(sample, 0.99)]
  if (!(high > low)) [low, high] = [sample.sorted[0], sample.sorted[sample.sorted.length - 1]]
  return { name, unit: shown.unit, values: own, low, high, map: name === "Damage" ? ember : viridis }
}

/** Attributes worth looking at first, where they vary. */
const preferred = ["Damage", "Volume", "Sphericity"]
/** Damage that is nowhere more than this is not what to show first. */
const slightDamage = 0.01

/** The scene of a report; undefined where there is nothing to draw. */
export const sceneOf = ({ outlines, table, volume }: ParticleReportInput): Scene | undefined => {
  if (outlines === null || outlines.particle.length === 0) return undefined
  const attributes = table.columns
    .filter(({ name }) => name !== "Label")
    .flatMap((column) => attributeOf(column, outlines.particle) ?? [])
  const depth = columnOf(table, "Z")
  if (depth === undefined) return undefined
  const box = volume.shape.map((voxels, axis) => voxels * volume.spacing[axis] * 1e6)
  const wished = preferred.map((name) =>
    attributes.findIndex((each) => each.name === name && (name !== "Damage" || each.high > slightDamage)),
  )
  return {
    outlines,
    box: [box[0], box[1], box[2]],
    attributes,
    first: Math.max(0, wished.find((at) => at >= 0) ?? 0),
    camera: firstCamera([box[0], box[1], box[2]]),
    left: table.particleCount - outlines.particle.length,
  }
}

/** Corners of one particle [vertex, 3] about the middle of the box [µm]. */
export const cornersOf = ({ outlines, box }: Scene, outline: number, sphere: Float64Array): Float64Array => {
  const directions = sphere.length / 3
  const out = new Float64Array(sphere.length)
  for (let vertex = 0; vertex < directions; vertex++)
    for (let axis = 0; axis < 3; axis++) {
      const reach = outlines.reach[outline * directions + vertex] * sphere[3 * vertex + axis]
      out[3 * vertex + axis] = (outlines.centre[3 * outline + axis] + reach) * 1e6 - box[axis] / 2
    }
  return out
}

const encoded = (values: Float32Array | Uint8Array | Int32Array): string =>
  base64(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))

/** Reaches as 255ths of the farthest one of each particle. */
const levels = ({ reach, particle }: ParticleOutlines): { readonly size: Float32Array; readonly level: Uint8Array } => {
  const directions = reach.length / Math.max(1, particle.length)
  const size = new Float32Array(particle.length)
  const level = new Uint8Array(reach.length)
  for (let outline = 0; outline < particle.length; outline++) {
    const own = reach.subarray(outline * directions, (outline + 1) * directions)
    size[outline] = own.reduce((most, value) => Math.max(most, value), 0)
    for (let at = 0; at < directions; at++)
      level[outline * directions + at] = Math.round((255 * own[at]) / size[outline])
  }
  return { size, level }
}

const short = (value: number): number => Number(value.toPrecision(5))

/** What the script in the page draws from; numbers in µm about the middle of the box. */
export const sceneData = (scene: Scene): unknown => {
  const { outlines, box, attributes, first, camera } = scene
  const { vertices, triangles } = icosphere(outlines.divisions)
  const { size, level } = levels(outlines)
  return {
    box: box.map(short),
    camera,
    first,
    directions: Array.from(vertices, short),
    triangles: [...triangles],
    particle: encoded(Int32Array.from(outlines.particle, (row) => row + 1)),
    centre: encoded(outlines.centre.map((value, at) => value * 1e6 - box[at % 3] / 2)),
    size: encoded(size.map((value) => value * 1e6)),
    level: encoded(level),
    attributes: attributes.map(({ name, unit, values, low, high, map }) => ({
      name,
      unit,
      low: short(low),
      high: short(high),
      colours: map.stops.map(hex),
      values: encoded(values),
    })),
  }
}
