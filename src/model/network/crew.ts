import { type Arena, createArena } from "../../kernels/arena.ts"

/**
 * Who does the work that particles need each by itself: shares of them, in any order, side by side or one after the other.
 * What a share does depends on it alone, so that results are the same for any crew.
 */
export interface Crew {
  readonly floats: SharedFloats
  /** The same for kernels */
  readonly arena: Arena
  /**
   * Does a task for all particles and returns when it is done.
   * @param task number of the task
   * @param work does it for particles from … to − 1
   */
  readonly run: (task: number, work: ShareWork) => void
}

/**
 * Memory that everybody in a crew sees. Members who ask in the same order get the same.
 * @param fill what the first who asks puts there; otherwise it is 0
 */
export type SharedFloats = (length: number, fill?: (values: Float64Array) => void) => Float64Array

export type ShareWork = (task: number, from: number, to: number) => void

/** Memory of one's own. */
export const ownFloats: SharedFloats = (length, fill) => {
  const values = new Float64Array(length)
  fill?.(values)
  return values
}

/** Nobody else: everything in this thread, at once. */
export const alone = (particleCount: number): Crew => ({
  floats: ownFloats,
  arena: createArena(),
  run: (task, work) => work(task, 0, particleCount),
})
