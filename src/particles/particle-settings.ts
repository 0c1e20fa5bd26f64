import type { Triple } from "../image/brick.ts"

/** How one particle is measured. */
export interface ParticleSettings {
  /** Radius of the ball that closes the cracks which reach the surface: they may be twice as wide [m] */
  readonly closingRadius: number
  /** What the closing adds is a crack where some of it lies deeper than this below the closed surface; else a dent [m] */
  readonly crackDepth: number
  /** Distance from the surface within which a neighbour touches it [voxel] */
  readonly contactReach: number
  /** Standard deviation of the Gaussian along the surface that smooths it for its roughness [m] */
  readonly roughnessLength: number
  /** Also measure as the authors' code did; absent: do not */
  readonly published?: PublishedSettings
}

/** What the authors' code counts, in voxels whatever their size. */
export interface PublishedSettings {
  /** Radius of the ball that closes cracks [voxel] */
  readonly closingRadius: number
  /** Thickness of the shell in which other particles count as contact [voxel] */
  readonly shell: number
  /** Half-width of the cube of the median filter, of which the description does not tell the size [voxel] */
  readonly medianRadius: number
}

/** @source Li et al. (2022), published code: closing ball and shell of ten voxels */
export const publishedSettings: PublishedSettings = { closingRadius: 10, shell: 10, medianRadius: 1 }

/**
 * Cracks of up to 2 µm are closed, as the ten voxels of the published code do, but never with less than two voxels; the
 * published estimator is measured beside.
 * @param spacing voxel edges along x, y, z [m]
 */
export const defaultParticleSettings = (spacing: Triple): ParticleSettings => {
  const largest = Math.max(...spacing)
  return {
    closingRadius: Math.max(1e-6, 2 * largest),
    crackDepth: 2 * largest,
    contactReach: 1,
    roughnessLength: 3 * Math.cbrt(spacing[0] * spacing[1] * spacing[2]),
    published: publishedSettings,
  }
}

/** Voxels that a crop must hold around its particle on every side that is not the border of the volume. */
export const leastMargin = ({ contactReach, published }: ParticleSettings): number =>
  Math.max(Math.ceil(contactReach) + 1, published?.shell ?? 0)
