import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

/** The collector as V8 exposes it. */
type Collect = (options?: {
  readonly type: "major"
  readonly execution: "sync"
  readonly flavor: "last-resort"
}) => void

let collect: Collect | undefined

/**
 * Gives back what nothing refers to any more, arrays first of all. Only for work that must keep within a memory: the
 * collector by itself lets some hundred megabytes of dropped arrays stand.
 */
export const collectGarbage = (): void => {
  exposed()()
}

/**
 * As `collectGarbage`, and gives the empty pages of the collector back to the system too, which otherwise keeps them for
 * what may come: more than a hundred megabytes after reading a large volume. Takes a few times as long.
 */
export const releaseMemory = (): void => {
  exposed()({ type: "major", execution: "sync", flavor: "last-resort" })
}

const exposed = (): Collect => {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc")
    collect = runInNewContext("gc") as Collect
  }
  return collect
}
