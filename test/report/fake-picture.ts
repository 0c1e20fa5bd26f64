import { encode } from "fast-png"
import { seededRandom } from "../../src/array/random.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import type { SegmentationPicture } from "../../src/report/input.ts"
import { particleAreas } from "../../src/report/outline.ts"
import { base64 } from "../../src/report/raster.ts"

/** A few columns of an attribute table. */
export const attributes = (area: Float64Array, centroid: Float64Array, random: () => number) => [
  { name: "X", unit: "m", values: Float64Array.from(area, (_, p) => centroid[2 * p]) },
  { name: "Z", unit: "m", values: Float64Array.from(area, (_, p) => centroid[2 * p + 1]) },
  { name: "Volume", unit: "m^3", values: area.map((value) => (4 / 3) * Math.PI * (value / Math.PI) ** 1.5) },
  { name: "Sphericity", unit: "", values: area.map(() => 0.8 + 0.15 * random()) },
  { name: "Elongation", unit: "", values: area.map(() => 1 + 0.6 * random() ** 2) },
  { name: "Damage", unit: "", values: area.map(() => 0.12 * random() ** 1.5) },
  { name: "Contact", unit: "", values: area.map(() => 0.3 * random()) },
  { name: "DistNearest", unit: "m", values: area.map(() => 1e-6 * (1 + 3 * random())) },
]

/** Grey discs with noise, as a tomogram would show them. */
export const picture = (mesh: Mesh, columns: number): SegmentationPicture => {
  const random = seededRandom(3).uniform
  const { area, centroid } = particleAreas(mesh)
  const [width, height] = [110 * columns, 2200 / columns]
  const pixel = 1e-7
  const data = new Uint8Array(width * height)
  for (let at = 0; at < data.length; at++) {
    const [x, y] = [((at % width) + 0.5) * pixel, (height - Math.floor(at / width) - 0.5) * pixel]
    const inside = area.some(
      (value, p) => Math.hypot(x - centroid[2 * p], y - centroid[2 * p + 1]) < Math.sqrt(value / Math.PI),
    )
    data[at] = Math.max(0, Math.min(255, (inside ? 168 : 74) + 46 * (random() + random() - 1)))
  }
  const file = encode({ width, height, data, channels: 1, depth: 8 })
  return {
    dataUrl: `data:image/png;base64,${base64(file)}`,
    width,
    height,
    minimum: [0, 0],
    maximum: [width * pixel, height * pixel],
  }
}
