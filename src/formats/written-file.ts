import { type FileHandle, open, rename, rm } from "node:fs/promises"
import { Effect } from "effect"
import { reasonOf } from "./open-file.ts"
import { TomogramUnwritable } from "./tomogram-errors.ts"

/** Appends bytes to a file. */
export type Append = (bytes: Uint8Array) => Effect.Effect<void, TomogramUnwritable>

/** Bytes that a source of boxes is asked for at once, beyond a single plane or row of chunks. */
export const slabBytes = 2 ** 25

const appended = async (handle: FileHandle, bytes: Uint8Array): Promise<void> => {
  let done = 0
  while (done < bytes.length) done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten
}

/**
 * Writes a file piece by piece. It stands under its name only once it is whole; otherwise nothing is left of it.
 */
export const writeInPieces = <E>(
  file: string,
  write: (append: Append) => Effect.Effect<void, E>,
): Effect.Effect<void, E | TomogramUnwritable> => {
  const part = `${file}.part`
  const unwritable = (cause: unknown) => new TomogramUnwritable({ file, reason: reasonOf(cause) })
  const attempt = <A>(work: () => Promise<A>) => Effect.tryPromise({ try: work, catch: unwritable })
  return Effect.acquireUseRelease(
    attempt(() => open(part, "w")),
    (handle) =>
      Effect.andThen(
        write((bytes) => attempt(() => appended(handle, bytes))),
        attempt(() => handle.sync()),
      ),
    (handle) => Effect.promise(() => handle.close()),
  ).pipe(
    Effect.andThen(attempt(() => rename(part, file))),
    Effect.onError(() => Effect.promise(() => rm(part, { force: true }).catch(() => undefined))),
  )
}
