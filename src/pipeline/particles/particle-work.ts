import type { Work } from "../../engine/engine.ts"
import { VoxelPool } from "../../image/voxel-pool.ts"
import { type MeasureJob, measureWork } from "./measure-work.ts"
import { type RelabelJob, relabelWork } from "./relabel-work.ts"

/** Whatever is to be done with particles in one thread. */
export const particleWork = (): Work => {
  const measure = measureWork(new VoxelPool())
  return (input, tell, signal) =>
    (input as MeasureJob | RelabelJob).kind === "measure"
      ? measure(input, tell, signal)
      : relabelWork(input, tell, signal)
}
