import { dirname, resolve } from "node:path"
import { Effect } from "effect"
import type { LawCurve, LawTable } from "../laws/law-entry.ts"
import { readText } from "./document.ts"
import type { FileUnreadable } from "./errors.ts"
import type { CurveSource } from "./law.ts"
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
 * @param from the file that names the curve; a file of points is sought beside it
 */
export const readCurve = Effect.fn("readCurve")(function* (
  written: CurveSource,
  { argument, value }: LawTable,
  from: string,
): Effect.fn.Return<LawCurve, FileUnreadable | QuantityFault> {
  const rows =
    written.kind === "points"
      ? written.points
      : yield* parseRows(written.file, yield* readText(resolve(dirname(from), written.file)))
  if (rows.length < 2) return yield* wrong("at least two points", `${rows.length}`)
  const [argumentUnit, valueUnit] = written.units ?? [argument.dimension, value.dimension]
  const factor = (unit: string, dimension: string) =>
    unit === dimension ? Effect.succeed(1) : readQuantity(`1 ${unit}`, dimension)
  const argumentFactor = yield* factor(argumentUnit, argument.dimension)
  const valueFactor = yield* factor(valueUnit, value.dimension)
  const curve: LawCurve = {
    argument: Float64Array.from(rows, ([x]) => x * argumentFactor),
    value: Float64Array.from(rows, ([, y]) => y * valueFactor),
  }
  const fall = curve.argument.findIndex((x, index) => index > 0 && !(x > curve.argument[index - 1]))
  if (fall > 0) {
    return yield* wrong("arguments that increase", `${curve.argument[fall]} after ${curve.argument[fall - 1]}`)
  }
  return curve
})
