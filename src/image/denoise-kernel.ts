import * as bytes from "../kernels/generated/denoise.ts"
import { kernel } from "../kernels/loader.ts"

/** Filters that take noise off values [voxel] f32; places and steps count voxels. */
export interface DenoiseExports {
  readonly blend: (
    values: number,
    first: number,
    end: number,
    stride: number,
    weights: number,
    radius: number,
    out: number,
  ) => void
  readonly middle: (
    values: number,
    first: number,
    end: number,
    steps: number,
    count: number,
    scratch: number,
    out: number,
  ) => void
  readonly middleOfCube: (values: number, nx: number, ny: number, nz: number, scratch: number, out: number) => void
  readonly differences: (values: number, first: number, end: number, step: number, out: number) => void
  readonly gatherAlike: (
    values: number,
    distance: number,
    first: number,
    end: number,
    step: number,
    free: number,
    scale: number,
    sum: number,
    total: number,
  ) => void
  readonly divide: (a: number, b: number, count: number) => void
}

export const denoiseKernel = kernel<DenoiseExports>(bytes)
