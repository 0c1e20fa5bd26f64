import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs"
import { dirname } from "node:path"
import { Effect } from "effect"
import { type RunUnwritable, unwritable } from "./errors.ts"
import { writeAll } from "./file-bytes.ts"

/** Makes a rename in a folder survive a power cut; not every file system lets a folder be opened. */
const syncFolder = (folder: string): void => {
  let handle: number | undefined
  try {
    handle = openSync(folder, "r")
    fsyncSync(handle)
  } catch {
    // The data itself is safe; only its name may be lost with the power.
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

/** Writes a file so that at every moment either the old one or the whole new one is there. */
export const writeAtomically = (path: string, content: string | Uint8Array): Effect.Effect<void, RunUnwritable> =>
  Effect.try({
    try: () => {
      const temporary = `${path}.${process.pid}.tmp`
      const handle = openSync(temporary, "w")
      try {
        writeAll(handle, typeof content === "string" ? Buffer.from(content) : content, 0)
        fsyncSync(handle)
      } catch (cause) {
        closeSync(handle)
        rmSync(temporary, { force: true })
        throw cause
      }
      closeSync(handle)
      renameSync(temporary, path)
      syncFolder(dirname(path))
    },
    catch: (cause) => unwritable(path, cause),
  })
