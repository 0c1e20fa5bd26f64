/** Bits that tell what part of a particle a voxel is: exactly one of the first three, with marks beside. */
export const parts = {
  outside: 1,
  /** The particle where it is whole */
  solid: 2,
  /** Cracks and inner voids within the envelope */
  crack: 4,
  /** The envelope: solid or crack */
  body: 6,
  /** Has a face on the surface of the envelope */
  surface: 8,
  /** Has been looked at */
  seen: 16,
} as const

/** Voxels that have any of some bits. */
export const countWith = (values: Uint8Array, bits: number): number => {
  let count = 0
  for (let i = 0; i < values.length; i++) if ((values[i] & bits) !== 0) count++
  return count
}
