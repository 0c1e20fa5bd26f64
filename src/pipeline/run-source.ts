import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { writeAtomically } from "../store/atomic.ts"
import { type RunUnwritable, SnapshotMissing, systemReason } from "../store/errors.ts"
import { runFiles } from "../store/run-directory.ts"
import { sealed, unsealed } from "../store/snapshots.ts"
import type { TableSource } from "./attribute-table.ts"

/** Keeps mesh and slice with the run, so that it can go on and be reported without the tomogram. */
export const writeSource = (
  folder: string,
  { mesh, slice, particleToLabel }: TableSource,
): Effect.Effect<void, RunUnwritable> =>
  writeAtomically(join(folder, runFiles.mesh), sealed({ mesh, slice, particleToLabel }))

/** Mesh and slice of a run. */
export const readSource = (folder: string): Effect.Effect<TableSource, SnapshotMissing> =>
  Effect.suspend(() => {
    const path = join(folder, runFiles.mesh)
    const missing = (reason: string) => Effect.fail(new SnapshotMissing({ path, reason }))
    let bytes: Uint8Array
    try {
      bytes = readFileSync(path)
    } catch (cause) {
      return missing(systemReason(cause).reason)
    }
    const result = unsealed(bytes)
    return "damage" in result ? missing(result.damage) : Effect.succeed(result.value as TableSource)
  })
