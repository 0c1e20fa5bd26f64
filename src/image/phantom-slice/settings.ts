/** Particles of one kind: how many of all, and their diameters in the plane of the slice. */
export interface SizeClass {
  /** Share of the number of particles */
  readonly share: number
  /** Median [m], and deviation of its logarithm */
  readonly diameter: number
  readonly spread: number
}

/** A Gaussian that the tomograph convolves the object with: its weight and deviation [pixel]. */
export interface Blur {
  /** May be negative: rims and fringes of phase contrast */
  readonly weight: number
  readonly width: number
}

/**
 * A Gaussian through which white noise passes, one for each of several. The power of the noise at a frequency [1/pixel]
 * is the square of Σ weight exp(−2π²((along fx)² + (across fy)²)).
 */
export interface NoiseBand {
  readonly weight: number
  /** Deviations along x and y [pixel]; 0 where it stays white */
  readonly along: number
  readonly across: number
}

/** Gray values of the materials, 0 … 255. */
export interface SliceTones {
  readonly particle: number
  readonly matrix: number
  /** Wide cracks and hollow cores */
  readonly crack: number
  readonly collector: number
  readonly separator: number
  /** Beyond the field of view */
  readonly padding: number
}

/** Deviations of gray values. */
export interface SliceDeviations {
  /** Of the means of particles */
  readonly particles: number
  /** Of the slow drift within particles, and of the clouds of the matrix */
  readonly drift: number
  readonly clouds: number
  /** Of the noise in particles, in the matrix, and in the bands of collector and separator */
  readonly particleNoise: number
  readonly matrixNoise: number
  readonly bandNoise: number
}

/** How particles are damaged. */
export interface SliceDamage {
  /** Share of the large particles that are hollow; the radius of the largest core relative to the particle's */
  readonly hollowShare: number
  readonly core: number
  /** Radial cracks of a particle at the most, and the share of the contrast that the faintest has */
  readonly radialCracks: number
  readonly faintest: number
  /** Share of particles with cracks from side to side, and of those broken into plates */
  readonly brokenShare: number
  readonly shatteredShare: number
}

/** What a slice is made from. */
export interface SliceSettings {
  readonly seed: number
  /** Of the image [pixel] */
  readonly width: number
  readonly height: number
  /** [m] */
  readonly pixel: number
  readonly sizes: readonly SizeClass[]
  /** Share of the electrode's area that particles take, cracks included; ≤ 0.55 */
  readonly particleShare: number
  /** Deviation of the logarithm of an outline's axes, and amplitude of its lobes relative to the radius */
  readonly oblongness: number
  readonly lobes: number
  /** Deviation of the fine roughness of outlines [m] */
  readonly grain: number
  /** Share of particles that are pushed against their nearest neighbour */
  readonly contactShare: number
  /** Splinters for each particle, and wisps of bright dust, which are no particles */
  readonly splinters: number
  readonly wisps: number
  readonly damage: SliceDamage
  /** Height of the bands of collector and separator [m] */
  readonly collector: number
  readonly separator: number
  readonly isSeparatorBelow: boolean
  /** Radius of the field of view [m]; infinite where all is seen */
  readonly view: number
  readonly tones: SliceTones
  readonly deviations: SliceDeviations
  readonly blurs: readonly Blur[]
  readonly noise: readonly NoiseBand[]
  /** Angle by which the longest band of the noise leans to either side [rad] */
  readonly lean: number
  /** Deviations of the gray values of streaks and of rings about the axis of rotation */
  readonly streaks: number
  readonly rings: number
}

/**
 * Settings fitted to a holo-tomography slice of a cycled cathode (2048 × 655 pixels of 70 nm, 61 whole particles), by
 * `fittedSlice` and `nearerSettings` on what `sliceStatistics` reads of it: sizes, share, tones (but those of cracks and
 * padding), deviations, blurs, noise. Shapes, damage, dust, streaks and rings were set by eye beside the slice.
 * @source example_xy.tif of the data published with J. Li et al., Science 376 (2022) 517, doi:10.1126/science.abm8962
 */
export const likeHolotomography = (seed: number, width: number, height: number): SliceSettings => ({
  seed,
  width,
  height,
  pixel: 70e-9,
  sizes: [
    { share: 0.54, diameter: 8.8e-6, spread: 0.09 },
    { share: 0.46, diameter: 4.9e-6, spread: 0.42 },
  ],
  particleShare: 0.49,
  oblongness: 0.2,
  lobes: 0.055,
  grain: 0.09e-6,
  contactShare: 0.6,
  splinters: 0.12,
  wisps: 1.6,
  damage: { hollowShare: 0.55, core: 0.52, radialCracks: 5, faintest: 0.15, brokenShare: 0.08, shatteredShare: 0.05 },
  collector: 2.8e-6,
  separator: 5e-6,
  isSeparatorBelow: true,
  view: 74e-6,
  tones: { particle: 183, matrix: 92, crack: 78, collector: 109, separator: 86, padding: 99 },
  deviations: { particles: 6.4, drift: 9.6, clouds: 15.5, particleNoise: 12.2, matrixNoise: 11.8, bandNoise: 7 },
  blurs: [
    { weight: 0.6, width: 1.7 },
    { weight: 0.48, width: 6 },
    { weight: -0.08, width: 16 },
  ],
  noise: [
    { weight: 0.768, along: 2.82, across: 2.28 },
    { weight: 0.185, along: 1.47, across: 0.89 },
    { weight: 0.037, along: 0.73, across: 1.23 },
    { weight: 0.01, along: 0, across: 0 },
  ],
  lean: 0,
  streaks: 2.5,
  rings: 0.7,
})
