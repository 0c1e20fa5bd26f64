/**
 * Runs every benchmark of this folder, each in a process of its own so that none warms up another's code:
 * `npm run bench`, or `npm run bench -- direct mesh` for those whose names contain a word.
 */
import { spawnSync } from "node:child_process"
import { readdirSync } from "node:fs"
import { cpus } from "node:os"
import { fileURLToPath } from "node:url"

const folder = fileURLToPath(new URL(".", import.meta.url))
const words = process.argv.slice(2)
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".bench.ts"))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`)
let failures = 0
for (const file of files) {
  console.log(`\n── ${file}`)
  const { status } = spawnSync(process.execPath, [folder + file], { stdio: "inherit" })
  if (status !== 0) failures++
}
if (files.length === 0) console.log("no benchmark of that name")
process.exitCode = failures > 0 || files.length === 0 ? 1 : 0
