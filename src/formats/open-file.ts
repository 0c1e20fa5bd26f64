import { type FileHandle, open, stat } from "node:fs/promises"
import { Effect, type Scope } from "effect"
import { TomogramUnreadable } from "./tomogram-errors.ts"

export type Trouble = TomogramUnreadable["trouble"]

/** A file of which stretches are read. Nothing is allocated that the file cannot fill. */
export interface OpenFile {
  /** [byte] */
  readonly size: number
  /** A stretch of it; fails where that reaches beyond the end. `what` is told to the user. */
  readonly bytes: (
    offset: number,
    length: number,
    what: string,
  ) => Effect.Effect<Uint8Array<ArrayBuffer>, TomogramUnreadable>
  readonly refusal: Refusal
}

/** The failure that says what is wrong with a file. */
export type Refusal = (trouble: Trouble, reason: string) => TomogramUnreadable

/** What is wrong, in words. */
export const reasonOf = (cause: unknown): string => {
  const { code, message } = (cause ?? {}) as NodeJS.ErrnoException
  if (code === "ENOENT" || code === "ENOTDIR") return "no such file or folder"
  if (code === "EACCES") return "permission denied"
  return message ?? String(cause)
}

/**
 * Failures that name the file and the format that was tried.
 * @param format "" while it is unknown
 */
export const refusalOf =
  (file: string, format: string): Refusal =>
  (trouble, reason) =>
    new TomogramUnreadable({ file, trouble, reason: format === "" ? reason : `read as ${format}: ${reason}` })

const filled = async (handle: FileHandle, length: number, position: number): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) throw new Error(`it ended at byte ${position + done} while it was read`)
    done += bytesRead
  }
  return bytes
}

/**
 * Opens a file until the scope ends.
 * @param path   where it lies
 * @param format as what it is read, for messages
 * @param file   its name for messages, where that is not its path
 */
export const openFile = (
  path: string,
  format: string,
  file: string = path,
): Effect.Effect<OpenFile, TomogramUnreadable, Scope.Scope> => {
  const refusal = refusalOf(file, format)
  const missing = (cause: unknown) => refusal("missing", reasonOf(cause))
  const opened = async (): Promise<FileHandle> => {
    // A pipe would be waited for without end.
    if (!(await stat(path)).isFile()) throw new Error(`${path} is no file`)
    return open(path, "r")
  }
  return Effect.acquireRelease(Effect.tryPromise({ try: opened, catch: missing }), (handle) =>
    Effect.promise(() => handle.close()),
  ).pipe(
    Effect.flatMap((handle) =>
      Effect.map(Effect.tryPromise({ try: () => handle.stat(), catch: missing }), ({ size }): OpenFile => {
        const bytes: OpenFile["bytes"] = (offset, length, what) => {
          if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
            return Effect.fail(
              refusal("truncated", `the file ends at byte ${size}, ${what} at byte ${offset + length}`),
            )
          }
          return Effect.tryPromise({ try: () => filled(handle, length, offset), catch: missing })
        }
        return { size, bytes, refusal }
      }),
    ),
  )
}
