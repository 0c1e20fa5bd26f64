import { dirname, resolve } from "node:path"
import { Effect, Schema } from "effect"
import { type Document, readDocument } from "../document.ts"
import { type FileUnreadable, SweepInvalid } from "../errors.ts"
import { type Fault, faultsOf, locate } from "../problem.ts"
import { type Choice, type Design, designFaults } from "./design.ts"
import { type Factor, type FactorLevels, isFileFactor, levelText, rangeOf } from "./factor.ts"
import { Sweep } from "./schema.ts"

/** What a sweep runs, before its points are checked. */
export interface SweepPlan {
  readonly description: string
  /** The twin of points that choose none; undefined where all must */
  readonly twin: string | undefined
  readonly scenario: string | undefined
  /** `path=value` for all points */
  readonly set: readonly string[]
  readonly design: Design
}

const decodeSweep = Schema.decodeUnknownEffect(Sweep, { errors: "all", onExcessProperty: "error", reportInput: true })

const invalid = (document: Document, faults: readonly Fault[]): Effect.Effect<never, SweepInvalid> =>
  Effect.fail(new SweepInvalid({ problems: locate(faults, document.place) }))

const isFactor = (value: Factor | Fault): value is Factor => "values" in value

type VariedValues = Extract<Sweep["design"], { kind: "latin-hypercube" }>["vary"][string]

/** A design as its file means it; `place` finds files beside it. */
const designIn = ({ design }: Sweep, place: (file: string) => string): Design | readonly Fault[] => {
  const textOf = (path: string, value: unknown): string => {
    const text = levelText(value)
    return isFileFactor(path) ? place(text) : text
  }
  const levelsOf = (path: string, values: readonly unknown[]): FactorLevels => ({
    kind: "levels",
    levels: values.map((value) => textOf(path, value)),
  })
  if (design.kind === "list") {
    return {
      kind: "list",
      points: design.points.map((point) =>
        Object.entries(point).map(([path, value]): Choice => ({ path, text: textOf(path, value) })),
      ),
    }
  }
  const factors = Object.entries(design.vary).map(([path, values]: [string, VariedValues]): Factor | Fault => {
    if (!("from" in values)) return { path, values: levelsOf(path, values) }
    const range = rangeOf(String(values.from), String(values.to), values.spacing === "logarithmic")
    return "expected" in range ? { path: ["design", "vary", path], ...range } : { path, values: range }
  })
  const faults = factors.filter((factor): factor is Fault => !isFactor(factor))
  if (faults.length > 0) return faults
  const sound = factors.filter(isFactor)
  return design.kind === "grid"
    ? { kind: "grid", factors: sound }
    : { kind: "latin-hypercube", factors: sound, samples: design.samples, seed: design.seed ?? defaultSeed }
}

/** Seed of a Latin hypercube that names none. */
export const defaultSeed = 1

/** Reads a sweep's file; files that it names are found from its folder. */
export const loadSweep = Effect.fn("loadSweep")(function* (
  file: string,
): Effect.fn.Return<SweepPlan, FileUnreadable | SweepInvalid> {
  const document = yield* readDocument(file).pipe(
    Effect.catchTag("Malformed", ({ problem }) => Effect.fail(new SweepInvalid({ problems: [problem] }))),
  )
  const sweep = yield* decodeSweep(document.data).pipe(
    Effect.catchTag("SchemaError", ({ issue }) => invalid(document, faultsOf(issue))),
  )
  const place = (name: string): string => resolve(dirname(file), name)
  const design = designIn(sweep, place)
  if (!("kind" in design)) return yield* invalid(document, design)
  const faults = designFaults(design)
  if (faults.length > 0) return yield* invalid(document, faults)
  return {
    description: sweep.description ?? "",
    twin: sweep.twin === undefined ? undefined : place(sweep.twin),
    scenario: sweep.scenario === undefined ? undefined : place(sweep.scenario),
    set: Object.entries(sweep.set ?? {}).map(([path, value]) => `${path}=${levelText(value)}`),
    design,
  }
})
