import { closeSync, fsyncSync, ftruncateSync, openSync } from "node:fs"
import { Effect, type Scope } from "effect"
import { type RunUnwritable, unwritable } from "./errors.ts"
import { writeAll } from "./file-bytes.ts"

/** A file that only grows: what was written survives the end of the process, however it comes. */
export interface AppendOnlyFile {
  readonly path: string
  readonly append: (text: string) => Effect.Effect<void, RunUnwritable>
  /** Forces everything onto the disk and returns the size it has there [byte]. */
  readonly sync: Effect.Effect<number, RunUnwritable>
}

/**
 * Opens a file for appending.
 * @param size   what to keep of it: a run that goes on from a snapshot cuts off what came after [byte]
 * @param header first line of a new file
 */
export const openLog = (
  path: string,
  size: number,
  header: string,
): Effect.Effect<AppendOnlyFile, RunUnwritable, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.try({
      try: () => {
        const handle = openSync(path, size === 0 ? "w" : "r+")
        ftruncateSync(handle, size)
        return handle
      },
      catch: (cause) => unwritable(path, cause),
    }),
    (handle) => Effect.sync(() => closeSync(handle)),
  ).pipe(
    Effect.map((handle): AppendOnlyFile => {
      let end = size
      const attempt = <A>(work: () => A): Effect.Effect<A, RunUnwritable> =>
        Effect.try({ try: work, catch: (cause) => unwritable(path, cause) })
      return {
        path,
        append: (text) =>
          attempt(() => {
            const bytes = Buffer.from(text)
            try {
              writeAll(handle, bytes, end)
            } catch (cause) {
              // A half-written row would be read as a row of its own.
              ftruncateSync(handle, end)
              throw cause
            }
            end += bytes.length
          }),
        sync: attempt(() => {
          fsyncSync(handle)
          return end
        }),
      }
    }),
    Effect.tap((log) => (size === 0 ? log.append(header) : Effect.void)),
  )
