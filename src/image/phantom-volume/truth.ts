import { boxShape } from "../brick.ts"
import type { PhantomPart, PhantomVolume } from "./volume.ts"

/** What the voxels of a phantom say of each particle, gathered box by box; entry k is label k. */
export interface PhantomTally {
  /** [label] voxels of the particle, cracks included, and voxels of its cracks */
  readonly voxels: Float64Array
  readonly cracks: Float64Array
  /** [label] 1 where it reaches the border of the volume */
  readonly atBorder: Uint8Array
}

/** True values of one particle, as digitised. */
export interface ParticleTruth {
  readonly label: number
  /** Of the shape as it was drawn, also where the border cuts it, from the low corner of the volume [m] */
  readonly centre: readonly [number, number, number]
  /** Diameter of the ball of equal volume, as drawn [m] */
  readonly diameter: number
  /** Inside the volume, cracks included [m³] */
  readonly volume: number
  /** Share of cracks and hollow core in it */
  readonly damage: number
  readonly isFragment: boolean
  readonly isCut: boolean
}

export const emptyTally = ({ particles }: PhantomVolume): PhantomTally => ({
  voxels: new Float64Array(particles.length + 1),
  cracks: new Float64Array(particles.length + 1),
  atBorder: new Uint8Array(particles.length + 1),
})

/** Adds the voxels of one box, each box once. @param out [label], accumulated into */
export const addTally = ({ shape }: PhantomVolume, { box, labels, cracks }: PhantomPart, out: PhantomTally): void => {
  const [nx, ny, nz] = boxShape(box)
  for (let z = 0, i = 0; z < nz; z++) {
    const isFace = (at: number, axis: 0 | 1 | 2): boolean => shape[axis] > 1 && (at === 0 || at === shape[axis] - 1)
    const isEndZ = isFace(z + box.from[2], 2)
    for (let y = 0; y < ny; y++) {
      const isEnd = isEndZ || isFace(y + box.from[1], 1)
      for (let x = 0; x < nx; x++, i++) {
        const label = labels[i]
        if (label === 0) continue
        out.voxels[label]++
        out.cracks[label] += cracks[i]
        if (isEnd || isFace(x + box.from[0], 0)) out.atBorder[label] = 1
      }
    }
  }
}

/** One row for each particle that has voxels, once all boxes are added. */
export const particleTruths = (
  phantom: PhantomVolume,
  { voxels, cracks, atBorder }: PhantomTally,
): readonly ParticleTruth[] => {
  const { voxel } = phantom.settings
  return phantom.particles.flatMap(({ centre, radius, isFragment }, k): readonly ParticleTruth[] =>
    voxels[k + 1] === 0
      ? []
      : [
          {
            label: k + 1,
            centre: [(centre[0] + 0.5) * voxel, (centre[1] + 0.5) * voxel, (centre[2] + 0.5) * voxel],
            diameter: 2 * radius * voxel,
            volume: voxels[k + 1] * voxel ** 3,
            damage: cracks[k + 1] / voxels[k + 1],
            isFragment,
            isCut: atBorder[k + 1] === 1,
          },
        ],
  )
}

/** Labels without cracks and hollow cores, as a segmentation of gray values gives them. */
export const solidLabels = ({ labels, cracks }: PhantomPart): Int32Array =>
  labels.map((label, i) => (cracks[i] === 1 ? 0 : label))
