import { Effect, type Scope } from "effect"
import fc from "fast-check"
import { expect } from "vitest"
import { openVolume, type VolumeOptions } from "../../../src/formats/open-volume.ts"
import type { VolumeSource, VoxelArray } from "../../../src/formats/volume-source.ts"
import { emptyVoxels, type VoxelType } from "../../../src/formats/voxel-type.ts"
import { type Box, boxShape, type Triple } from "../../../src/image/brick.ts"

/** Voxels of a test. */
export interface MadeVolume {
  readonly shape: Triple
  readonly type: VoxelType
  /** [voxel] x fastest */
  readonly values: VoxelArray
}

/** Voxels that use all bits of their kind; real numbers are finite. */
export const madeVolume = (shape: Triple, type: VoxelType, seed: number): MadeVolume => {
  const values = emptyVoxels(type, shape[0] * shape[1] * shape[2])
  for (let i = 0; i < values.length; i++) {
    const bits = Math.imul(i + 1, 2654435761) ^ Math.imul(seed + 1, 40503) ^ (i >> 3)
    values[i] = type.startsWith("float") ? bits / 7 : bits
  }
  return { shape, type, values }
}

/** Small volumes of the given kinds. */
export const volumes = (types: readonly VoxelType[]): fc.Arbitrary<MadeVolume> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom(...types),
      fc.nat(1e6),
    )
    .map(([x, y, z, type, seed]) => madeVolume([x, y, z], type, seed))

/** A box inside a volume, from six shares. */
export const boxWithin = (shape: Triple, shares: readonly number[]): Box => {
  const from = shape.map((edge, axis) => Math.min(edge - 1, Math.floor(shares[axis] * edge))) as unknown as Triple
  const to = shape.map((edge, axis) => {
    const start = from[axis]
    return Math.min(edge, start + 1 + Math.floor(shares[3 + axis] * (edge - start)))
  }) as unknown as Triple
  return { from, to }
}

export const boxShares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 })

/** Values of a box as they must be. */
export const valuesWithin = ({ shape, type, values }: MadeVolume, box: Box): VoxelArray => {
  const [nx, ny, nz] = boxShape(box)
  const out = emptyVoxels(type, nx * ny * nz)
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++)
        out[x + nx * (y + ny * z)] =
          values[box.from[0] + x + shape[0] * (box.from[1] + y + shape[1] * (box.from[2] + z))]
  return out
}

export const wholeBox = (shape: Triple): Box => ({ from: [0, 0, 0], to: shape })

/** Opens, works and closes. */
export const withVolume = <A, E>(
  file: string,
  options: VolumeOptions,
  work: (source: VolumeSource) => Effect.Effect<A, E, Scope.Scope>,
): Promise<A> => Effect.runPromise(Effect.scoped(Effect.flatMap(openVolume(file, options), work)))

/** Why a file cannot be opened or read as a whole. */
export const refusalBy = (file: string, options: VolumeOptions = {}) =>
  Effect.runPromise(
    Effect.flip(
      Effect.scoped(Effect.flatMap(openVolume(file, options), (source) => source.read(wholeBox(source.shape)))),
    ),
  )

/** A file holds a volume: its shape, kind and scale, all of it at once and one box alone. */
export const expectHolds = (
  file: string,
  made: MadeVolume,
  options: VolumeOptions,
  shares: readonly number[],
  spacing?: Triple,
): Promise<void> =>
  withVolume(file, options, (source) =>
    Effect.gen(function* () {
      expect(source.shape).toEqual(made.shape)
      expect(source.voxelType).toBe(made.type)
      if (spacing !== undefined) {
        for (const axis of [0, 1, 2]) expect(source.spacing[axis] / spacing[axis]).toBeCloseTo(1, 9)
      }
      expect(yield* source.read(wholeBox(made.shape))).toEqual(made.values)
      const box = boxWithin(made.shape, shares)
      expect(yield* source.read(box)).toEqual(valuesWithin(made, box))
    }),
  )
