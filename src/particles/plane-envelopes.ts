import type { Box, Triple } from "../image/brick.ts"
import type { Grid } from "../image/volume.ts"
import { VoxelPool } from "../image/voxel-pool.ts"
import type { ParticleCrop } from "./crop.ts"
import { envelopeOf } from "./envelope.ts"
import type { ParticleSettings } from "./particle-settings.ts"
import { boundsInWindow, windowAround } from "./particle-window.ts"
import { parts } from "./parts.ts"

/** Labelled particles of a plane; arrays are [pixel]. */
export interface PlaneParticles extends Grid {
  readonly labels: Int32Array
  /** 0 void, 1 particle, 2 carbon/binder; absent where only particles are known */
  readonly phases?: Uint8Array
}

/**
 * The envelopes of the particles of a plane, with their cracks and inner voids: found as those of particles in space,
 * with a disc in place of the ball. A pixel that two envelopes claim belongs to the lower label.
 * @param boxes of the labels 1, 2 … that are looked at, undefined for none
 */
export const planeEnvelopes = (
  plane: PlaneParticles,
  boxes: readonly (Box | undefined)[],
  { closingRadius, crackDepth }: Pick<ParticleSettings, "closingRadius" | "crackDepth">,
): { readonly labels: Int32Array; readonly crackMask: Uint8Array } => {
  const [nx, ny] = plane.shape
  const pool = new VoxelPool()
  const labels = plane.labels.slice()
  const crackMask = new Uint8Array(labels.length)
  const room: Triple = [
    Math.ceil(closingRadius / plane.spacing[0]) + 2,
    Math.ceil(closingRadius / plane.spacing[1]) + 2,
    0,
  ]
  boxes.forEach((bounds, at) => {
    if (bounds === undefined) return
    // What lower labels have claimed is another particle's.
    const crop: ParticleCrop = { ...plane, labels, from: [0, 0, 0], whole: plane.shape, label: at + 1 }
    const window = windowAround(crop, bounds, room, pool)
    const values = envelopeOf(window, boundsInWindow(window, bounds), closingRadius, crackDepth, pool)
    const [wx] = window.shape
    for (let y = Math.max(0, bounds.from[1]); y < Math.min(ny, bounds.to[1]); y++)
      for (let x = bounds.from[0]; x < bounds.to[0]; x++) {
        const value = values[x - window.from[0] + wx * (y - window.from[1])]
        if ((value & parts.body) === 0) continue
        labels[x + nx * y] = at + 1
        crackMask[x + nx * y] = value === parts.crack ? 1 : 0
      }
    pool.give(window.kinds, values)
  })
  return { labels, crackMask }
}
