import { dirname, resolve } from "node:path"
import { Effect } from "effect"
import type { LawCurve, LawTable } from "../laws/law-entry.ts"
import { type Document, readText } from "./document.ts"
import type { FileUnreadable } from "./errors.ts"
import type { CurveSource } from "./law.ts"
import { isMapping } from "./layers.ts"
import { type QuantityFault, readQuantity } from "./quantity.ts"

const wrong = (expected: string, found: string): Effect.Effect<never, QuantityFault> => Effect.fail({ expected, found })

const parseRows = (file: string, text: string): Effect.Effect<readonly (readonly number[])[], QuantityFault> => {
  const rows: number[][] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const trimmed = line.trim()
    if (trimmed === "" || trimmed.startsWith("#")) continue
    const numbers = trimmed
      .split(/[,;\t]|\s+/)
      .filter((cell) => cell !== "")
      .map(Number)
    // A first line of column names.
    if (rows.length === 0 && numbers.every(Number.isNaN)) continue
    if (numbers.length !== 2 || !numbers.every(Number.isFinite)) {
      return wrong(`two numbers in line ${index + 1} of ${file}`, JSON.stringify(trimmed))
    }
    rows.push(numbers)
  }
  return Effect.succeed(rows)
}

/**
 * Points of a curve in SI.
 * @param written with its points; those of a file have been read by `withCurvePoints`
 */
export const readCurve = Effect.fn("readCurve")(function* (
  written: CurveSource,
  { argument, value }: LawTable,
): Effect.fn.Return<LawCurve, QuantityFault> {
  if (written.kind === "file") return yield* wrong("points", `the file ${written.file}, which was not read`)
  const { points } = written
  if (points.length < 2) return yield* wrong("at least two points", `${points.length}`)
  const [argumentUnit, valueUnit] = written.units ?? [argument.dimension, value.dimension]
  const factor = (unit: string, dimension: string) =>
    unit === dimension ? Effect.succeed(1) : readQuantity(`1 ${unit}`, dimension)
  const argumentFactor = yield* factor(argumentUnit, argument.dimension)
  const valueFactor = yield* factor(valueUnit, value.dimension)
  const curve: LawCurve = {
    argument: Float64Array.from(points, ([x]) => x * argumentFactor),
    value: Float64Array.from(points, ([, y]) => y * valueFactor),
  }
  const fall = curve.argument.findIndex((x, index) => index > 0 && !(x > curve.argument[index - 1]))
  if (fall > 0) {
    return yield* wrong("arguments that increase", `${curve.argument[fall]} after ${curve.argument[fall - 1]}`)
  }
  return curve
})

/** Files that were read, for the record. */
export interface ReadFile {
  readonly file: string
  readonly text: string
}

const isCurveFile = (value: unknown): value is { readonly kind: "file"; readonly file: string } =>
  isMapping(value) && value.kind === "file" && typeof value.file === "string"

/**
 * The document with the points of its curves in the place of the files that hold them, so that it stands alone.
 * A file is sought beside the one that names it.
 */
export const withCurvePoints = Effect.fn("withCurvePoints")(function* (
  document: Document,
): Effect.fn.Return<
  { readonly document: Document; readonly files: readonly ReadFile[] },
  FileUnreadable | { readonly path: readonly PropertyKey[]; readonly fault: QuantityFault }
> {
  const files: ReadFile[] = []
  const filled: (
    value: unknown,
    path: readonly PropertyKey[],
  ) => Effect.Effect<
    unknown,
    FileUnreadable | { readonly path: readonly PropertyKey[]; readonly fault: QuantityFault }
  > = Effect.fnUntraced(function* (value, path) {
    if (isCurveFile(value)) {
      const file = resolve(dirname(document.place(path).file), value.file)
      const text = yield* readText(file)
      files.push({ file, text })
      const points = yield* Effect.mapError(parseRows(value.file, text), (fault) => ({ path, fault }))
      const { file: _, ...rest } = value
      return { source: value.file, ...rest, kind: "points", points }
    }
    if (!isMapping(value)) return value
    const entries: [string, unknown][] = []
    for (const [key, inner] of Object.entries(value)) entries.push([key, yield* filled(inner, [...path, key])])
    return Object.fromEntries(entries)
  })
  return { document: { ...document, data: yield* filled(document.data, []) }, files }
})
