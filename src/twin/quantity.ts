import { Effect, Schema, SchemaGetter, SchemaIssue } from "effect"
import type { Unit } from "mathjs"
import { dimensions } from "./dimension.ts"
import { suggestion } from "./suggestion.ts"

/** A number in the coherent SI unit it was asked for, and where it came from. */
export interface Quantity {
  /** [unit] */
  readonly value: number
  /** Coherent SI unit, "" for a plain number */
  readonly unit: string
  /** As the user wrote it */
  readonly text: string
  readonly source?: string
  readonly note?: string
}

/** Bounds a quantity must keep, in its SI unit. */
export interface Range {
  readonly above?: number
  readonly from?: number
  readonly below?: number
  readonly to?: number
}

export const positive: Range = { above: 0 }
export const nonNegative: Range = { from: 0 }
export const share: Range = { from: 0, to: 1 }

/** Makes a unit from text. */
type UnitParser = (text: string) => Unit

let loading: Promise<UnitParser> | undefined

/**
 * Only when the first quantity is read, and in one file: mathjs as modules takes five times as long to import. Of all
 * that is in it nothing but the maker of units is used; its expression evaluator never sees text.
 */
const loadUnits = (): Promise<UnitParser> => {
  loading ??= import("mathjs/lib/browser/math.js").then(
    ({ default: { unit } }) =>
      (text: string) =>
        unit(text),
  )
  return loading
}

const numberAndUnit = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$/s

/** A written quantity as its number and its unit, "" for none; undefined where no number comes first. */
export const numberAndUnitOf = (text: string): { readonly number: number; readonly unit: string } | undefined => {
  const match = numberAndUnit.exec(text)
  return match === null ? undefined : { number: Number(match[1]), unit: match[2] }
}

/** Signs people type that mathjs does not know. */
const spelled = (unit: string): string =>
  unit
    .replaceAll(/[µμ]/g, "u")
    .replaceAll("Ω", "ohm")
    .replaceAll("°C", "degC")
    .replaceAll("°", "deg")
    .replaceAll("²", "^2")
    .replaceAll("³", "^3")
    .replaceAll("·", " ")
    .replaceAll(/\b(m|um|nm|mm|cm|s|kg|g|mol|K)([23])\b/g, "$1^$2")
    .replace(/^1\s*\/\s*([A-Za-z]+)$/, "$1^-1")
    .replace(/^1\s*\/\s*([A-Za-z]+)\^(\d)$/, "$1^-$2")

const describe = (unit: string): { name: string; example: string } =>
  dimensions[unit] ?? { name: `a quantity in ${unit}`, example: `1 ${unit}` }

/** Physical dimension of a unit without its prefix. */
const exponents = (unit: Unit): string => {
  const { dimensions: powers } = unit as unknown as { dimensions: readonly number[] }
  return powers.map((power) => Math.round(power * 1e6) / 1e6).join()
}

const nameOf = (found: Unit, parse: UnitParser): string => {
  const wanted = exponents(found)
  const known = Object.keys(dimensions).find((unit) => unit !== "" && exponents(parse(spelled(unit))) === wanted)
  if (known !== undefined) return `${dimensions[known].name} (${known})`
  return `a quantity in ${found.toSI().formatUnits()}`
}

/**
 * number × factor without the rounding of the product where the factor is a power of ten: 10 um is 1e-5 m,
 * not 9.999999999999999e-6 m.
 */
const scaled = (number: string, factor: number): number => {
  const power = Math.round(Math.log10(factor))
  if (!(Math.abs(factor / 10 ** power - 1) < 1e-12)) return Number(number) * factor
  const [mantissa, exponent = "0"] = number.toLowerCase().split("e")
  return Number(`${mantissa}e${Number(exponent) + power}`)
}

/** What is wrong with a quantity. */
export interface QuantityFault {
  readonly expected: string
  readonly found: string
  readonly hint?: string
}

const outside = (value: number, { above, from, below, to }: Range): string | undefined => {
  if (above !== undefined && !(value > above)) return `above ${above}`
  if (from !== undefined && !(value >= from)) return `of at least ${from}`
  if (below !== undefined && !(value < below)) return `below ${below}`
  if (to !== undefined && !(value <= to)) return `of at most ${to}`
  return undefined
}

const rangeText = ({ above, from, below, to }: Range): string =>
  [
    above === undefined ? "" : ` > ${above}`,
    from === undefined ? "" : ` ≥ ${from}`,
    below === undefined ? "" : ` < ${below}`,
    to === undefined ? "" : ` ≤ ${to}`,
  ].join("")

const measure = (text: string, unit: string, parse: UnitParser): number | QuantityFault => {
  const { name, example } = describe(unit)
  const expected = `${name}${unit === "" ? "" : ` (${unit})`}, such as ${example}`
  const quoted = JSON.stringify(text)
  const match = numberAndUnit.exec(text)
  if (match === null) return { expected, found: `${quoted}, which does not start with a number` }
  const [, number, written] = match
  if (unit === "" && written === "%") return scaled(number, 0.01)
  if (written === "") {
    return unit === "" ? Number(number) : { expected, found: `${quoted}, a plain number without a unit` }
  }
  let found: Unit
  try {
    found = parse(spelled(written))
    // 8m alone is a length, but 398 8m is none.
    parse(`1 ${spelled(written)}`)
  } catch (cause) {
    const unknown = cause instanceof Error ? /Unit "(.*)" not found/.exec(cause.message)?.[1] : undefined
    if (unknown === undefined) return { expected, found: `${quoted}, whose unit cannot be read` }
    const hint = suggestion(unknown, ["um", "nm", "mm", "m", "s", "min", "h", "Pa", "MPa", "GPa", "ohm", "mol", "mAh"])
    return { expected, found: `${quoted}, whose unit "${unknown}" is unknown`, ...(hint === undefined ? {} : { hint }) }
  }
  if (unit === "" || exponents(found) !== exponents(parse(spelled(unit)))) {
    return { expected, found: `${quoted}, ${nameOf(found, parse)}` }
  }
  // degC has an offset, so it is converted as a whole.
  const offset = /deg[CFR]/.test(written) || written.includes("°C")
  const coherent = offset
    ? parse(`${number} ${spelled(written)}`)
        .toSI()
        .toNumber("K")
    : undefined
  return coherent ?? scaled(number, parse(`1 ${spelled(written)}`).toNumber(spelled(unit)))
}

/** The SI value of `text`, or what is wrong with it. */
export const readQuantity = (text: string, unit: string, range: Range = {}): Effect.Effect<number, QuantityFault> =>
  Effect.flatMap(
    Effect.promise(() => loadUnits()),
    (parse) => {
      const value = measure(text, unit, parse)
      if (typeof value !== "number") return Effect.fail(value)
      const { name } = describe(unit)
      if (!Number.isFinite(value))
        return Effect.fail({ expected: `${name} that is finite`, found: JSON.stringify(text) })
      const bound = outside(value, range)
      if (bound === undefined) return Effect.succeed(value)
      return Effect.fail({ expected: `${name} ${bound}${unit === "" ? "" : ` ${unit}`}`, found: JSON.stringify(text) })
    },
  )

/** An issue that carries its expectation apart from what was found, for the message. */
export const faultIssue = (fault: QuantityFault, input: unknown): SchemaIssue.InvalidValue =>
  new SchemaIssue.InvalidValue({ message: `expected ${fault.expected}; found ${fault.found}`, fault }, input, {
    reportInput: true,
  })

const Plain = Schema.Union([Schema.String, Schema.Finite])

/** A quantity as written: text with its unit, a plain number, or either with its source. */
const Written = Schema.Union([
  Plain,
  Schema.Struct({
    value: Plain,
    source: Schema.optionalKey(Schema.String),
    note: Schema.optionalKey(Schema.String),
  }),
])

/** Whether a decoded value is a quantity; used when the parameters of a twin are listed. */
export const isQuantity = (input: unknown): input is Quantity =>
  typeof input === "object" && input !== null && "value" in input && "unit" in input && "text" in input

const rangeName = ({ above, from, below, to }: Range): string =>
  [
    above === undefined ? "" : `-above-${above}`,
    from === undefined ? "" : `-from-${from}`,
    below === undefined ? "" : `-below-${below}`,
    to === undefined ? "" : `-to-${to}`,
  ].join("")

const makeQuantity = (unit: string, range: Range) => {
  const { name, example } = describe(unit)
  const noun = name.replace(/^an? /, "")
  return Written.annotate({
    identifier: noun.replaceAll(/[^A-Za-z0-9]+/g, "-") + rangeName(range),
    description: `${noun}${unit === "" ? "" : ` [${unit}]`}${rangeText(range)}, such as ${example}`,
    examples: unit === "" ? [Number(example)] : [example],
  }).pipe(
    Schema.decodeTo(Schema.declare(isQuantity), {
      decode: SchemaGetter.transformEffect((written: typeof Written.Type) => {
        const { value, ...provenance } = typeof written === "object" ? written : { value: written }
        const text = String(value)
        return readQuantity(text, unit, range).pipe(
          Effect.map((si): Quantity => ({ value: si, unit, text, ...provenance })),
          Effect.mapError((fault) => faultIssue(fault, written)),
        )
      }),
      encode: SchemaGetter.transform(({ text, source, note }: Quantity) =>
        source === undefined && note === undefined
          ? text
          : { value: text, ...(source === undefined ? {} : { source }), ...(note === undefined ? {} : { note }) },
      ),
    }),
  )
}

const made = new Map<string, ReturnType<typeof makeQuantity>>()

/**
 * Schema of a quantity: `10 um`, `{ value: 300 MPa, source: "…" }`; decodes to the SI value with its source.
 * @param unit  coherent SI unit, "" for a plain number
 * @param range bounds in that unit
 */
export const Quantity = (unit: string, range: Range = {}): ReturnType<typeof makeQuantity> => {
  const key = unit + rangeName(range)
  const schema = made.get(key) ?? makeQuantity(unit, range)
  made.set(key, schema)
  return schema
}
