import { kthSmallest } from "../array/selection.ts"
import { components } from "./components.ts"
import { distanceInside } from "./distance.ts"
import { expectedNoiseParts, moreThanNoise } from "./noise-parts.ts"
import { pixelLists } from "./proposals.ts"
import { normalQuartile } from "./smoothing.ts"
import {
  commonGray,
  intervalsOf,
  type Means,
  middles,
  nearbyGray,
  noiseOf,
  particleGray,
  soundGray,
  soundOf,
} from "./sound-gray.ts"
import { gridOf, type Labels, type Mask, maskWhere, neighbourWalker, type Volume } from "./volume.ts"

/**
 * How cracks are told from sound particle, before thin ones are added: by what it finds, sound particle and wide cracks are
 * known; what it takes for cracks is kept as far as it belongs to parts that are more than noise.
 */
export interface CrackRule {
  /**
   * Below which gray value a voxel may belong to a crack: share of the way from that of wide cracks (0) to that of the
   * sound particle around it (1). One half leaves blurred edges where they are.
   */
  readonly level: number
  /** What the darkest voxel of a crack must reach where noise is taken off, on the same scale */
  readonly seed: number
  /** Depth of blurred edges and closed notches, which are no cracks unless one leads to them [m] */
  readonly rim: number
}

/** The darkest voxel of a crack is darker than sound particle by at least so many standard deviations of the noise */
const leastDark = 2
/** Voxels of thin cracks are darker by so many standard deviations of the noise, and by this share of the contrast */
const thinDark = 2
const thinShare = 0.3
/** Of the parts that are taken for cracks in a particle so large a share may be noise */
const noiseShare = 0.05
/** How far from zero a voxel beside a crack may count, share of the contrast: beyond, something else is bright there */
const brightest = -0.5
/** Differences of neighbours that noise is measured by */
const leastPairs = 30

/** Connected dark voxels that somewhere are very dark and somewhere lie deeper than the rim (hysteresis). */
const darkParts = (
  labels: Labels,
  depth: ArrayLike<number>,
  isDark: (voxel: number) => boolean,
  isSeed: (voxel: number) => boolean,
  rim: number,
): Uint8Array => {
  const dark: Mask = { ...gridOf(labels), values: new Uint8Array(depth.length) }
  for (let i = 0; i < depth.length; i++) dark.values[i] = labels.values[i] > 0 && isDark(i) ? 1 : 0
  const parts = components(dark, "full")
  const deep = new Uint8Array(parts.count + 1)
  const seeded = new Uint8Array(parts.count + 1)
  for (let i = 0; i < depth.length; i++) {
    const part = parts.values[i]
    if (part === 0) continue
    if (depth[i] > rim) deep[part] = 1
    if (isSeed(i)) seeded[part] = 1
  }
  for (let i = 0; i < depth.length; i++) dark.values[i] = deep[parts.values[i]] & seeded[parts.values[i]]
  return dark.values
}

/** What a labelled pixel would show as sound particle and as a wide crack. */
interface Look {
  /** [voxel] */
  readonly bright: Float32Array
  readonly dark: Float32Array
}

/**
 * How rough noise is: product of the standard deviations of its differences from pixel to pixel along x and y, over its
 * variance; 1 where too little is sound to tell.
 * @param bright [voxel] @param sound 1 where a pixel counts @param sigma standard deviation of the noise
 * @returns ≤ 1 [1/pixel²]
 */
const roughnessOf = (gray: Volume, bright: Float32Array, sound: Uint8Array, sigma: number): number => {
  const along = (step: number): number => {
    const differences = new Float32Array(sound.length)
    let count = 0
    for (let i = 0; i + step < sound.length; i++) {
      if (sound[i] === 0 || sound[i + step] === 0) continue
      differences[count++] = Math.abs(gray.values[i + step] - bright[i + step] - gray.values[i] + bright[i])
    }
    if (count < leastPairs || !(sigma > 0)) return 1
    return Math.min(1, kthSmallest(differences.subarray(0, count), count >> 1) / normalQuartile / sigma)
  }
  return along(1) * along(gray.shape[0])
}

/** Parts of a labelled image that are darker than noise makes it, down to less than half the contrast of wide cracks. */
interface DarkParts {
  readonly parts: Labels
  /** [part] particle, 0 where the part does not lead deeper than the rim */
  readonly particle: Int32Array
  /** [part] mean of the least darkness of its voxels, in standard deviations of the noise */
  readonly height: Float64Array
  /** [part] voxels that the level took for cracks */
  readonly found: Int32Array
}

const thinParts = (
  labels: Labels,
  gray: Volume,
  { bright, dark }: Look,
  depth: ArrayLike<number>,
  { level, rim }: CrackRule,
  sigma: number,
  cracks: Uint8Array,
): DarkParts => {
  const least = new Float32Array(bright.length)
  const isDark: Mask = { ...gridOf(labels), values: new Uint8Array(bright.length) }
  for (let i = 0; i < least.length; i++) {
    if (labels.values[i] === 0) continue
    const contrast = bright[i] - dark[i]
    const low = Math.max(thinDark * sigma, thinShare * contrast)
    least[i] = contrast > 0 ? Math.min((1 - level) * contrast, low) : low
    // What is no brighter than wide cracks tells nothing of thin ones.
    isDark.values[i] = contrast > 0 ? Number(bright[i] - gray.values[i] > least[i]) : cracks[i]
  }
  const parts = components(isDark, "full")
  const particle = new Int32Array(parts.count + 1)
  const height = new Float64Array(parts.count + 1)
  const size = new Int32Array(parts.count + 1)
  const found = new Int32Array(parts.count + 1)
  parts.values.forEach((part, i) => {
    if (part === 0) return
    found[part] += cracks[i]
    size[part]++
    height[part] += least[i] / sigma
    if (depth[i] > rim) particle[part] = labels.values[i]
  })
  for (let part = 1; part <= parts.count; part++) height[part] /= size[part]
  return { parts, particle, height, found }
}

/**
 * [part] 1 where a part is more than the noise of its particle makes; where there is no noise to go by, what the level found.
 * @param pixels [part − 1]
 */
const partsBeyondNoise = (
  labels: Labels,
  { particle, height, found }: DarkParts,
  pixels: readonly Int32Array[],
  roughness: number,
  sigma: number,
): Uint8Array => {
  if (!(sigma > 0)) return Uint8Array.from(found, (count, part) => (count > 0 && particle[part] > 0 ? 1 : 0))
  const areas = new Int32Array(labels.count + 1)
  for (const label of labels.values) areas[label]++
  const within = Array.from(areas, (): number[] => [])
  pixels.forEach((_, k) => {
    if (particle[k + 1] > 0) within[particle[k + 1]].push(k + 1)
  })
  const real = new Uint8Array(particle.length)
  within.forEach((own, label) => {
    const expected = own.map((part) =>
      expectedNoiseParts(height[part], pixels[part - 1].length, areas[label], roughness),
    )
    for (const k of moreThanNoise(expected, noiseShare)) real[own[k]] = 1
  })
  return real
}

/**
 * [part] area of a crack: what is missing in gray of its voxels and of those beside it, over what a crack lacks. Blur moves
 * that from one voxel to the next and leaves the sum as it is.
 */
const areasOf = (labels: Labels, gray: Volume, { bright, dark }: Look, parts: Labels): Float64Array => {
  const area = new Float64Array(parts.count + 1)
  const neighboursOf = neighbourWalker(parts, "full")
  const near = new Int32Array(26)
  const lack = (i: number): number => (bright[i] - gray.values[i]) / Math.max(Number.MIN_VALUE, bright[i] - dark[i])
  const isBeside = new Uint8Array(parts.values.length)
  for (let i = 0; i < isBeside.length; i++) {
    const own = parts.values[i]
    if (own === 0) continue
    area[own] += Math.max(0, Math.min(1, lack(i)))
    const count = neighboursOf(i, near)
    for (let k = 0; k < count; k++) if (labels.values[near[k]] > 0 && parts.values[near[k]] === 0) isBeside[near[k]] = 1
  }
  for (let i = 0; i < isBeside.length; i++) {
    if (isBeside[i] === 0) continue
    const count = neighboursOf(i, near)
    let k = 0
    while (k < count - 1 && parts.values[near[k]] === 0) k++
    area[parts.values[near[k]]] += Math.max(brightest, Math.min(1, lack(i)))
  }
  return area
}

/**
 * Cracks with the thin ones, whose darkest voxels blur leaves brighter than half-way: connected parts that are more than
 * noise, each with as many of its darkest voxels as its area comes to, or as were found by the level if that is more.
 * @param cracks [voxel] as found by the level
 */
const withThin = (
  labels: Labels,
  gray: Volume,
  look: Look,
  depth: ArrayLike<number>,
  rule: CrackRule,
  cracks: Uint8Array,
): Uint8Array => {
  const sigma = noiseOf(gray, look.bright, depth, rule.rim)
  const sound = soundOf(labels, cracks).values
  for (let i = 0; i < sound.length; i++) if (!(depth[i] > rule.rim)) sound[i] = 0
  const dark = thinParts(labels, gray, look, depth, rule, sigma, cracks)
  const pixels = pixelLists(dark.parts)
  const real = partsBeyondNoise(labels, dark, pixels, roughnessOf(gray, look.bright, sound, sigma), sigma)
  const area = areasOf(labels, gray, look, dark.parts)
  const share = (i: number): number => (look.bright[i] - gray.values[i]) / (look.bright[i] - look.dark[i])
  const out = new Uint8Array(depth.length)
  pixels.forEach((own, k) => {
    if (real[k + 1] === 0) return
    const darkest = own.slice().sort((p, q) => share(q) - share(p) || p - q)
    for (const i of darkest.subarray(0, Math.max(dark.found[k + 1], Math.min(own.length, Math.round(area[k + 1])))))
      out[i] = 1
  })
  return out
}

/** Sound particle is what the pass before leaves between cracks */
const passes = 2

/**
 * Cracks and inner voids in a plane image: connected pixels inside the labels that are darker than half-way between the
 * sound particle around them and wide cracks, and darker ones beside them, and thin cracks as far as noise lets them be
 * told. A level for the whole image takes blurred rims of particles, and what is dim by itself, for cracks.
 * @param gray   as stored: noise averages out over a crack, whereas taking it off would make thin ones thinner
 * @param calm   the same with less noise, in which a crack must reach its darkest
 * @param means  gray values of matrix and particle, for a first look and where no crack is wide enough to show its own
 * @returns      [voxel] 1 in cracks
 */
export const cracksIn = (labels: Labels, gray: Volume, calm: Volume, means: Means, rule: CrackRule): Uint8Array => {
  const { level, seed, rim } = rule
  const depth = distanceInside(maskWhere(labels, (label) => label > 0)).values
  const interval = intervalsOf(depth, labels.spacing[0])
  const found = (dark: (voxel: number) => number, bright: (voxel: number) => number, noise: number): Uint8Array => {
    // What is as dark as wide cracks is dark enough, whatever the noise.
    const isBelow = (image: Volume, share: number, least: number) => (i: number) => {
      const contrast = bright(i) - dark(i)
      return bright(i) - image.values[i] > Math.max((1 - share) * contrast, Math.min(least, contrast))
    }
    return darkParts(labels, depth, isBelow(gray, level, 0), isBelow(calm, seed, leastDark * noise), rim)
  }
  const lookOf = (cracks: Uint8Array, isLast: boolean): Look => {
    const bright = soundGray(labels, gray, { depth, interval }, cracks, rim)
    const weights = middles(labels, depth, cracks, rim)
    const common = commonGray(gray, bright, weights, means.matrix)
    // In the end alone: what is a little dim would be its own measure, and grow from pass to pass.
    return { bright, dark: isLast ? nearbyGray(gray, weights, common) : common }
  }
  const own = particleGray(labels, calm, depth, rim, means)
  let cracks = found(
    () => means.matrix,
    (i) => own[labels.values[i]],
    0,
  )
  for (let pass = 0; pass < passes; pass++) {
    const { bright, dark } = lookOf(cracks, pass === passes - 1)
    cracks = found(
      (i) => dark[i],
      (i) => bright[i],
      noiseOf(calm, bright, depth, rim),
    )
  }
  return withThin(labels, gray, lookOf(cracks, true), depth, rule, cracks)
}
