import { planeGrid } from "../volume.ts"
import { chosenOf, painted, type StarPrediction, type StarSettings } from "./labels.ts"
import type { StarPolygons } from "./polygons.ts"

/** A section of a volume: pixels across and down, and how many pixels of the network's image lie along an edge of each. */
export interface SectionGrid {
  readonly width: number
  readonly height: number
  readonly scale: readonly [number, number]
}

/** What a view of a volume says of the pixels of one section. */
export interface SectionVote {
  /** [row, column] 0 … 1 */
  readonly probability: Float32Array
  /** [row, column] number of the polygon that a pixel lies in, from 1; 0 none */
  readonly owner: Uint16Array
  /** [row, column] `votes.near` in a polygon or in the rim around it, and `votes.deep` further inside than its rim */
  readonly cover: Uint8Array
}

/** Votes of a view for a voxel, in one number each: sums over views stay apart. */
export const votes = { near: 1, deep: 16 } as const

/** Most polygons that are told apart in one section */
const mostOwners = 2 ** 16 - 1

/** Answers of a network at the pixels of a section, linear between them. @returns [row, column] */
const answersAt = ({ step, offset, width: w, height: h, probability }: StarPrediction, grid: SectionGrid) => {
  const { width, height, scale } = grid
  const place = (pixel: number, edge: number, count: number): readonly [number, number, number] => {
    const at = Math.min(count - 1, Math.max(0, ((pixel + 0.5) * edge - 0.5 - offset) / step))
    const low = Math.floor(at)
    return [low, Math.min(count - 1, low + 1), at - low]
  }
  const columns = Array.from({ length: width }, (_, x) => place(x, scale[0], w))
  const out = new Float32Array(width * height)
  for (let y = 0, p = 0; y < height; y++) {
    const [top, bottom, fy] = place(y, scale[1], h)
    for (let x = 0; x < width; x++, p++) {
      const [left, right, fx] = columns[x]
      out[p] =
        (1 - fy) * ((1 - fx) * probability[top * w + left] + fx * probability[top * w + right]) +
        fy * ((1 - fx) * probability[bottom * w + left] + fx * probability[bottom * w + right])
    }
  }
  return out
}

/**
 * The vote of one section: what a network and the polygons of its prediction say of each pixel. Polygons that are not
 * bright enough, and their votes, are dropped; probabilities stay.
 * @param polygons of `starPolygons(prediction, settings)`
 * @param bright   [row, column] 1 above the threshold of the image
 */
export const sectionVote = (
  prediction: StarPrediction,
  polygons: StarPolygons,
  bright: Uint8Array,
  section: SectionGrid,
  settings: StarSettings,
): SectionVote => {
  const { width, height, scale } = section
  const grid = planeGrid(width, height, 1)
  const { rimShare, leastRim, brightShare } = settings
  const paint = (all: StarPolygons) => painted(grid, all, rimShare, leastRim, scale)
  let seen = polygons
  let { owner, beyond, rim } = paint(seen)
  const [size, lit] = [new Float64Array(polygons.count + 1), new Float64Array(polygons.count + 1)]
  for (let p = 0; p < owner.length; p++) {
    if (beyond[p] > 0) continue
    size[owner[p]]++
    lit[owner[p]] += bright[p]
  }
  const kept = Array.from({ length: polygons.count }, (_, k) => k).filter(
    (k) => lit[k + 1] > 0 && lit[k + 1] >= brightShare * size[k + 1],
  )
  if (kept.length < polygons.count) {
    seen = chosenOf(polygons, kept)
    ;({ owner, beyond, rim } = paint(seen))
  }
  const numbers = new Uint16Array(owner.length)
  const cover = new Uint8Array(owner.length)
  for (let p = 0; p < owner.length; p++) {
    if (owner[p] === 0) continue
    // Two that share a number because there are too many of them lie far apart.
    if (beyond[p] <= 0) numbers[p] = 1 + ((owner[p] - 1) % mostOwners)
    cover[p] = votes.near + (beyond[p] < -rim[p] ? votes.deep : 0)
  }
  return { probability: answersAt(prediction, section), owner: numbers, cover }
}
