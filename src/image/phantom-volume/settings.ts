import type { Triple } from "../brick.ts"
import { likeHolotomography } from "../phantom-slice/settings.ts"

/** Gray values of the materials before blur and noise, 0 … 65535. */
export interface PhantomTones {
  readonly particle: number
  /** Spread of the mean gray value over particles */
  readonly particleSpread: number
  readonly crack: number
  readonly carbon: number
  readonly pore: number
  readonly collector: number
  readonly separator: number
  /** Spread of the fine texture within particles and within the matrix */
  readonly particleTexture: number
  readonly matrixTexture: number
}

/** How particles are damaged. */
export interface PhantomDamage {
  /** Share of particles with a hollow core and radial cracks; the other particles are sound */
  readonly crackedShare: number
  /** Share of particles that are broken through by planes, among all */
  readonly shatteredShare: number
  /** Largest radius of a hollow core, relative to the particle's */
  readonly core: number
  /** Largest number of radial cracks */
  readonly radialCracks: number
  /** Share of radial cracks that reach the surface */
  readonly openShare: number
  /** Width of cracks where they are widest [m]; at least 1.2 voxels are drawn */
  readonly width: number
}

/** What a phantom volume is made from; lengths in metres. */
export interface PhantomVolumeSettings {
  /** A whole number */
  readonly seed: number
  /** Voxels along x, y and z */
  readonly shape: Triple
  /** Edge of a voxel [m] */
  readonly voxel: number
  /** Share of the electrode's volume that particles take, cracks included; ≤ 0.6 */
  readonly particleShare: number
  /** Median diameter [m] and the standard deviation of its logarithm, cut at twice that */
  readonly diameter: number
  readonly diameterSpread: number
  /** Largest ratio of two axes of a particle, ≥ 1 */
  readonly elongation: number
  /** Standard deviation of the radius over the directions, relative to the radius */
  readonly roughness: number
  /** Standard deviation of the fine roughness of the surfaces [m] */
  readonly grain: number
  /** Share of the neighbouring pairs that touch */
  readonly contactShare: number
  /** How deep two touching particles press into one another, relative to the smaller radius */
  readonly contactDepth: number
  /** Least free width between particles that do not touch [m]; at least 2 voxels are kept */
  readonly gap: number
  /** Splinters for each particle, a quarter to a half of it in size, rough and oblong */
  readonly fragmentShare: number
  readonly damage: PhantomDamage
  /** Thickness of the current collector at z = 0 and of the separator at the other end [m]; 0 where there is none */
  readonly collector: number
  readonly separator: number
  /** Share of carbon/binder in the matrix, the size of its domains [m], and how it clings to particles (0 not at all) */
  readonly carbonShare: number
  readonly domainLength: number
  readonly affinity: number
  readonly tones: PhantomTones
  /** Standard deviation of the optical blur [voxel] */
  readonly blur: number
  /** Weight and deviation [voxel] of a wide, faint second image that lies over the sharp one, where there is one */
  readonly halo?: { readonly weight: number; readonly width: number }
  /** Standard deviation of the noise [gray value], which is correlated over some 0.6 voxels unless told */
  readonly noise: number
  /** Parts of the noise: the share of its variance, and the distance over which each varies, ≥ 1 [voxel] */
  readonly noiseBands?: readonly { readonly share: number; readonly length: number }[]
  /** Largest change of brightness over the volume, relative to it */
  readonly drift: number
}

/** A choice of settings for a volume of given size. */
export type PhantomPreset = (shape: Triple, voxel: number, seed: number) => PhantomVolumeSettings

const tones: PhantomTones = {
  particle: 45_000,
  particleSpread: 1200,
  crack: 22_500,
  carbon: 26_000,
  pore: 21_500,
  collector: 30_500,
  separator: 20_000,
  particleTexture: 1100,
  matrixTexture: 1500,
}

const sound: PhantomDamage = {
  crackedShare: 0,
  shatteredShare: 0,
  core: 0,
  radialCracks: 0,
  openShare: 0,
  width: 0,
}

const separate: PhantomPreset = (shape, voxel, seed) => ({
  seed,
  shape,
  voxel,
  particleShare: 0.3,
  diameter: 11e-6,
  diameterSpread: 0.18,
  elongation: 1.3,
  roughness: 0.03,
  grain: 0.08e-6,
  contactShare: 0,
  contactDepth: 0.1,
  gap: 1e-6,
  fragmentShare: 0,
  damage: sound,
  collector: 0,
  separator: 0,
  carbonShare: 0.4,
  domainLength: 3e-6,
  affinity: 1,
  tones,
  blur: 0.8,
  noise: 2200,
  drift: 0.05,
})

/** Rounded particles pressed against most of their neighbours. */
const touching: PhantomPreset = (shape, voxel, seed) => ({
  ...separate(shape, voxel, seed),
  particleShare: 0.42,
  contactShare: 0.8,
})

/** Touching particles as a cycled electrode has them: hollow, cracked, some shattered, with splinters between. */
const cracked: PhantomPreset = (shape, voxel, seed) => ({
  ...touching(shape, voxel, seed),
  particleShare: 0.4,
  roughness: 0.04,
  fragmentShare: 0.25,
  damage: {
    crackedShare: 0.75,
    shatteredShare: 0.08,
    core: 0.36,
    radialCracks: 12,
    openShare: 0.2,
    width: 0.6e-6,
  },
})

/** Diameters over a factor of five, a few cracks. */
const polydisperse: PhantomPreset = (shape, voxel, seed) => ({
  ...touching(shape, voxel, seed),
  particleShare: 0.42,
  diameter: 9e-6,
  diameterSpread: 0.42,
  elongation: 1.5,
  roughness: 0.045,
  contactShare: 0.6,
  damage: { crackedShare: 0.2, shatteredShare: 0, core: 0.2, radialCracks: 4, openShare: 0.2, width: 0.6e-6 },
})

/** As after calendering: half of the volume, every neighbour touches, contacts are wide. */
const dense: PhantomPreset = (shape, voxel, seed) => ({
  ...touching(shape, voxel, seed),
  particleShare: 0.52,
  diameterSpread: 0.25,
  contactShare: 1,
  contactDepth: 0.14,
  carbonShare: 0.5,
})

/** Gray values of a slice, 0 … 255, as those of a volume, 0 … 65535 */
const wide = (value: number): number => Math.round(257 * value)

/**
 * Cracked particles as a holo-tomogram with voxels of 70 nm shows them: sizes, tones, noise and halo of the fitted slice.
 * Its noise in space has sections of the fitted spectrum, within 15 % of its power at any frequency, alike along all axes.
 */
const holotomography: PhantomPreset = (shape, voxel, seed) => {
  const { tones: fitted, deviations, blurs } = likeHolotomography(seed, 1, 1)
  return {
    ...cracked(shape, voxel, seed),
    particleShare: 0.47,
    diameter: 9.2e-6,
    diameterSpread: 0.28,
    elongation: 1.4,
    roughness: 0.05,
    gap: 2 * voxel,
    contactDepth: 0.08,
    fragmentShare: 0.4,
    domainLength: 1.6e-6,
    tones: {
      particle: wide(fitted.particle),
      particleSpread: wide(deviations.particles),
      crack: wide(fitted.crack),
      carbon: wide(fitted.matrix + deviations.clouds),
      pore: wide(fitted.matrix - deviations.clouds),
      collector: wide(fitted.collector),
      separator: wide(fitted.separator),
      particleTexture: wide(0.6 * deviations.drift),
      matrixTexture: wide(0.3 * deviations.clouds),
    },
    blur: blurs[0].width,
    halo: { weight: 1 - blurs[0].weight, width: blurs[1].width },
    noise: wide(deviations.particleNoise),
    noiseBands: [
      { share: 0.78, length: 4 },
      { share: 0.19, length: 1.8 },
      { share: 0.03, length: 1 },
    ],
  }
}

/** Settings by name. */
export const phantomPresets = { separate, touching, cracked, polydisperse, dense, holotomography } as const
