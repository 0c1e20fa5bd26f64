import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { writeAtomically } from "../../store/atomic.ts"
import { RunOccupied } from "../../store/errors.ts"
import { type KeptResults, keptResults } from "../../store/kept-results.ts"
import { madeFolder } from "../../store/made-folder.ts"
import { program } from "../program.ts"
import type { LearnRequest } from "./request.ts"

/** Data as JSON; typed arrays as lists, what is no number as null. */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, (_, item) => (ArrayBuffer.isView(item) ? Array.from(item as Float64Array) : item), 2)}\n`

/** Parts of some learning that was broken off lie in the same directory until all is done. */
const partsOf = (folder: string): string => join(folder, "parts")

/** How many finished parts an unfinished learning has left in a directory. */
export const keptParts = (folder: string): number => keptResults(partsOf(folder), "").count()

/**
 * Makes the directory of some learning; one that holds something else, or finished results, is refused. Parts of what
 * was broken off there are taken over where data, settings and program are the same.
 */
export const claimFolder = Effect.fnUntraced(function* (folder: string, kind: string, overwrite: boolean) {
  const manifest = join(folder, "manifest.json")
  if (existsSync(manifest)) {
    const found = yield* Effect.sync((): { readonly kind?: unknown; readonly status?: unknown } => {
      try {
        return JSON.parse(readFileSync(manifest, "utf8"))
      } catch {
        return {}
      }
    })
    if (found.kind !== kind)
      return yield* new RunOccupied({ path: folder, reason: "holds something else; choose another --out" })
    if (found.status === "done" && !overwrite)
      return yield* new RunOccupied({
        path: folder,
        reason: "holds results already; choose another --out, or give --overwrite",
      })
  }
  yield* madeFolder(folder)
  return keptResults(partsOf(folder), `${program.name} ${program.version}`)
})

/** What a manifest says of the work as a whole. */
interface Course {
  readonly kind: string
  readonly started: string
  readonly inputs: readonly unknown[]
  readonly warnings: readonly string[]
}

const writeCourse = (folder: string, status: string, course: Course, request: LearnRequest, more: object) => {
  const { target, without, preset, seed, runs, latent, permutations, mostRows, threads } = request
  const manifest = {
    format: 1,
    kind: course.kind,
    program,
    inputs: course.inputs,
    settings: { target, without, preset: preset.name, seed, runs, latent, permutations, mostRows },
    threads,
    started: course.started,
    ended: status === "running" ? null : new Date().toISOString(),
    status,
    warnings: course.warnings,
    ...more,
  }
  return writeAtomically(join(folder, "manifest.json"), jsonText(manifest))
}

/**
 * Does the work of a claimed directory between two manifests: one that says it runs, and one that says how it ended. The
 * parts are removed once the results are safe.
 * @param work gives its result, its warnings and the text whose checksum the manifest states
 */
export const withManifest = Effect.fnUntraced(function* <A, E, R>(
  request: LearnRequest,
  kept: KeptResults,
  course: Omit<Course, "warnings">,
  work: Effect.Effect<{ readonly result: A; readonly warnings: readonly string[]; readonly text: string }, E, R>,
) {
  const { out: folder } = request
  const begun = { ...course, warnings: [] }
  const resumed = kept.count()
  yield* writeCourse(folder, "running", begun, request, { resumed })
  const { result, warnings, text } = yield* work.pipe(
    Effect.onInterrupt(() =>
      writeCourse(folder, "interrupted", begun, request, { resumed }).pipe(Effect.catchCause(() => Effect.void)),
    ),
  )
  const sha256 = createHash("sha256").update(text).digest("hex")
  yield* writeCourse(folder, "done", { ...course, warnings }, request, { resumed, sha256 })
  yield* kept.clear
  return result
})
