#!/usr/bin/env node
// Starts the program on Node 24 whatever Node the host has: the npm package `node` brings the right one along.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import module, { createRequire } from "node:module"
import { constants } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

const needed = 24
const here = dirname(fileURLToPath(import.meta.url))
const source = join(here, "main.ts")
// Node takes no types off files below node_modules: an installed package runs what was built.
const isInstalled = here.split(/[\\/]/).includes("node_modules")
const entry = existsSync(source) && !isInstalled ? source : join(here, "../../dist/src/cli/main.js")

const bundledNode = () => {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("node/package.json"))
    const file = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node")
    return existsSync(file) ? file : undefined
  } catch {
    return undefined
  }
}

if (Number(process.versions.node.split(".")[0]) >= needed) {
  // Halves the start: types taken off and code compiled once are kept in the system's folder for temporary files.
  module.enableCompileCache?.()
  await import(pathToFileURL(entry).href)
} else {
  const node = bundledNode()
  if (node === undefined) {
    console.error(
      `synchrode: needs Node ${needed} or later; this is ${process.version}. Run npm ci, or install Node ${needed}.`,
    )
    process.exit(3)
  }
  const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio: "inherit" })
  // Ctrl-C reaches the child by itself; a signal to this process alone is passed on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("error", (cause) => {
    console.error(`synchrode: ${node} cannot be started: ${cause.message}`)
    process.exit(3)
  })
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 15)))
}
