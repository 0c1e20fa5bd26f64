import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import type { SegmenterTraining, TrainingState } from "../../learning/segmenter/training.ts"
import { writeAtomically } from "../../store/atomic.ts"
import { RunOccupied, type RunUnwritable, SnapshotMissing } from "../../store/errors.ts"
import { madeFolder } from "../../store/made-folder.ts"
import { sealed, unsealed } from "../../store/snapshots.ts"
import type { TrainingSlices, TrainSegmenterRequest } from "./request.ts"

/** Where things lie in the directory of a training. */
export const trainingFiles = {
  checkpoint: "checkpoint.msgpack",
  model: "segmenter.onnx",
  losses: "losses.csv",
  record: "training.json",
} as const

interface Checkpoint {
  readonly training: SegmenterTraining
  readonly slices: TrainingSlices
  readonly state: TrainingState
}

/** Writes where a training is, so that it is there as a whole or not at all. */
export const writeCheckpoint = (
  { out, training, slices }: TrainSegmenterRequest,
  state: TrainingState,
): Effect.Effect<void, RunUnwritable> =>
  writeAtomically(join(out, trainingFiles.checkpoint), sealed({ training, slices, state } satisfies Checkpoint))

/** What makes two trainings the same: everything but the number of steps after which each ends would differ. */
const sameTraining = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** The directory of a training made ready, and where an earlier call of the same training came to. */
export const openTraining = Effect.fn("openTraining")(function* (
  request: TrainSegmenterRequest,
): Effect.fn.Return<TrainingState | undefined, RunUnwritable | RunOccupied | SnapshotMissing> {
  const { out, overwrite, training, slices } = request
  const path = join(out, trainingFiles.checkpoint)
  yield* madeFolder(out)
  if (overwrite || !existsSync(path)) return undefined
  const result = yield* Effect.try({
    try: () => unsealed(readFileSync(path)),
    catch: (cause) => new SnapshotMissing({ path, reason: String(cause) }),
  })
  if ("damage" in result) return yield* new SnapshotMissing({ path, reason: result.damage })
  const kept = result.value as Checkpoint
  if (!sameTraining({ training, slices }, { training: kept.training, slices: kept.slices })) {
    return yield* new RunOccupied({
      path: out,
      reason: "holds a training with other settings; choose another --out, or give --overwrite",
    })
  }
  return kept.state
})
