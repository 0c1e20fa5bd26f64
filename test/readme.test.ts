import { execFile } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { nodeCount } from "../src/mesh/mesh.ts"
import { buildTwin } from "../src/pipeline/build.ts"
import { createProject } from "../src/pipeline/project.ts"
import { meshSource } from "../src/pipeline/run-source.ts"
import { loadTwin } from "../src/twin/load.ts"
import { loadScenario } from "../src/twin/scenario/load.ts"
import { blocksOf, localLinksOf, promisedOutput, scriptsNamed } from "./readme.ts"

const root = fileURLToPath(new URL("../", import.meta.url))
const read = (path: string): string => readFileSync(root + path, "utf8")
const readme = read("README.md")
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> }

/** Does something in a folder inside the repository, where packages are found, and takes the folder away again. */
const inFolder = async <A>(work: (folder: string) => Promise<A>): Promise<A> => {
  mkdirSync(`${root}runs`, { recursive: true })
  const folder = mkdtempSync(join(root, "runs", "readme-"))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Runs a program of the README as it stands, with the sources in the place of the package; its lines of output. */
const run = (program: string): Promise<string[]> =>
  inFolder(async (folder) => {
    const file = join(folder, "block.ts")
    writeFileSync(file, program.replaceAll('from "synchrode"', `from "${pathToFileURL(`${root}src/index.ts`).href}"`))
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: root })
    return stdout.trimEnd().split("\n")
  })

/** Loads a file of the README in the place where `synchrode init` puts it; the first line names it. */
const load = (text: string) =>
  inFolder(async (folder) => {
    await Effect.runPromise(createProject(folder))
    const name = /^# (\S+)/.exec(text)?.[1] ?? ""
    const file = join(folder, name)
    if (!existsSync(file)) throw new Error(`"${name}" is no file of a project`)
    writeFileSync(file, text)
    return name === "twin.yaml"
      ? nodeCount(
          meshSource((await Effect.runPromise(Effect.flatMap(loadTwin(file), (twin) => buildTwin(twin)))).source).mesh,
        )
      : (await Effect.runPromise(loadScenario(file))).protocol.steps.length
  })

describe("README.md", () => {
  const programs = blocksOf(readme).filter(({ language }) => language === "ts")

  it("shows at least one program", () => {
    expect(programs.length).toBeGreaterThan(0)
  })

  it.each(programs)("the program of line $line runs and prints what it says", async ({ text }) => {
    expect(await run(text)).toEqual(promisedOutput(text))
  })

  it.each(blocksOf(readme).filter(({ language }) => language === "yaml"))(
    "the file of line $line is valid",
    async (block) => {
      expect(await load(block.text)).toBeGreaterThan(0)
    },
  )
})

describe.each(["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])("%s", (path) => {
  const text = read(path)

  it("names only scripts that exist", () => {
    expect(scriptsNamed(text).filter((name) => !(name in scripts))).toEqual([])
  })

  it("links only to files that exist", () => {
    expect(localLinksOf(text).filter((target) => !existsSync(root + target))).toEqual([])
  })
})

describe("the reading of Markdown", () => {
  it("finds blocks, links, promises and scripts", () => {
    const text =
      '[a](b.md#c) ![d](e/f.svg) [g](https://h) <img src="i.png">\n```ts\nconsole.log(1 + 1) // 2\n```\n`npm run demo`\n```\nnpm test\n```\n'
    expect(blocksOf(text)).toEqual([
      { language: "ts", text: "console.log(1 + 1) // 2", line: 2 },
      { language: "", text: "npm test", line: 6 },
    ])
    expect(localLinksOf(text)).toEqual(["b.md", "e/f.svg", "i.png"])
    expect(promisedOutput(text)).toEqual(["2"])
    expect(scriptsNamed(text)).toEqual(["demo", "test"])
    expect(() => blocksOf("```ts\n")).toThrow("line 1: the block does not end")
  })

  it("sees when a program prints something else, or fails", async () => {
    const program = 'import { momentsOf } from "synchrode"\nconsole.log(momentsOf([1, 2]).mean) // 1.6'
    expect(await run(program)).toEqual(["1.5"])
    expect(promisedOutput(program)).toEqual(["1.6"])
    await expect(run('throw new Error("no")')).rejects.toThrow("no")
  })

  it("sees when a file is wrong", async () => {
    await expect(load("# twin.yaml\nextends: materials.yaml\n")).rejects.toThrow("geometry")
    await expect(load("# scenario.yaml\ncycle: { steps: [Charge at 5X] }\n")).rejects.toThrow("5X")
    await expect(load("# other.yaml\n")).rejects.toThrow("no file of a project")
  })
})
