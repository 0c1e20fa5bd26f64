import { Effect, Schema, SchemaGetter } from "effect"
import type { Constraint, LawContext, LawCurve, LawEntry, LawFamily } from "../laws/law-entry.ts"
import { isQuantity, nonNegative, positive, Quantity, type Range, share } from "./quantity.ts"

/** A curve as written: points in the SI units of its columns (or the units given), or a file of such points. */
const CurveSource = Schema.Union([
  Schema.Struct({
    kind: Schema.Literal("points"),
    points: Schema.Array(Schema.Tuple([Schema.Finite, Schema.Finite])).check(Schema.isMinLength(2)),
    units: Schema.optionalKey(Schema.Tuple([Schema.String, Schema.String])),
    source: Schema.optionalKey(Schema.String),
  }),
  Schema.Struct({
    kind: Schema.Literal("file"),
    file: Schema.NonEmptyString.annotate({ description: "CSV of two columns; lines that begin with # are skipped" }),
    units: Schema.optionalKey(Schema.Tuple([Schema.String, Schema.String])),
    source: Schema.optionalKey(Schema.String),
  }),
]).annotate({ identifier: "curve", description: "Points of a curve, arguments ascending" })
export type CurveSource = typeof CurveSource.Type

const isCurve = Schema.is(CurveSource)

/** A law chosen by name, with its parameters and curves by their names in the file. */
export interface LawChoice {
  readonly law: string
  /** Of the law itself */
  readonly source: string
  readonly parameters: Readonly<Record<string, Quantity>>
  readonly curves: Readonly<Record<string, CurveSource>>
}

/** molarVolume → molar-volume, the way names are spelled in files. */
export const fileKey = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase()

export const isLawChoice = (input: unknown): input is LawChoice =>
  typeof input === "object" && input !== null && "law" in input && "parameters" in input && "curves" in input

const ranges: Readonly<Record<Constraint, Range>> = { positive, "non-negative": nonNegative, fraction: share, any: {} }

const lawStruct = (family: string, name: string, { summary, source, parameters, tables }: LawEntry<unknown>) => {
  const numbers = Object.entries(parameters).map(([key, parameter]) => {
    const quantity = Quantity(parameter.dimension, ranges[parameter.constraint])
    const field = parameter.default === undefined ? quantity : Schema.optionalKey(quantity)
    return [fileKey(key), Schema.annotateKey({ description: parameter.description })(field)] as const
  })
  const curves = Object.entries(tables).map(([key, { argument, value, description }]) => {
    const axes = `${argument.description} [${argument.dimension}], ${value.description} [${value.dimension}]`
    return [fileKey(key), Schema.annotateKey({ description: `${description}: ${axes}` })(CurveSource)] as const
  })
  return Schema.Struct({
    law: Schema.Literal(name),
    ...Object.fromEntries(numbers),
    ...Object.fromEntries(curves),
  }).annotate({ identifier: `${family}-${name}`, description: `${summary} (${source})` })
}

const defaultsOf = ({ parameters }: LawEntry<unknown>): Record<string, Quantity> => {
  const defaults: Record<string, Quantity> = {}
  for (const [key, { dimension, default: value }] of Object.entries(parameters)) {
    if (value === undefined) continue
    const text = `${value}${dimension === "" ? "" : ` ${dimension}`}`
    defaults[fileKey(key)] = { value, unit: dimension, text, source: "default of the law" }
  }
  return defaults
}

/**
 * Schema of a law of one family: `{ law: constant, value: 2e-14 m^2/s }`. Parameters left out take the law's own
 * defaults, which are listed with the rest.
 */
export const Law = (name: string, family: LawFamily<unknown>, description: string) =>
  Schema.Union(Object.entries(family).map(([law, entry]) => lawStruct(name, law, entry)))
    .annotate({ description })
    .pipe(
      Schema.decodeTo(Schema.declare(isLawChoice), {
        decode: SchemaGetter.transformEffect((written: Readonly<Record<string, unknown>>) => {
          const law = String(written.law)
          const parameters = defaultsOf(family[law])
          const curves: Record<string, CurveSource> = {}
          for (const [key, value] of Object.entries(written)) {
            if (isQuantity(value)) parameters[key] = value
            else if (isCurve(value)) curves[key] = value
          }
          return Effect.succeed<LawChoice>({ law, source: family[law].source, parameters, curves })
        }),
        encode: SchemaGetter.transform(
          ({ law, parameters, curves }: LawChoice) => ({ law, ...parameters, ...curves }) as never,
        ),
      }),
    )

/**
 * The law as chosen, made from its numbers, its curves and the cell it is part of.
 * @param curves  read curves by their names in the file
 * @throws RangeError where the numbers do not make a law together
 */
export const createLaw = <Made>(
  family: LawFamily<Made>,
  { law, parameters }: LawChoice,
  curves: Readonly<Record<string, LawCurve>>,
  context: LawContext,
): Made => {
  const entry = family[law]
  const numbers = Object.keys(entry.parameters).map((name) => [name, parameters[fileKey(name)].value] as const)
  const tables = Object.keys(entry.tables).map((name) => [name, curves[fileKey(name)]] as const)
  return entry.create(Object.fromEntries(numbers), Object.fromEntries(tables), context)
}
