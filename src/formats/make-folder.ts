import { mkdirSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"

/**
 * Makes a folder and those that it lies in, as far as they are missing. Node's own way never ends where a file system lets
 * nothing be made and says that what it would lie in is missing, as /proc does.
 * @throws what the operating system says
 */
export const makeFolder = (path: string): void => {
  const missing: string[] = []
  let here = resolve(path)
  while (statSync(here, { throwIfNoEntry: false }) === undefined && dirname(here) !== here) {
    missing.push(here)
    here = dirname(here)
  }
  // Says what is wrong where a file is in the way.
  if (missing.length === 0) mkdirSync(here, { recursive: true })
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder)
    } catch (cause) {
      // Someone else may have made it meanwhile.
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw cause
    }
  }
}
