import { spawn } from "node:child_process"
import { randomInt } from "node:crypto"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { parseArgs } from "node:util"

const usage = `Usage: npm run properties -- [FILE …] [--runs N] [--only NAME] [--seed S [--path P]]

Tries the properties on new cases, many more than npm test does.

  FILE          test files whose paths contain this, such as test/properties
  --runs N      cases of each property, 2000 if not given; dear ones try their share of it
  --only NAME   tests whose names contain this
  --seed S      the cases of an earlier run
  --path P      with --seed and --only: the one case that a failure printed
`

const fail = (message: string): never => {
  console.error(`properties: ${message}\n\n${usage}`)
  process.exit(1)
}

const whole = (name: string, text: string, least: number): number => {
  const value = Number(text)
  return Number.isSafeInteger(value) && value >= least
    ? value
    : fail(`--${name}: expected a whole number from ${least}; found ${JSON.stringify(text)}`)
}

const readOptions = () => {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        runs: { type: "string", default: "2000" },
        only: { type: "string" },
        seed: { type: "string" },
        path: { type: "string" },
        help: { type: "boolean", default: false },
      },
    })
    return { ...values, files: positionals }
  } catch (cause) {
    return fail(cause instanceof Error ? cause.message : String(cause))
  }
}

const options = readOptions()
if (options.help) {
  console.log(usage)
  process.exit(0)
}
const runs = whole("runs", options.runs, 1)
const seed = options.seed === undefined ? randomInt(2 ** 31) : whole("seed", options.seed, -(2 ** 31))
if (options.path !== undefined && (options.seed === undefined || options.only === undefined))
  fail("--path: expected --seed and --only beside it, as a failure printed them")

// Vitest takes a pattern; the name is meant as it stands.
const only = options.only === undefined ? [] : ["-t", options.only.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")]
const announcement = `properties: ${runs} runs, seed ${seed}`
const folder = mkdtempSync(join(tmpdir(), "properties-"))
const report = join(folder, "report.json")
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`]
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs")

/** How many tests the report tells of; 0 where there is no report. */
const testsRun = (): number => {
  if (!existsSync(report)) return 0
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>
  return numPassedTests + numFailedTests
}

console.log(announcement)
const words = [vitest, "run", "--mode", "properties", ...reporters, ...options.files, ...only]
const child = spawn(process.execPath, words, {
  stdio: "inherit",
  env: {
    ...process.env,
    PROPERTY_RUNS: String(runs),
    PROPERTY_SEED: String(seed),
    ...(options.path === undefined ? {} : { PROPERTY_PATH: options.path }),
  },
})
child.on("close", (code) => {
  const count = testsRun()
  rmSync(folder, { recursive: true })
  console.log(announcement)
  // Vitest is content with a name that no test bears.
  if (count === 0) console.error("properties: no test was run")
  process.exit(count === 0 ? 1 : (code ?? 1))
})
