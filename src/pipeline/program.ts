import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

/** Folder that src/ and validation/ lie in: of the package, or its dist/ where they are compiled. */
export const codeFolder = fileURLToPath(new URL("../../", import.meta.url))

/** Ending of the files that run: "js" where they are compiled. */
export const codeEnding = import.meta.url.endsWith(".js") ? "js" : "ts"

/** Folder of the package: twins, scenarios and package.json lie in it. */
export const packageFolder = codeEnding === "js" ? join(codeFolder, "..") : codeFolder

/** The star-convex network that comes with the program. */
export const shippedModel = join(packageFolder, "models", "segmenter.onnx")

const { name, version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as {
  readonly name: string
  readonly version: string
}

/** What runs, for manifests and --version. */
export const program = { name, version, node: process.versions.node }
