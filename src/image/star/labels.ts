import { largestParts, renumbered } from "../outlines.ts"
import { assertFills, type Grid, gridOf, type Identify, type Labels, type Mask } from "../volume.ts"
import { cornersOf, type StarPolygons, suppressed } from "./polygons.ts"

/** What a star-convex network says of a plane image. */
export interface StarPrediction {
  /** Pixels from answer to answer, and place of the first along x and y, 0 being the centre of the first pixel */
  readonly step: number
  readonly offset: number
  /** Answers along x and y */
  readonly width: number
  readonly height: number
  readonly rayCount: number
  /** [row, column] 0 … 1 */
  readonly probability: Float32Array
  /** [row, column, ray] from the answer's point to the outline [pixel] */
  readonly distances: Float32Array
}

/** How a prediction becomes particles. */
export interface StarSettings {
  /** Answers of less probability propose no particle, 0 … 1 */
  readonly probability: number
  /** Share of the smaller of two polygons that they may have in common */
  readonly overlap: number
  /** Width of the rim along a polygon, inside and outside, where gray values decide; share of its reach */
  readonly rimShare: number
  /** The rim's least width [pixel] */
  readonly leastRim: number
  /** Share of a polygon's pixels that must be bright, lest it is no particle; cracked, hollow ones have more than half */
  readonly brightShare: number
}

/** Settings chosen by slices of other seeds than those that scores are told of. */
export const defaultStarSettings: StarSettings = {
  probability: 0.3,
  overlap: 0.35,
  rimShare: 0.1,
  leastRim: 2,
  brightShare: 0.3,
}

/** A distance below this is none [pixel] */
const leastReach = 0.5

/** Polygons that a prediction proposes, one for each answer that is probable enough. */
export const proposedPolygons = (prediction: StarPrediction, least: number): StarPolygons => {
  const { step, offset, width, height, rayCount, probability, distances } = prediction
  assertFills("probability", { shape: [width, height, 1], spacing: [1, 1, 1] }, probability)
  if (distances.length !== probability.length * rayCount) {
    throw new RangeError(`distances has ${distances.length} entries, ${probability.length * rayCount} expected`)
  }
  const places: number[] = []
  for (let p = 0; p < probability.length; p++) if (probability[p] > least) places.push(p)
  const reach = new Float32Array(places.length * rayCount)
  places.forEach((place, k) => {
    for (let ray = 0; ray < rayCount; ray++) {
      reach[k * rayCount + ray] = Math.max(leastReach, distances[place * rayCount + ray])
    }
  })
  return {
    count: places.length,
    rayCount,
    x: Float64Array.from(places, (place) => offset + step * (place % width)),
    y: Float64Array.from(places, (place) => offset + step * Math.floor(place / width)),
    probability: Float64Array.from(places, (place) => probability[place]),
    reach,
  }
}

/** Some of the polygons, in the order given. */
export const chosenOf = (
  { rayCount, x, y, probability, reach }: StarPolygons,
  kept: readonly number[],
): StarPolygons => {
  const chosen = new Float32Array(kept.length * rayCount)
  kept.forEach((from, to) => {
    chosen.set(reach.subarray(from * rayCount, (from + 1) * rayCount), to * rayCount)
  })
  return {
    count: kept.length,
    rayCount,
    x: Float64Array.from(kept, (k) => x[k]),
    y: Float64Array.from(kept, (k) => y[k]),
    probability: Float64Array.from(kept, (k) => probability[k]),
    reach: chosen,
  }
}

/** The polygons of a prediction that do not stand in each other's way, the most probable first. */
export const starPolygons = (prediction: StarPrediction, { probability, overlap }: StarSettings): StarPolygons => {
  const { rayCount, x, y, reach, ...all } = proposedPolygons(prediction, probability)
  const proposed = { ...all, rayCount, x, y, reach }
  return chosenOf(proposed, suppressed(proposed, overlap))
}

/** Pixels in and around polygons. */
export interface Painted {
  /** [pixel] number of the polygon in which, or around which, a pixel lies deepest; 0 none */
  readonly owner: Int32Array
  /** [pixel] way beyond the polygon's outline as seen from its centre, negative inside [pixel] */
  readonly beyond: Float32Array
  /** [pixel] half of the rim's width there [pixel] */
  readonly rim: Float32Array
}

/**
 * Where pixels lie with respect to polygons: the deepest counts, by its share of the way from centre to outline.
 * @param scale pixels of the polygons' image along an edge of a pixel here, across and down
 */
export const painted = (
  grid: Grid,
  polygons: StarPolygons,
  rimShare: number,
  leastRim: number,
  scale: readonly [number, number] = [1, 1],
): Painted => {
  const [width, height] = grid.shape
  const [sx, sy] = scale
  const { rayCount, x, y, reach } = polygons
  const owner = new Int32Array(width * height)
  const beyond = new Float32Array(width * height)
  const rim = new Float32Array(width * height)
  const depth = new Float32Array(width * height).fill(Infinity)
  const corners = cornersOf(polygons)
  const turn = (2 * Math.PI) / rayCount
  const sine = Math.sin(turn)
  for (let k = 0; k < polygons.count; k++) {
    const { left, right, top, bottom } = corners(k)
    const more = leastRim + rimShare * Math.max(x[k] - left, right - x[k], y[k] - top, bottom - y[k])
    let longest = 0
    for (let ray = 0; ray < rayCount; ray++) longest = Math.max(longest, reach[k * rayCount + ray])
    // A hair more than what can be within the rim, for round-off.
    const farthest = ((longest + Math.max(leastRim, rimShare * longest)) * (1 + 1e-9)) ** 2
    // Pixel p lies at (p + 1/2) · scale − 1/2 of the polygons' image.
    const firstRow = Math.max(0, Math.ceil((top - more + 0.5) / sy - 0.5))
    const lastRow = Math.min(height - 1, (bottom + more + 0.5) / sy - 0.5)
    const firstColumn = Math.max(0, Math.ceil((left - more + 0.5) / sx - 0.5))
    const lastColumn = Math.min(width - 1, (right + more + 0.5) / sx - 0.5)
    for (let py = firstRow; py <= lastRow; py++)
      for (let px = firstColumn; px <= lastColumn; px++) {
        const dx = (px + 0.5) * sx - 0.5 - x[k]
        const dy = (py + 0.5) * sy - 0.5 - y[k]
        if (dx * dx + dy * dy > farthest) continue
        const angle = (Math.atan2(dy, dx) + 2 * Math.PI) % (2 * Math.PI)
        const ray = Math.min(rayCount - 1, Math.floor(angle / turn))
        const one = reach[k * rayCount + ray]
        const next = reach[k * rayCount + ((ray + 1) % rayCount)]
        const into = angle - ray * turn
        const outline = (one * next * sine) / (one * Math.sin(into) + next * Math.sin(turn - into))
        const away = Math.hypot(dx, dy)
        const share = away / outline
        const half = Math.max(leastRim, rimShare * outline)
        const pixel = px + width * py
        if (away - outline > half || share >= depth[pixel]) continue
        depth[pixel] = share
        owner[pixel] = k + 1
        beyond[pixel] = away - outline
        rim[pixel] = half
      }
  }
  return { owner, beyond, rim }
}

/** Labels of polygons as they are; where two overlap a pixel belongs to the one in which it lies deeper. */
export const polygonLabels = (grid: Grid, polygons: StarPolygons): Labels => {
  const { owner, beyond } = painted(grid, polygons, 0, 1)
  return { ...gridOf(grid), values: owner.map((k, pixel) => (beyond[pixel] <= 0 ? k : 0)), count: polygons.count }
}

/**
 * The polygons that an image bears out: centred where something was measured, and bright enough over what was measured
 * of them. Networks see particles in the even gray beyond the field of view.
 * @param inside where there is an image at all @param least share of bright pixels, 0 … 1
 */
export const seenPolygons = (polygons: StarPolygons, inside: Mask, bright: Mask, least: number): StarPolygons => {
  const [width, height] = inside.shape
  const { owner, beyond } = painted(inside, polygons, 0, 1)
  const measured = new Float64Array(polygons.count + 1)
  const lit = new Float64Array(polygons.count + 1)
  for (let pixel = 0; pixel < owner.length; pixel++) {
    if (beyond[pixel] > 0 || inside.values[pixel] === 0) continue
    measured[owner[pixel]]++
    if (bright.values[pixel] !== 0) lit[owner[pixel]]++
  }
  const isSeen = (k: number): boolean => {
    const [x, y] = [Math.round(polygons.x[k]), Math.round(polygons.y[k])]
    if (x < 0 || y < 0 || x >= width || y >= height || inside.values[x + width * y] === 0) return false
    return lit[k + 1] > 0 && lit[k + 1] >= least * measured[k + 1]
  }
  return chosenOf(polygons, Array.from({ length: polygons.count }, (_, k) => k).filter(isSeen))
}

/**
 * Labels of polygons whose outlines follow the image: along its rim a polygon keeps, or takes, what is bright; all that
 * lies deeper stays, cracks and voids included. Only the largest part of each stays.
 * @param bright above the threshold of the image
 * @param inside where there is an image at all; everywhere unless told
 */
export const refinedLabels = (bright: Mask, polygons: StarPolygons, settings: StarSettings, inside?: Mask): Labels => {
  const { owner, beyond, rim } = painted(bright, polygons, settings.rimShare, settings.leastRim)
  const values = owner.map((k, pixel) =>
    inside?.values[pixel] !== 0 && (beyond[pixel] < -rim[pixel] || bright.values[pixel] !== 0) ? k : 0,
  )
  return renumbered(largestParts({ ...gridOf(bright), values, count: polygons.count }))
}

/** Polygons a number of rows higher. */
const raised = (polygons: StarPolygons, rows: number): StarPolygons => ({
  ...polygons,
  y: polygons.y.map((y) => y - rows),
})

/**
 * Finds particles by a prediction that was made beforehand for the whole image, in the rows of the electrode.
 * @param polygons of `starPolygons` for the whole image
 */
export const identifiedBy =
  (polygons: StarPolygons, settings: StarSettings): Identify =>
  ({ inside, bright, firstRow }) => {
    const seen = seenPolygons(raised(polygons, firstRow), inside, bright, settings.brightShare)
    return refinedLabels(bright, seen, settings, inside)
  }
