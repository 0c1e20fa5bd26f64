import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("../../", import.meta.url))
const launcher = fileURLToPath(new URL("../../src/cli/launch.js", import.meta.url))

/** How a command line ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly error: string
}

/** Starts the real command line in a child process. */
export const start = (words: readonly string[], folder = root) => {
  const child = spawn(process.execPath, [launcher, ...words], { cwd: folder })
  let [out, error] = ["", ""]
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on("data", (chunk: Buffer) => {
    error += chunk.toString()
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, out, error }))
  })
  return { child, ended }
}

export const synchrode = (...words: string[]): Promise<Ended> => start(words).ended
