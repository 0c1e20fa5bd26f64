import { type Random, seededRandom } from "../../array/random.ts"
import type { Box, Triple } from "../../image/brick.ts"
import { wholeParticles } from "../../image/phantom-slice/slice.ts"
import { type PhantomVolumeSettings, phantomPresets } from "../../image/phantom-volume/settings.ts"
import { type PhantomVolume, phantomBox, phantomVolume } from "../../image/phantom-volume/volume.ts"
import { grayRange } from "../../image/star/gray-range.ts"
import { resampled } from "../../image/star/resampled.ts"
import { views } from "../fusion/sections.ts"
import type { SliceMaker } from "./slices.ts"

/** Voxels of the volume across the plane that is cut: particles that reach out of it are whole all the same */
const depth = 48

/** How planes are cut through volumes. */
export interface CutMix {
  /** Least and largest edge of a pixel of the plane, relative to those of other slices */
  readonly pixels: readonly [number, number]
  /** Share of the planes whose voxels are divided, into how many pixels along an edge, and the edges of those */
  readonly dividedShare: number
  readonly divided: { readonly voxels: readonly [number, number]; readonly pixels: readonly [number, number] }
  /** Share of the planes in which next to no particle is left, as at the ends of a volume */
  readonly emptyShare: number
  /** A particle of which less is seen is none [pixel] */
  readonly leastArea: number
}

/**
 * A cracked cathode in space, another for each seed: settings about those fitted to a holo-tomogram.
 * @param pixels range of the pixels that are shown @param division pixels along the edge of a voxel
 */
const cutSettings = (
  seed: number,
  shape: Triple,
  pixels: readonly [number, number],
  division: number,
): PhantomVolumeSettings => {
  const random = seededRandom(seed).split()
  const between = (low: number, high: number): number => low + (high - low) * random.uniform()
  // Volumes are often coarser than slices: particles of some 35 to 130 pixels.
  const pixel = 70e-9 * between(...pixels)
  const voxel = division * pixel
  const fitted = phantomPresets.holotomography(shape, voxel, seed)
  const { tones, damage } = fitted
  const loudness = Math.exp(0.35 * random.normal())
  const gray = (value: number, spread: number): number => Math.round(value + 257 * between(-spread, spread))
  return {
    ...fitted,
    particleShare: between(0.38, 0.5),
    diameterSpread: between(0.1, 0.35),
    elongation: between(1.1, 1.5),
    roughness: between(0.03, 0.06),
    contactShare: between(0.5, 1),
    fragmentShare: between(0, 0.5),
    damage: {
      ...damage,
      crackedShare: between(0.4, 0.7),
      shatteredShare: between(0, 0.3),
      core: between(0.2, 0.45),
      openShare: between(0.1, 0.4),
      width: between(3, 9) * pixel,
    },
    tones: {
      ...tones,
      particle: gray(tones.particle, 15),
      crack: gray(tones.crack, 15),
      carbon: gray(tones.carbon, 10),
      pore: gray(tones.pore, 10),
    },
    blur: between(0.8, 2),
    // Narrower than the fitted one: half of the planes need to be made.
    halo: { weight: between(0, 0.5), width: between(2.5, 4) },
    noise: fitted.noise * loudness,
  }
}

/** Particles that are left in a plane that is nearly empty, at most */
const mostLeft = 3

/** The same volume with few of its particles. */
const emptied = (phantom: PhantomVolume, random: Random): PhantomVolume => {
  const left = new Set(
    Array.from({ length: random.integer(mostLeft + 1) }, () => random.integer(phantom.particles.length)),
  )
  return { ...phantom, particles: phantom.particles.filter((_, k) => left.has(k)) }
}

/** Values of the nearest pixels. @returns [row, column] */
const nearest = <A extends Int32Array | Uint8Array>(
  values: A,
  [width, height]: readonly [number, number],
  [wide, high]: readonly [number, number],
): A => {
  const Values = values.constructor as new (length: number) => A
  const out = new Values(wide * high)
  for (let y = 0, p = 0; y < high; y++) {
    const row = width * Math.floor(((y + 0.5) * height) / high)
    for (let x = 0; x < wide; x++, p++) out[p] = values[row + Math.floor(((x + 0.5) * width) / wide)]
  }
  return out
}

/** Planes cut through phantom volumes along each of their axes: caps of particles, cracks that end in the plane. */
export const volumeCut =
  ({ pixels, dividedShare, divided, emptyShare, leastArea }: CutMix): SliceMaker =>
  (seed, width, height) => {
    const random = seededRandom(seed).split().split()
    const { across, down, through } = views[random.integer(views.length)]
    const isDivided = random.uniform() < dividedShare
    const isEmpty = random.uniform() < emptyShare
    const [least, most] = divided.voxels
    const division = isDivided ? least + (most - least) * random.uniform() : 1
    const made = [Math.round(width / division), Math.round(height / division)] as const
    const shape: [number, number, number] = [depth, depth, depth]
    shape[across] = made[0]
    shape[down] = made[1]
    const phantom = phantomVolume(cutSettings(seed, shape, isDivided ? divided.pixels : pixels, division))
    const at = Math.floor(depth / 2)
    const from: [number, number, number] = [0, 0, 0]
    const to: [number, number, number] = [...shape]
    from[through] = at
    to[through] = at + 1
    const box: Box = { from, to }
    const tones = (gray: Uint16Array): Float32Array => Float32Array.from(gray, (value) => Math.round(value / 257))
    const { gray, labels, cracks } = phantomBox(isEmpty ? emptied(phantom, random) : phantom, box)
    const pixel = phantom.settings.voxel / division
    const grid = { shape: [width, height, 1] as const, spacing: [pixel, pixel, pixel] as const }
    const values = nearest(labels, made, [width, height])
    const truth = wholeParticles({ ...grid, values, count: phantom.particles.length }, leastArea)
    const dark = nearest(cracks, made, [width, height])
    const slice = {
      gray: { ...grid, values: resampled(tones(gray), made, [width, height]) },
      labels: truth,
      cracks: { ...grid, values: dark.map((flag, p) => (truth.values[p] > 0 ? flag : 0)) },
    }
    // A volume has one range for all of its planes.
    return isEmpty ? { ...slice, range: grayRange(tones(phantomBox(phantom, box).gray)) } : slice
  }
