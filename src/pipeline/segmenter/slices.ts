import { type Random, seededRandom } from "../../array/random.ts"
import { defaultPhantomSettings, type PhantomSettings, phantomSlice } from "../../image/phantom.ts"
import { likeHolotomography, type SliceSettings } from "../../image/phantom-slice/settings.ts"
import { likeSlice } from "../../image/phantom-slice/slice.ts"
import type { GrayRange } from "../../image/star/gray-range.ts"
import type { Labels, Mask, Volume } from "../../image/volume.ts"
import { type CutMix, volumeCut } from "./volume-cuts.ts"

/** A plane image and the truth behind it; cracks belong to their particle. */
export interface TrainingSlice {
  readonly gray: Volume
  readonly labels: Labels
  /** 1 in cracks and cores, where the maker knows them */
  readonly cracks?: Mask
  /** The range in which networks see its gray values; its own unless told */
  readonly range?: GrayRange
}

/** Makes the slice of a seed, always the same one, of the size asked for [pixel]. */
export type SliceMaker = (seed: number, width: number, height: number) => TrainingSlice

/** Edge of a pixel in the slices that networks learn from [m] */
export const trainingPixel = 70e-9

/** A cathode of its own for each seed: crowded, cracked particles of several sizes, most of them touching. */
export const slicePhantom = (seed: number, width: number, height: number): PhantomSettings => {
  const random = seededRandom(seed).split()
  const between = (low: number, high: number): number => low + (high - low) * random.uniform()
  // Particles must find room in small slices too.
  const [room, band] = [0.25, 0.1].map((share) => share * trainingPixel * Math.min(width, height))
  const particle = between(150, 200)
  const matrix = between(75, 110)
  return {
    ...defaultPhantomSettings,
    seed,
    width: width * trainingPixel,
    height: height * trainingPixel,
    pixel: trainingPixel,
    particleShare: between(0.3, 0.55),
    diameter: Math.min(room, between(3.5e-6, 8.5e-6)),
    diameterSpread: between(0.1, 0.4),
    roughness: between(0.02, 0.09),
    contactShare: between(0.5, 1),
    crackedShare: between(0.5, 1),
    bands: Math.min(band, between(0, 2.5e-6)),
    separator: random.uniform() < 0.5 ? "top" : "bottom",
    carbonShare: between(0.3, 0.7),
    domainLength: between(0.8e-6, 2.5e-6),
    gray: {
      particle,
      particleSpread: between(2, 8),
      crack: matrix + between(-10, 25),
      carbon: matrix + between(5, 20),
      pore: matrix - between(0, 15),
      collector: matrix + between(0, 40),
      separator: matrix - between(0, 20),
    },
    blur: between(0.5, 1.5),
    noise: between(4, 16),
  }
}

/** Share of the particles that are broken through, cracks of each at the most, and their widths [pixel] */
const brokenShare = 0.4
const mostBreaks = 3
const breakWidths: readonly [number, number] = [2, 7]

/** Nodes along each edge of the lattice on which the drift of gray values is drawn, and its deviation [gray value] */
const driftNodes = 5
const driftDeviation = 8

/**
 * Breaks particles through by wandering cracks from side to side, which part the bright pixels of one particle, and lets
 * the gray values drift. The truth stays: a broken particle is one particle.
 */
const broken = ({ gray, labels }: TrainingSlice, dark: number, noise: number, random: Random): TrainingSlice => {
  const [width, height] = gray.shape
  const values = Float32Array.from(gray.values)
  const sums = new Float64Array(4 * (labels.count + 1))
  labels.values.forEach((label, p) => {
    sums[4 * label]++
    sums[4 * label + 1] += p % width
    sums[4 * label + 2] += Math.floor(p / width)
  })
  for (let label = 1; label <= labels.count; label++) {
    if (random.uniform() >= brokenShare) continue
    const [size, x, y] = sums.subarray(4 * label, 4 * label + 3)
    const radius = Math.sqrt(size / Math.PI)
    const count = 1 + random.integer(mostBreaks)
    for (let k = 0; k < count; k++) {
      let angle = 2 * Math.PI * random.uniform()
      const half = (breakWidths[0] + (breakWidths[1] - breakWidths[0]) * random.uniform()) / 2
      let px = x / size + 0.4 * radius * random.normal() - 1.6 * radius * Math.cos(angle)
      let py = y / size + 0.4 * radius * random.normal() - 1.6 * radius * Math.sin(angle)
      for (let way = 0; way < 3.2 * radius; way += 0.5) {
        angle += 0.04 * random.normal()
        px += 0.5 * Math.cos(angle)
        py += 0.5 * Math.sin(angle)
        for (let cy = Math.ceil(py - half - 1); cy <= py + half + 1; cy++)
          for (let cx = Math.ceil(px - half - 1); cx <= px + half + 1; cx++) {
            if (cx < 0 || cy < 0 || cx >= width || cy >= height || labels.values[cx + width * cy] !== label) continue
            // Soft edges, one pixel wide.
            const share = Math.min(1, Math.max(0, half + 0.5 - Math.hypot(cx - px, cy - py)))
            const wanted = gray.values[cx + width * cy] * (1 - share) + share * (dark + noise * random.normal())
            values[cx + width * cy] = Math.min(values[cx + width * cy], wanted)
          }
      }
    }
  }
  const nodes = Float64Array.from({ length: driftNodes ** 2 }, () => driftDeviation * random.normal())
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p++) {
      const [u, v] = [(x * (driftNodes - 1)) / width, (y * (driftNodes - 1)) / height]
      const [column, row] = [Math.floor(u), Math.floor(v)]
      const [fx, fy] = [u - column, v - row]
      const at = row * driftNodes + column
      values[p] +=
        (1 - fy) * ((1 - fx) * nodes[at] + fx * nodes[at + 1]) +
        fy * ((1 - fx) * nodes[at + driftNodes] + fx * nodes[at + driftNodes + 1])
    }
  return { gray: { ...gray, values }, labels }
}

/** Slices of the simpler generator, many of whose particles are broken through. */
export const simpleSlice: SliceMaker = (seed, width, height) => {
  const settings = slicePhantom(seed, width, height)
  const random = seededRandom(seed).split().split()
  return broken(phantomSlice(settings), settings.gray.crack, settings.noise, random)
}

/**
 * Settings about those fitted to a holo-tomogram, others for each seed: sizes, damage, contrast, edges, noise and artefacts
 * vary, so that networks learn particles rather than one tomograph. Broken particles are commoner than in the fitted slice.
 */
export const likeSettings = (seed: number, width: number, height: number): SliceSettings => {
  const random = seededRandom(seed).split()
  const between = (low: number, high: number): number => low + (high - low) * random.uniform()
  const chance = (share: number): boolean => random.uniform() < share
  const fitted = likeHolotomography(seed, width, height)
  const { damage, tones, deviations, noise } = fitted
  const scale = Math.exp(Math.max(-0.5, Math.min(0.4, 0.25 * random.normal())))
  const room = 0.12 * trainingPixel * height
  const bands = chance(0.6) ? [between(0, room), between(0, room)] : [0, 0]
  const matrix = tones.matrix + between(-10, 12)
  const loudness = Math.exp(0.35 * random.normal())
  const [halo, fringe] = [between(0, 0.5), -between(0, 0.3)]
  const lean = chance(0.4) ? between(0.05, 0.4) : 0
  return {
    ...fitted,
    sizes: fitted.sizes.map((size) => ({ ...size, diameter: scale * size.diameter, share: between(0.3, 0.7) })),
    particleShare: between(0.38, 0.54),
    oblongness: between(0.1, 0.3),
    lobes: between(0.03, 0.08),
    contactShare: between(0.5, 1),
    splinters: between(0, 0.3),
    wisps: between(0, 2.5),
    damage: {
      ...damage,
      hollowShare: between(0.2, 0.8),
      core: between(0.3, 0.6),
      brokenShare: between(0.1, 0.7),
      shatteredShare: between(0, 0.4),
    },
    collector: bands[0],
    separator: bands[1],
    isSeparatorBelow: chance(0.5),
    // Now and then corners lie beyond the field of view.
    view: chance(0.15) ? trainingPixel * Math.max(width, height) * between(0.5, 0.65) : Number.POSITIVE_INFINITY,
    tones: {
      ...tones,
      particle: tones.particle + between(-18, 15),
      matrix,
      crack: matrix - between(0, 30),
      collector: matrix + between(0, 40),
      separator: matrix - between(-5, 20),
      padding: between(80, 130),
    },
    deviations: {
      particles: deviations.particles * between(0.5, 1.5),
      drift: deviations.drift * between(0.5, 1.6),
      clouds: deviations.clouds * between(0.5, 1.4),
      particleNoise: deviations.particleNoise * loudness,
      matrixNoise: deviations.matrixNoise * loudness,
      bandNoise: deviations.bandNoise * loudness,
    },
    blurs: [
      { weight: 1 - halo - fringe, width: between(1.1, 2.4) },
      { weight: halo, width: between(4.5, 7) },
      { weight: fringe, width: between(8, 18) },
    ],
    noise: noise.map((band) => ({ ...band, along: band.along * between(0.8, 1.5) })),
    lean,
    streaks: between(0, 4),
    rings: between(0, 1.5),
  }
}

/** What slices are made of, so that networks lean on no one generator. */
export interface SliceMix {
  /** Share of the simpler generator, and of planes cut through volumes; the others look like a holo-tomogram */
  readonly simpleShare: number
  readonly cutShare: number
  readonly cuts: CutMix
}

/** What networks are judged by: it stays as it is, so that their scores can be compared. */
export const judgedMix: SliceMix = {
  simpleShare: 0.15,
  cutShare: 0.2,
  cuts: {
    pixels: [1, 2.4],
    dividedShare: 0,
    divided: { voxels: [1.3, 2.5], pixels: [1, 1.7] },
    emptyShare: 0,
    leastArea: 60,
  },
}

/** What networks learn from: more planes of volumes, which are shown to them with their voxels divided where those are large. */
export const trainingMix: SliceMix = {
  simpleShare: 0.1,
  cutShare: 0.35,
  cuts: {
    pixels: [1, 2.6],
    dividedShare: 0.35,
    divided: { voxels: [1.3, 2.5], pixels: [1, 1.7] },
    emptyShare: 0.06,
    leastArea: 30,
  },
}

/** Kinds of slices. */
export type SliceKind = "like a holo-tomogram" | "cut through a volume" | "simple"

export const sliceKind = (seed: number, { simpleShare, cutShare }: SliceMix): SliceKind => {
  const which = seededRandom(seed).uniform()
  if (which < simpleShare) return "simple"
  return which < simpleShare + cutShare ? "cut through a volume" : "like a holo-tomogram"
}

const likeTomogram: SliceMaker = (seed, width, height) => likeSlice(likeSettings(seed, width, height))

/** Slices that look like a holo-tomogram, planes through volumes and some simpler ones. */
export const mixedSlice = (mix: SliceMix): SliceMaker => {
  const makers: Readonly<Record<SliceKind, SliceMaker>> = {
    "like a holo-tomogram": likeTomogram,
    "cut through a volume": volumeCut(mix.cuts),
    simple: simpleSlice,
  }
  return (seed, width, height) => makers[sliceKind(seed, mix)](seed, width, height)
}
