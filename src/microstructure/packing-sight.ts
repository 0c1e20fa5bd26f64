import { eachWithin, pointGrid } from "../statistics/point-grid.ts"
import { type DirectionSet, nearestDirection } from "./directions.ts"
import type { Packing } from "./packing.ts"
import { imagesOf } from "./packing-relaxation.ts"

/** What the patches of a packing face across the space between particles. Patch k of particle i is i · count + k. */
export interface PackingSight {
  /** [patch] particle ahead, −1 a wall or nothing within reach */
  readonly neighbour: Int32Array
  /** [patch] harmonic mean over its rays of the way to the next surface [m] */
  readonly ligament: Float64Array
  /** Ways between two patches, each pair once for each ray: the second patch, or −1 for the collector */
  readonly from: Int32Array
  readonly to: Int32Array
  /** [way] its length [m], and the area of its tube [m²] ([m] in the plane) */
  readonly length: Float64Array
  readonly area: Float64Array
}

/** Of the whole surface of a particle [m²]; in the plane [m] */
export const surfaceOf = (dimension: 2 | 3, radius: number): number =>
  dimension === 3 ? 4 * Math.PI * radius * radius : 2 * Math.PI * radius

/** Way along a ray from a surface to a plane that it runs towards [m]. */
const toPlane = (at: number, along: number, extent: number): number =>
  along > 0 ? (extent - at) / along : along < 0 ? -at / along : Number.POSITIVE_INFINITY

/**
 * Looks from every patch along its rays to the next particle or wall: the outward normals of a ball are its rays.
 * @param reach how far [m]; what is further is not seen, and its ligament counts as so long
 */
export const sightOfPacking = (packing: Packing, directions: DirectionSet, reach: number): PackingSight => {
  const { dimension, count, centre, radius, width, thickness, isPeriodic } = packing
  const largest = radius.reduce((most, each) => Math.max(most, each), 0)
  const within = Math.min(reach, packing.isPeriodic ? width : Number.POSITIVE_INFINITY)
  const { point, particle } = imagesOf(packing, centre, Math.min(width, 2 * largest + within))
  const grid = pointGrid(point, Math.max(largest, (largest + within) / 2))
  const patches = count * directions.count
  const neighbour = new Int32Array(patches).fill(-1)
  const ligament = new Float64Array(patches)
  const ways = new Ways()
  const near: number[] = []
  /** [near, 4] */
  let ahead = new Float64Array(320)
  const seen = new Map<number, number>()
  for (let i = 0; i < count; i++) {
    const [x, y, z] = centre.subarray(3 * i, 3 * i + 3)
    nearImages(grid, i, radius[i] + within + largest, (image, distance) => {
      if (distance - radius[i] - radius[particle[image]] < within) near.push(image)
    })
    // Centre from here, and the square of the way that touches it: what each ray asks for.
    if (ahead.length < 4 * near.length) ahead = new Float64Array(8 * near.length)
    near.forEach((image, n) => {
      const [dx, dy, dz] = [point[3 * image] - x, point[3 * image + 1] - y, point[3 * image + 2] - z]
      const other = radius[particle[image]]
      ahead.set([dx, dy, dz, dx * dx + dy * dy + dz * dz - other * other], 4 * n)
    })
    const surface = surfaceOf(dimension, radius[i])
    for (let k = 0; k < directions.count; k++) {
      const patch = i * directions.count + k
      let [inverse, share] = [0, 0]
      seen.clear()
      for (let ray = directions.start[k]; ray < directions.start[k + 1]; ray++) {
        const ux = directions.ray[3 * ray]
        const uy = directions.ray[3 * ray + 1]
        const uz = directions.ray[3 * ray + 2]
        let way = toPlane(z, uz, thickness)
        if (!isPeriodic) {
          way = Math.min(way, toPlane(x, ux, width))
          if (dimension === 3) way = Math.min(way, toPlane(y, uy, width))
        }
        let hit = -1
        for (let n = 0; n < near.length; n++) {
          const at = 4 * n
          const along = ahead[at] * ux + ahead[at + 1] * uy + ahead[at + 2] * uz
          if (along <= 0) continue
          const inside = along * along - ahead[at + 3]
          if (inside < 0) continue
          const distance = along - Math.sqrt(inside)
          if (distance < way) {
            way = distance
            hit = near[n]
          }
        }
        const length = Math.min(within, Math.max(way - radius[i], 1e-6 * radius[i]))
        const weight = directions.share[ray]
        inverse += weight / length
        share += weight
        if (way - radius[i] > within) continue
        const toCollector = hit < 0 && uz < 0 && Math.abs(way - toPlane(z, uz, thickness)) <= 1e-12 * way
        if (hit >= 0) {
          const j = particle[hit]
          seen.set(j, (seen.get(j) ?? 0) + weight / length)
          const facing = nearestDirection(
            directions,
            x + way * ux - point[3 * hit],
            y + way * uy - point[3 * hit + 1],
            z + way * uz - point[3 * hit + 2],
          )
          ways.add(patch, j * directions.count + facing, length, weight * surface)
        } else if (toCollector) ways.add(patch, -1, length, weight * surface)
        else seen.set(-1, (seen.get(-1) ?? 0) + weight / length)
      }
      ligament[patch] = share / inverse
      neighbour[patch] = strongest(seen)
    }
    near.length = 0
  }
  return { neighbour, ligament, ...ways.arrays() }
}

/** What is seen best; the lowest number among equals. */
const strongest = (seen: ReadonlyMap<number, number>): number => {
  let [best, most] = [-1, 0]
  for (const [particle, weight] of seen)
    if (weight > most || (weight === most && particle < best)) {
      best = particle
      most = weight
    }
  return best
}

const nearImages = (
  grid: ReturnType<typeof pointGrid>,
  point: number,
  radius: number,
  visit: (image: number, distance: number) => void,
): void => eachWithin(grid, point, radius, (image, squared) => visit(image, Math.sqrt(squared)))

/** Ways gathered in arrays that grow. */
class Ways {
  #count = 0
  #ends = new Int32Array(1024)
  #sizes = new Float64Array(1024)

  add(from: number, to: number, length: number, area: number): void {
    if (2 * this.#count === this.#ends.length) {
      const [ends, sizes] = [new Int32Array(4 * this.#count), new Float64Array(4 * this.#count)]
      ends.set(this.#ends)
      sizes.set(this.#sizes)
      this.#ends = ends
      this.#sizes = sizes
    }
    const at = 2 * this.#count++
    this.#ends[at] = from
    this.#ends[at + 1] = to
    this.#sizes[at] = length
    this.#sizes[at + 1] = area
  }

  arrays(): Pick<PackingSight, "from" | "to" | "length" | "area"> {
    const count = this.#count
    const out = {
      from: new Int32Array(count),
      to: new Int32Array(count),
      length: new Float64Array(count),
      area: new Float64Array(count),
    }
    for (let k = 0; k < count; k++) {
      out.from[k] = this.#ends[2 * k]
      out.to[k] = this.#ends[2 * k + 1]
      out.length[k] = this.#sizes[2 * k]
      out.area[k] = this.#sizes[2 * k + 1]
    }
    return out
  }
}
