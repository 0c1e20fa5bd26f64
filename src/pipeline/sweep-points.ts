import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { basename, resolve } from "node:path"
import { Effect } from "effect"
import { type FileUnreadable, SweepInvalid } from "../twin/errors.ts"
import { type LoadedTwin, loadTwin } from "../twin/load.ts"
import { readSetting } from "../twin/override.ts"
import { type Problem, pathText, problemText } from "../twin/problem.ts"
import { parameterRows } from "../twin/provenance.ts"
import { isQuantity } from "../twin/quantity.ts"
import { type LoadedScenario, loadScenario } from "../twin/scenario/load.ts"
import { type Choice, type Design, type Point, pathsOf, pointsOf } from "../twin/sweep/design.ts"
import { isFileFactor } from "../twin/sweep/factor.ts"
import { type BuildError, buildTwin } from "./build.ts"
import { splitSettings } from "./settings.ts"

/** A run of a sweep, as good as its inputs could be checked without running it. */
export interface SweepPoint {
  /** Of its run directory: what it differs in, and the beginning of `inputs` */
  readonly name: string
  readonly choices: Point
  /** [factor] in SI; null for words */
  readonly values: readonly (number | null)[]
  readonly twin: string
  readonly scenario: string
  readonly set: readonly string[]
  /** SHA-256 of everything that decides about the result */
  readonly inputs: string
  /** The most time that the scenario lets pass [s] */
  readonly modelTime: number
}

/** Something that varies from run to run. */
export interface SweepFactor {
  readonly path: string
  /** Coherent SI unit, "" for plain numbers and for words */
  readonly unit: string
  readonly isLogarithmic: boolean
}

/** The runs of a sweep before they are checked. */
export interface SweepInputs {
  readonly factors: readonly { readonly path: string; readonly isLogarithmic: boolean }[]
  readonly points: readonly UncheckedPoint[]
}

export type UncheckedPoint = Pick<SweepPoint, "choices" | "twin" | "scenario" | "set">

/**
 * The runs of a design.
 * @param twin file of the points that choose none; likewise the scenario
 * @param set  `path=value` for all points; a point's own values come after them
 */
export const sweepInputs = (
  design: Design,
  twin: string | undefined,
  scenario: string | undefined,
  set: readonly string[],
): Effect.Effect<SweepInputs, SweepInvalid> => {
  const points = pointsOf(design)
  const ranges = design.kind === "latin-hypercube" ? design.factors : []
  const isLogarithmic = (path: string): boolean =>
    ranges.some(({ path: name, values }) => name === path && values.kind === "range" && values.isLogarithmic)
  const made: UncheckedPoint[] = []
  for (const [index, choices] of points.entries()) {
    const fileOf = (kind: "twin" | "scenario", file: string | undefined): string | undefined =>
      choices.find(({ path }) => path === kind)?.text ?? file
    const [twinFile, scenarioFile] = [fileOf("twin", twin), fileOf("scenario", scenario)]
    if (twinFile === undefined || scenarioFile === undefined) {
      const expected = `a ${twinFile === undefined ? "twin" : "scenario"}, from the command line, the sweep's file or the point`
      const problem = { file: `point ${index + 1} of ${points.length}`, path: "", expected, found: "nothing" }
      return Effect.fail(new SweepInvalid({ problems: [problem] }))
    }
    const own = choices.filter(({ path }) => !isFileFactor(path)).map(({ path, text }) => `${path}=${text}`)
    // Absolute, so that the sweep can go on from anywhere.
    made.push({ choices, twin: resolve(twinFile), scenario: resolve(scenarioFile), set: [...set, ...own] })
  }
  const factors = pathsOf(points).map((path) => ({ path, isLogarithmic: isLogarithmic(path) }))
  return Effect.succeed({ factors, points: made })
}

const digest = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex")

/** Words about a value; they do not change a result. */
const remarks = ["source", "note", "description"]

/** What counts of decoded values: numbers in SI, however they were written. */
const essence = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) => {
    if (remarks.includes(key)) return undefined
    if (isQuantity(inner)) return inner.value
    return inner instanceof Float64Array ? [...inner] : inner
  })

/** The value of a path as it is used, in SI; null for words and where nothing stands there. */
const valueAt = Effect.fnUntraced(function* (path: string, { twin }: LoadedTwin, { scenario }: LoadedScenario) {
  if (isFileFactor(path)) return { value: null, unit: "" }
  const plain = path.replace(/^(twin|scenario)\./, "")
  const setting = yield* Effect.orElseSucceed(readSetting(`${plain}=0`), () => undefined)
  const name = setting === undefined ? plain : pathText(setting.path)
  const row = [...parameterRows(twin), ...parameterRows(scenario)].find((candidate) => candidate.path === name)
  return typeof row?.value === "number" ? { value: row.value, unit: row.unit } : { value: null, unit: "" }
})

const word = (text: string): string =>
  text
    .replaceAll(/[^A-Za-z0-9.+-]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "")
    .slice(0, 24)

/** "strength-200-MPa_repeat-3": for people; the hash behind it tells runs apart. */
const nameOf = (choices: Point, inputs: string): string => {
  const parts = choices.map(({ path, text }) =>
    isFileFactor(path)
      ? word(basename(text).replace(/\.(ya?ml|json)$/, ""))
      : `${word(path.split(".").findLast((key) => key !== "value") ?? path)}-${word(text)}`,
  )
  return `${parts.join("_").slice(0, 60)}-${inputs.slice(0, 8)}`
}

/** Everything that has been built, so that points with one geometry share one mesh. */
const builder = (tomogram: string | undefined, onStage: (text: string) => Effect.Effect<void>) => {
  const built = new Map<string, string>()
  return Effect.fnUntraced(function* (twin: LoadedTwin): Effect.fn.Return<string, BuildError> {
    const { geometry, mesh } = twin.twin
    const key = essence([geometry, mesh, geometry.kind === "tomogram" || geometry.kind === "volume" ? twin.file : ""])
    const known = built.get(key)
    if (known !== undefined) return known
    const { tomogram: file } = yield* buildTwin(twin, tomogram, onStage)
    const image = file === null ? "" : digest(readFileSync(file))
    built.set(key, image)
    return image
  })
}

const choiceText = (choices: readonly Choice[]): string => choices.map(({ path, text }) => `${path}=${text}`).join(", ")

/** A problem with the point that has it, and with the value that is to blame where it is known. */
const placed = ({ file, ...problem }: Problem, label: string, own: Point): Problem => {
  const chosen = own.find(({ path, text }) => file === `--set ${path}=${text}`)
  const place = chosen === undefined ? `${choiceText(own)}: ${file}` : choiceText([chosen])
  return { ...problem, file: `${label}, ${place}` }
}

/** So many problems are told at once. */
const mostProblems = 8

/** The problems of all points; what is wrong with every point is told once and as it stands. */
const gathered = (
  wrong: readonly { readonly index: number; readonly problems: readonly Problem[] }[],
  points: readonly UncheckedPoint[],
): SweepInvalid => {
  const counts = new Map<string, number>()
  for (const text of wrong.flatMap(({ problems }) => problems.map(problemText))) {
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const shared = new Set<string>()
  const told = wrong.flatMap(({ index, problems }) =>
    problems.flatMap((problem): Problem[] => {
      const text = problemText(problem)
      const { choices } = points[index]
      const isOwn = choices.some((choice) => problem.file === `--set ${choice.path}=${choice.text}`)
      if (isOwn || counts.get(text) !== points.length) {
        return [placed(problem, `point ${index + 1} of ${points.length}`, choices)]
      }
      if (shared.has(text)) return []
      shared.add(text)
      return [problem]
    }),
  )
  const [first, ...rest] = told.slice(0, mostProblems)
  return new SweepInvalid({ problems: [first, ...rest] })
}

/** Points of equal inputs would be one run. */
const repeated = (points: readonly SweepPoint[]): Problem[] =>
  points.flatMap((point, index) => {
    const before = points.findIndex(({ inputs }) => inputs === point.inputs)
    if (before === index) return []
    return [
      {
        file: `point ${index + 1} of ${points.length}, ${choiceText(point.choices)}`,
        path: "",
        expected: "points that differ in what they mean",
        found: `the same as point ${before + 1}, ${choiceText(points[before].choices)}`,
      },
    ]
  })

/**
 * Reads twin and scenario of every point, with units, laws and paths, and builds each geometry once: a point that cannot
 * be run is found before any run has begun.
 * @param onStage is told what is being done
 */
export const checkedPoints = Effect.fn("checkedPoints")(function* (
  { factors, points }: SweepInputs,
  tomogram: string | undefined,
  onStage: (text: string) => Effect.Effect<void>,
): Effect.fn.Return<
  { readonly factors: readonly SweepFactor[]; readonly points: readonly SweepPoint[] },
  SweepInvalid | FileUnreadable | BuildError
> {
  const wrong: { readonly index: number; readonly problems: readonly Problem[] }[] = []
  const units = new Map<string, string>()
  const checked: SweepPoint[] = []
  const build = builder(tomogram, onStage)
  const checkedPoint = Effect.fnUntraced(function* (point: UncheckedPoint) {
    const settings = yield* splitSettings(point.set)
    const twin = yield* loadTwin(point.twin, settings.twin)
    const scenario = yield* loadScenario(point.scenario, settings.scenario)
    const image = yield* build(twin)
    const values: (number | null)[] = []
    for (const { path } of factors) {
      const { value, unit } = yield* valueAt(path, twin, scenario)
      if (value !== null) units.set(path, unit)
      values.push(value)
    }
    const inputs = digest(essence([twin.twin, scenario.protocol, scenario.record, image]))
    const modelTime = scenario.protocol.steps.reduce((sum, { duration }) => sum + duration, 0)
    return { ...point, name: nameOf(point.choices, inputs), values, inputs, modelTime }
  })
  yield* onStage(`checking ${points.length} points`)
  for (const [index, point] of points.entries()) {
    const invalid = ({ problems }: { readonly problems: readonly Problem[] }) =>
      Effect.sync(() => void wrong.push({ index, problems }))
    const result = yield* checkedPoint(point).pipe(
      Effect.catchTag("TwinInvalid", invalid),
      Effect.catchTag("ScenarioInvalid", invalid),
    )
    if (result !== undefined) checked.push(result)
  }
  if (wrong.length > 0) return yield* gathered(wrong, points)
  const [first, ...rest] = repeated(checked)
  if (first !== undefined) return yield* new SweepInvalid({ problems: [first, ...rest.slice(0, mostProblems - 1)] })
  return { factors: factors.map((factor) => ({ ...factor, unit: units.get(factor.path) ?? "" })), points: checked }
})
