import type { Triple } from "../brick.ts"
import type { SectionGrid } from "./section.ts"

/** Pixels up to so many times as large as those that a network learnt from are taken as they are. */
const coarsest = 1.5

/** Finer pixels than a volume has tell nothing new; some help networks that look for larger particles. */
const mostEnlarged = 3

/** The image of a section that a network is given. */
export interface SectionImage {
  /** Pixels across and down */
  readonly size: readonly [number, number]
  readonly section: SectionGrid
}

/**
 * Edge of the square pixels in which a network is shown the sections of a volume [m]. A network knows particles by their
 * size in pixels. Voxels between one and 1.5 times the learnt pixel stay as they are; finer ones are averaged to the learnt
 * pixel; coarser ones are divided, in three at the most, though that shows nothing new: of the splinters of a phantom with
 * voxels of 160 nm a network that learnt from 70 nm misses half as many in pixels of 100 nm, and no fewer in finer ones.
 * @param spacing edges of a voxel [m]
 * @param learnt  pixel that the network learnt from [m]; absent where it does not say
 */
export const networkPixel = (spacing: Triple, learnt?: number): number => {
  const finest = Math.min(...spacing)
  if (learnt === undefined || finest === learnt) return finest
  return finest < learnt ? learnt : Math.max(Math.min(finest, coarsest * learnt), finest / mostEnlarged)
}

/**
 * How a section of some voxels across and down becomes the network's image.
 * @param spacing edges of a voxel across and down [m] @param pixel of `networkPixel` [m]
 */
export const sectionImage = (
  [width, height]: readonly [number, number],
  spacing: readonly [number, number],
  pixel: number,
): SectionImage => {
  const edge = (count: number, length: number): number => Math.max(1, Math.round((count * length) / pixel))
  const size = [edge(width, spacing[0]), edge(height, spacing[1])] as const
  return { size, section: { width, height, scale: [size[0] / width, size[1] / height] } }
}
