import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { makeFolder } from "../formats/make-folder.ts"
import { writeAtomically } from "./atomic.ts"
import { type RunUnwritable, unwritable } from "./errors.ts"
import { pack } from "./packing.ts"
import { sealed, unsealed } from "./snapshots.ts"

/** Results of finished parts of a longer work, so that what breaks off can go on. */
export interface KeptResults {
  /** How many there are */
  readonly count: () => number
  /** The result of a part, undefined where it was not kept or cannot be trusted. @param input plain record */
  readonly find: (input: unknown) => { readonly result: unknown } | undefined
  readonly keep: (input: unknown, result: unknown) => Effect.Effect<void, RunUnwritable>
  /** Removes all of them, once the whole is safe. */
  readonly clear: Effect.Effect<void>
}

/**
 * Results of parts in a folder, each in a file named by the hash of all that decides about it.
 * @param folder made with the first result
 * @param origin what decides besides a part's own input, such as the program's version
 */
export const keptResults = (folder: string, origin: string): KeptResults => {
  const fileOf = (input: unknown): string =>
    join(folder, `${createHash("sha256").update(origin).update(pack(input)).digest("hex")}.msgpack`)
  return {
    count: () => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".msgpack")).length : 0),
    find: (input) => {
      const file = fileOf(input)
      if (!existsSync(file)) return undefined
      const read = unsealed(readFileSync(file))
      return "value" in read ? { result: read.value } : undefined
    },
    keep: (input, result) =>
      Effect.try({
        try: () => makeFolder(folder),
        catch: (cause) => unwritable(folder, cause),
      }).pipe(Effect.andThen(Effect.suspend(() => writeAtomically(fileOf(input), sealed(result))))),
    clear: Effect.sync(() => rmSync(folder, { recursive: true, force: true })),
  }
}
