/**
 * Compiles the kernels: `npm run kernels`, which `npm ci` runs by itself. Every `assembly/<name>.ts` becomes
 * `generated/<name>.ts`, which holds the WebAssembly bytes as base64 text, once for plain SIMD and once with fused
 * multiply–add. A kernel whose sources, options and compiler are those of last time is left alone.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { main, version } from "assemblyscript/asc"

const here = fileURLToPath(new URL(".", import.meta.url))
const sources = join(here, "assembly")
const generated = join(here, "generated")

const options = [
  ["--runtime", "stub"],
  ["-O3", "--noAssert", "--importMemory"],
  ["--initialMemory", "1", "--maximumMemory", "65536"],
  ["--enable", "simd,bulk-memory,sign-extension,mutable-globals,nontrapping-f2i"],
].flat()

/** Kernels whose memory threads share. */
const sharing = ["surfaces.ts"]

const optionsOf = (kernel: string): readonly string[] =>
  sharing.includes(kernel) ? [...options, "--sharedMemory", "--enable", "threads"] : options

const sourceOf = (name: string): string => readFileSync(join(sources, name), "utf8")

/** Sources below a folder of `assembly/` belong to no kernel alone, so that each kernel depends on all of them. */
const files = readdirSync(sources, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts"))
  .sort()
const shared = files.filter((path) => path.includes("/"))
const kernels = files.filter((path) => !path.includes("/"))

const fingerprint = (kernel: string): string => {
  const hash = createHash("sha256").update(
    JSON.stringify([version, optionsOf(kernel), readFileSync(fileURLToPath(import.meta.url), "utf8")]),
  )
  for (const path of [kernel, ...shared]) hash.update(path).update(sourceOf(path))
  return hash.digest("hex")
}

const compile = async (kernel: string, features: readonly string[]): Promise<Buffer> => {
  let bytes: Uint8Array | undefined
  const { error, stderr } = await main(
    [kernel, "--outFile", "kernel.wasm", ...optionsOf(kernel), ...features.flatMap((feature) => ["--enable", feature])],
    {
      readFile: (name) => (files.includes(name) ? sourceOf(name) : null),
      writeFile: (_, contents) => {
        if (typeof contents !== "string") bytes = contents
      },
      listFiles: () => [],
    },
  )
  if (error || !bytes) throw new Error(`${kernel}: ${error?.message ?? "no output"}\n${stderr.toString()}`)
  return Buffer.from(bytes)
}

mkdirSync(generated, { recursive: true })
for (const stale of readdirSync(generated)) {
  if (stale.endsWith(".ts") && !kernels.includes(stale)) rmSync(join(generated, stale))
}
for (const kernel of kernels) {
  const target = join(generated, kernel)
  const head = `// ${fingerprint(kernel)}\n`
  if (existsSync(target) && readFileSync(target, "utf8").startsWith(head)) continue
  const plain = await compile(kernel, [])
  const fused = await compile(kernel, ["relaxed-simd"])
  const text = [
    `${head}/** WebAssembly with 128-bit SIMD. */`,
    `export const wasmBase64 = "${plain.toString("base64")}"`,
    "/** The same with fused multiply–add; empty where the kernel has none. */",
    `export const fusedBase64 = "${plain.equals(fused) ? "" : fused.toString("base64")}"\n`,
  ]
  // Renamed into place: whoever imports it at this moment reads the old one or the new one.
  const half = `${target}.${process.pid}`
  writeFileSync(half, text.join("\n"))
  renameSync(half, target)
  console.log(`${kernel}: ${plain.length} bytes`)
}
