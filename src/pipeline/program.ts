import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

/** Folder of the package: src/ and dist/ lie in it, and so do twins, scenarios and validation. */
export const packageFolder = fileURLToPath(new URL("../../", import.meta.url))

const { name, version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly name: string
  readonly version: string
}

/** What runs, for manifests and --version. */
export const program = { name, version, node: process.versions.node }
