import { writeFileSync } from "node:fs"
import type { Work } from "../../src/engine/engine.ts"

/** Work for the tests of engines: plain records in and out, and every way to end. */
export type Chore =
  | { readonly kind: "square"; readonly value: number }
  | { readonly kind: "throw"; readonly message: string }
  | { readonly kind: "unclonable" }
  /** Tells "ready", goes on until it is asked to stop, then writes a file. */
  | { readonly kind: "until stopped"; readonly file: string }
  | { readonly kind: "pause"; readonly milliseconds: number }
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "throw later"; readonly message: string }
  | { readonly kind: "exhaust memory" }

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

export const work: Work = async (input, tell, signal) => {
  const chore = input as Chore
  switch (chore.kind) {
    case "square":
      tell({ half: chore.value / 2 })
      return { squared: Float64Array.of(chore.value * chore.value) }
    case "throw":
      throw new Error(chore.message)
    case "unclonable":
      return () => 1
    case "until stopped":
      tell("ready")
      while (!signal.aborted) await pause(2)
      writeFileSync(chore.file, "stopped where it can go on")
      return null
    case "pause":
      tell("began")
      await pause(chore.milliseconds)
      return performance.now()
    case "exit":
      return process.exit(chore.code)
    case "throw later":
      setTimeout(() => {
        throw new Error(chore.message)
      })
      return new Promise(() => {})
    case "exhaust memory": {
      const kept: unknown[] = []
      for (;;) kept.push(new Array(1e5).fill(kept.length))
    }
  }
}
