import { existsSync, readdirSync, rmSync, statSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import { makeFolder } from "../formats/make-folder.ts"
import { RunOccupied, type RunUnwritable, unwritable } from "./errors.ts"
import type { Manifest } from "./manifest.ts"

/** Where things lie in a run directory. */
export const runFiles = {
  history: "history.csv",
  particleHistory: "particles-history.csv",
  cycles: "cycles.csv",
  particles: "particles.csv",
  particlesParquet: "particles.parquet",
  snapshots: "snapshots",
  fields: "fields",
  series: "fields.pvd",
  mesh: "snapshots/mesh.msgpack",
  slice: "snapshots/slice.msgpack",
  synchronisation: "synchronisation.json",
  report: "report.html",
  figures: "figures",
} as const

/** Attribute table after a cycle: particles-cycle-010.csv */
export const cycleTableFile = (cycle: number): string => `particles-cycle-${String(cycle).padStart(3, "0")}.csv`

/** What a run writes, in case an old run makes room for a new one. */
const own =
  /^(manifest\.json|history\.csv|particles-history\.csv|cycles\.csv|particles\.(csv|parquet)|particles-cycle-\d+\.csv|snapshots|fields|figures|fields\.pvd|synchronisation\.json|report\.html)$/

/** Makes an empty run directory; what an older run left there is removed if asked for, other files are not touched. */
export const createRunDirectory = Effect.fn("createRunDirectory")(function* (
  folder: string,
  overwrite: boolean,
): Effect.fn.Return<void, RunUnwritable | RunOccupied> {
  const isRun = existsSync(join(folder, "manifest.json"))
  if (isRun && !overwrite) {
    return yield* new RunOccupied({
      path: folder,
      reason: "already holds a run; choose another --out, go on with `synchrode resume`, or give --overwrite",
    })
  }
  yield* Effect.try({
    try: () => {
      makeFolder(folder)
      if (isRun) {
        for (const file of readdirSync(folder)) {
          if (own.test(file)) rmSync(join(folder, file), { recursive: true, force: true })
        }
      }
      makeFolder(join(folder, runFiles.snapshots))
      makeFolder(join(folder, runFiles.fields))
    },
    catch: (cause) => unwritable(folder, cause),
  })
})

const isAlive = (id: number): boolean => {
  try {
    process.kill(id, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM"
  }
}

/** Fails while another process is writing the run, or the sweep. */
export const assertUnoccupied = (
  folder: string,
  { status, process: owner }: Pick<Manifest, "status" | "process">,
): Effect.Effect<void, RunOccupied> =>
  status === "running" && owner.host === hostname() && owner.id !== process.pid && isAlive(owner.id)
    ? Effect.fail(new RunOccupied({ path: folder, reason: `process ${owner.id} is still running it` }))
    : Effect.void

/** Size of a file of a run, 0 where it is missing [byte] */
export const sizeIn = (folder: string, file: string): number =>
  statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0
