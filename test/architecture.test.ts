import { readFileSync } from "node:fs"
import { builtinModules } from "node:module"
import { posix } from "node:path"
import { describe, expect, it } from "vitest"
import { readSource, type Source, sourceFiles } from "./source.ts"

/** The rooms in order: each may import itself and those before it. The page is served by the command line. */
const core =
  "array kernels algebra statistics synchronisation laws image particles microstructure mesh fem solve model learning report"
const edge = "twin formats store inference engine pipeline"
const faces = "web cli"
const rooms = [core, edge, faces].flatMap((line) => line.split(" "))

/** Packages that belong to one room alone. */
const soleUsers = new Map([
  ["numeric", "algebra"],
  ["fp-ts", "statistics"],
  ["mathjs", "twin"],
  ["@msgpack/msgpack", "store"],
  ["onnxruntime-node", "inference"],
  ["protobufjs", "inference"],
])

/** Runs while the package is built, never inside the program. */
const buildScripts = ["kernels/build.ts"]
const grabBags = ["utils", "util", "common", "misc", "helpers", "shared"]
const longestFile = 500

const { dependencies } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  dependencies: Record<string, string>
}

/** "@scope/name/part" → "@scope/name" */
const packageOf = (module: string): string =>
  module
    .split("/")
    .slice(0, module.startsWith("@") ? 2 : 1)
    .join("/")

const isHost = (module: string): boolean => module.startsWith("node:") || builtinModules.includes(packageOf(module))

const roomOf = (path: string): string => path.split("/")[0]

/** Complaints about one reference of a file; `paths` are the files there are. */
const complaintsAbout = (path: string, module: string, paths: ReadonlySet<string>): string[] => {
  const room = roomOf(path)
  const complaints: string[] = []
  if (module.startsWith(".")) {
    const target = posix.join(posix.dirname(path), module)
    if (!module.endsWith(".ts")) complaints.push(`${module} lacks its .ts`)
    else if (target.startsWith("../")) complaints.push(`${module} lies outside src`)
    else if (!paths.has(target)) complaints.push(`${module} does not exist`)
    if (path === "index.ts") {
      if (faces.split(" ").includes(roomOf(target))) complaints.push(`${module} is a face, not a library`)
    } else if (rooms.indexOf(roomOf(target)) > rooms.indexOf(room) || target === "index.ts") {
      complaints.push(`${module} lies below ${room}`)
    }
    return complaints
  }
  const isCore = core.split(" ").includes(room)
  if (isHost(module)) return isCore ? [`${module} in the core`] : []
  const name = packageOf(module)
  const owner = soleUsers.get(name)
  if (owner !== undefined && owner !== room) complaints.push(`${name} belongs to ${owner}`)
  if (isCore && (name === "effect" || name.startsWith("@effect/"))) complaints.push(`${name} in the core`)
  if (!(name in dependencies)) complaints.push(`${name} is no dependency of the package`)
  return complaints
}

/** Every breach of the house rules, one line each. */
const breaches = (sources: readonly Source[]): string[] => {
  const paths = new Set(sources.map(({ path }) => path))
  return sources.flatMap(({ path, lineCount, references, hasDefaultExport, hostMembers }) => {
    const complaints: string[] = []
    const isGenerated = path.includes("/generated/")
    if (path !== "index.ts" && !rooms.includes(roomOf(path))) complaints.push("is in no room")
    if (path.split("/").some((part) => grabBags.includes(part.replace(".ts", "")))) complaints.push("is a grab-bag")
    if (lineCount > longestFile && !isGenerated) complaints.push(`has ${lineCount} lines`)
    if (hasDefaultExport && !isGenerated) complaints.push("has a default export")
    if (!buildScripts.includes(path)) {
      for (const { module } of references) {
        complaints.push(...(module === undefined ? ["imports a computed name"] : complaintsAbout(path, module, paths)))
      }
      if (core.split(" ").includes(roomOf(path))) {
        complaints.push(...hostMembers.map((member) => `${member} in the core`))
      }
    }
    return complaints.map((complaint) => `${path}: ${complaint}`)
  })
}

/** Loops of imports that exist when the program runs, each as one line. */
const loops = (sources: readonly Source[]): string[] => {
  const targets = new Map(
    sources.map(({ path, references }) => [
      path,
      references
        .filter(({ module, onlyTypes }) => module?.startsWith(".") && !onlyTypes)
        .map(({ module }) => posix.join(posix.dirname(path), module!)),
    ]),
  )
  const found: string[] = []
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) found.push([...trail.slice(start), path].join(" → "))
    if (start >= 0 || done.has(path)) return
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path])
    done.add(path)
  }
  for (const path of targets.keys()) walk(path, [])
  return found
}

describe("the house", () => {
  const sources = [...sourceFiles()].map(([path, text]) => readSource(path, text))

  it("has files to look at", () => {
    expect(sources.length).toBeGreaterThan(5)
  })

  it("keeps its rules", () => {
    expect(breaches(sources)).toEqual([])
  })

  it("has no loops of imports", () => {
    expect(loops(sources)).toEqual([])
  })
})

describe("the check itself", () => {
  const mesh = { "mesh/mesh.ts": "export const a = 1" }
  const check = (files: Record<string, string>): string[] =>
    breaches(Object.entries(files).map(([path, text]) => readSource(path, text)))

  it("accepts what is allowed", () => {
    const files = {
      ...mesh,
      "mesh/parts.ts": 'import { a } from "./mesh.ts"\nexport const b = a',
      "fem/assembly.ts": 'import { a } from "../mesh/mesh.ts"\nexport const c = a',
      "algebra/dense.ts": 'import numeric from "numeric"\nexport const n = numeric',
      "statistics/moments.ts": 'import type { Monoid } from "fp-ts/lib/Monoid.js"\nexport type M = Monoid<number>',
      "store/runs.ts":
        'import { readFile } from "node:fs/promises"\nimport { Effect } from "effect"\nvoid Effect, readFile',
      "kernels/build.ts": 'import asc from "assemblyscript/asc"\nimport "node:fs"\nprocess.exit(asc ? 0 : 1)',
      "laws/generated/table.ts": `export default 1${"\n//".repeat(1000)}`,
      "index.ts": 'export { a } from "./mesh/mesh.ts"',
    }
    expect(check(files)).toEqual([])
  })

  it.each([
    ["an import", 'import { c } from "../fem/fem.ts"'],
    ["a type", 'import type { c } from "../fem/fem.ts"'],
    ["a type in place", 'export type C = import("../fem/fem.ts").C'],
    ["a re-export", 'export { c } from "../fem/fem.ts"'],
    ["a wildcard", 'export * from "../fem/fem.ts"'],
    ["a dynamic import", 'export const f = () => import("../fem/fem.ts")'],
    ["a worker", 'export const w = new Worker(new URL("../fem/fem.ts", import.meta.url))'],
    ["two lines", 'import {\n  c,\n} from\n  "../fem/fem.ts"'],
  ])("finds a room below through %s", (_, text) => {
    expect(check({ "fem/fem.ts": "export const c = 1", "mesh/mesh.ts": text })).toEqual([
      "mesh/mesh.ts: ../fem/fem.ts lies below mesh",
    ])
  })

  it.each([
    ["effect in the core", "mesh/a.ts", 'import { Effect } from "effect"'],
    ["@effect/platform-node in the core", "mesh/a.ts", 'import { NodeContext } from "@effect/platform-node"'],
    ["node:fs in the core", "mesh/a.ts", 'import { readFileSync } from "node:fs"'],
    ["fs in the core", "mesh/a.ts", 'import { readFileSync } from "fs"'],
    ["fs/promises in the core", "mesh/a.ts", 'export const f = () => import("fs/promises")'],
    ["node:fs in the core", "mesh/a.ts", 'export const f = () => require("node:fs")'],
    ["process.env in the core", "mesh/a.ts", "export const d = process.env.DEBUG"],
    ["imports a computed name", "mesh/a.ts", "export const name = (part: string) => import(part)"],
    ["numeric belongs to algebra", "mesh/a.ts", 'import numeric from "numeric"'],
    ["fp-ts belongs to statistics", "twin/a.ts", 'import * as Ord from "fp-ts/lib/Ord.js"'],
    ["mathjs belongs to twin", "cli/a.ts", 'import { evaluate } from "mathjs"'],
    ["@msgpack/msgpack belongs to store", "formats/a.ts", 'import { encode } from "@msgpack/msgpack"'],
    ["onnxruntime-node belongs to inference", "pipeline/a.ts", 'import { Tensor } from "onnxruntime-node"'],
    ["vite is no dependency of the package", "twin/a.ts", 'import { parseSync } from "vite"'],
    ["./mesh lacks its .ts", "mesh/a.ts", 'import { a } from "./mesh"'],
    ["./gone.ts does not exist", "mesh/a.ts", 'import { a } from "./gone.ts"'],
    ["../../test/source.ts lies outside src", "mesh/a.ts", 'import "../../test/source.ts"'],
    ["has a default export", "mesh/a.ts", "export default 1"],
    ["has a default export", "mesh/a.ts", "const b = 1\nexport { b as default }"],
    ["has 501 lines", "mesh/a.ts", "//\n".repeat(501)],
    ["is a grab-bag", "mesh/utils/a.ts", "export const b = 1"],
    ["is a grab-bag", "mesh/utils.ts", "export const b = 1"],
    ["is in no room", "attic/a.ts", "export const b = 1"],
    ["./cli/main.ts is a face, not a library", "index.ts", 'export { main } from "./cli/main.ts"'],
    ["../index.ts lies below mesh", "mesh/a.ts", 'export { a } from "../index.ts"'],
  ])("finds: %s (in %s)", (complaint, path, text) => {
    const files = { ...mesh, "cli/main.ts": "export const main = 1", "index.ts": "export {}", [path]: text }
    expect(check(files)).toContain(`${path}: ${complaint}`)
  })

  it("finds a loop of imports, types excepted", () => {
    const a = readSource("mesh/a.ts", 'import "./b.ts"')
    const b = readSource("mesh/b.ts", 'import "./c.ts"')
    expect(loops([a, b, readSource("mesh/c.ts", 'import "./b.ts"')])).toEqual(["mesh/b.ts → mesh/c.ts → mesh/b.ts"])
    expect(loops([a, b, readSource("mesh/c.ts", 'import type { B } from "./b.ts"')])).toEqual([])
  })
})
