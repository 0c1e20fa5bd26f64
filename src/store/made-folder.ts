import { Effect } from "effect"
import { makeFolder } from "../formats/make-folder.ts"
import { type RunUnwritable, unwritable } from "./errors.ts"

/** Makes a folder, and those that it lies in, as far as they are missing. */
export const madeFolder = (folder: string): Effect.Effect<void, RunUnwritable> =>
  Effect.try({
    try: () => void makeFolder(folder),
    catch: (cause) => unwritable(folder, cause),
  })
