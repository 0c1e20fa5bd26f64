import { seededRandom } from "../../array/random.ts"
import { defaultPhantomSettings, type PhantomSettings, phantomSlice } from "../../image/phantom.ts"
import type { Labels, Volume } from "../../image/volume.ts"

/** A plane image and the truth behind it; cracks belong to their particle. */
export interface TrainingSlice {
  readonly gray: Volume
  readonly labels: Labels
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

/** Slices of the phantom generator: what networks learn from. */
export const trainingSlice: SliceMaker = (seed, width, height) => phantomSlice(slicePhantom(seed, width, height))
