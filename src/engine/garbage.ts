import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

let collect: (() => void) | undefined

/**
 * Gives back what nothing refers to any more, arrays first of all. Only for work that must keep within a memory: the
 * collector by itself lets some hundred megabytes of dropped arrays stand.
 */
export const collectGarbage = (): void => {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc")
    collect = runInNewContext("gc") as () => void
  }
  collect()
}
