import type { Triple } from "../image/brick.ts"
import type { Grid } from "../image/volume.ts"

/** What a voxel outside of particles is made of. */
export const matrixPhases = { void: 0, carbonBinder: 2 } as const

/** One particle and what lies around it, cut out of a labelled volume; x runs fastest. */
export interface ParticleCrop extends Grid {
  /** Where the first voxel of the crop lies in the whole volume [voxel] */
  readonly from: Triple
  /** Voxels of the whole volume along x, y and z; tells which sides of the crop are the border of the volume */
  readonly whole: Triple
  /** The particle that is measured, ≥ 1 */
  readonly label: number
  /** [voxel] 0 no particle, otherwise the number of one */
  readonly labels: Int32Array | Uint16Array
  /** [voxel] the phase map, in map units; absent where there is none */
  readonly gray?: Float32Array | Uint8Array | Int8Array | Uint16Array | Int16Array
  /** [voxel] 0 void, 1 particle, 2 carbon/binder; absent where only particles are known */
  readonly phases?: Uint8Array
}
