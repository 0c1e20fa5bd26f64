import type { NonLocalMeansSettings } from "./nonlocal-means.ts"
import type { ShatteredSettings } from "./shattered.ts"
import type { Identify } from "./volume.ts"

/** How noise is taken off before thresholding; lengths in voxels. */
export type Denoise =
  | { readonly kind: "none" }
  | { readonly kind: "median"; readonly radius: number }
  | { readonly kind: "gaussian"; readonly sigma: number }
  | { readonly kind: "non-local-means"; readonly settings: NonLocalMeansSettings }

/** Where the electrode lies; rows of the image as it is stored. */
export type Band =
  /** Rows in which at least this share of the pixels in view is bright, from the first to the last. */
  | { readonly kind: "found"; readonly brightShare: number }
  /** First row inside, first row outside */
  | { readonly kind: "rows"; readonly first: number; readonly end: number }

/** Which parts of the matrix conduct well: the brighter ones, denser in carbon/binder. */
export type MatrixSplit =
  | { readonly kind: "otsu" }
  /** Share of the matrix area that conducts well, 0 … 1 */
  | { readonly kind: "share"; readonly high: number }

/** What the segmentation of a slice goes by; every length in metres. */
export interface SegmentSettings {
  readonly denoise: Denoise
  readonly band: Band
  /**
   * On which side of the stored image the separator lies. `darker` takes the side whose band beyond the electrode is
   * darker: a porous polymer is far less dense than the metal foil opposite.
   */
  readonly separator: "top" | "bottom" | "darker"
  /** Matrix kept between the outermost particles and the edges of the crop [m] */
  readonly margin: number
  readonly threshold: { readonly kind: "otsu" } | { readonly kind: "value"; readonly value: number }
  /** Half of the widest cracks that are closed, one set of proposals each [m] */
  readonly closings: readonly number[]
  /** Radii of the openings that cut bridges between particles [m] */
  readonly openings: readonly number[]
  /** Largest inner voids filled, one set of proposals each [m²] */
  readonly voids: readonly number[]
  /** Height from which on a maximum of the distance counts [m] */
  readonly dynamics: number
  /** Half of the widest crack mouth closed on the surface of a finished particle [m] */
  readonly crackMouth: number
  readonly shattered: ShatteredSettings
  /**
   * Cracks are what lies below this level between the gray value of wide cracks (0) and that of the sound particle around
   * (1). The darkest spot of a crack must lie below `seed` in an image with less noise, so that noise does not count.
   */
  readonly cracks: { readonly denoise: Denoise; readonly level: number; readonly seed: number }
  /** Particles of smaller equivalent diameter are dropped [m] */
  readonly smallestDiameter: number
  /** Outlines are smoothed with a Gaussian of this width [m] */
  readonly outline: number
  readonly matrix: {
    /** Averaging length of the matrix brightness [m] */
    readonly length: number
    readonly split: MatrixSplit
    /** Domains smaller than this disc vanish [m] */
    readonly smallestDomain: number
  }
  /** Another way to find the particles, such as a trained network's prediction, in place of the classical one. */
  readonly identify?: Identify
}

/** Settings that suit nickel-rich cathodes with particles of 3–12 µm at 50–150 nm a pixel. */
export const defaultSegmentSettings: SegmentSettings = {
  denoise: { kind: "median", radius: 2 },
  band: { kind: "found", brightShare: 0.025 },
  separator: "darker",
  margin: 0.7e-6,
  threshold: { kind: "otsu" },
  closings: [0, 0.35e-6, 0.91e-6],
  openings: [0.14e-6, 0.35e-6],
  voids: [0.3e-12, 20e-12],
  dynamics: 0.07e-6,
  crackMouth: 0.28e-6,
  shattered: { reach: 0.63e-6, fragment: 0.4, smallest: 0.5, brightShare: 0.5, solidity: 0.9, longest: 1.8 },
  cracks: { denoise: { kind: "median", radius: 1 }, level: 0.5, seed: 0.5 },
  smallestDiameter: 1.5e-6,
  outline: 0.1e-6,
  matrix: { length: 1e-6, split: { kind: "otsu" }, smallestDomain: 1e-6 },
}
