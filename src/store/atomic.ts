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

const writeRenamed = (path: string, content: string | Uint8Array, survivesPowerCut: boolean): void => {
  const temporary = `${path}.${process.pid}.tmp`
  const handle = openSync(temporary, "w")
  try {
    writeAll(handle, typeof content === "string" ? Buffer.from(content) : content, 0)
    if (survivesPowerCut) fsyncSync(handle)
  } catch (cause) {
    closeSync(handle)
    rmSync(temporary, { force: true })
    throw cause
  }
  closeSync(handle)
  renameSync(temporary, path)
  if (survivesPowerCut) syncFolder(dirname(path))
}

/** Writes a file so that at every moment either the old one or the whole new one is there. */
export const writeAtomically = (path: string, content: string | Uint8Array): Effect.Effect<void, RunUnwritable> =>
  Effect.try({
    try: () => writeRenamed(path, content, true),
    catch: (cause) => unwritable(path, cause),
  })

/**
 * The same for what can be made again from other files, such as pictures: it does not wait for the disk, so that a power
 * cut may lose it.
 */
export const writeDerived = (path: string, content: string | Uint8Array): Effect.Effect<void, RunUnwritable> =>
  Effect.try({
    try: () => writeRenamed(path, content, false),
    catch: (cause) => unwritable(path, cause),
  })
