import { colourAt, distinctParticles, hex, particleColours, viridis } from "./colour.ts"
import { readableUnit } from "./histograms.ts"
import { significant } from "./number.ts"
import { extent } from "./series.ts"
import type { SweepReportFactor, SweepReportInput } from "./sweep-input.ts"
import { literal } from "./text.ts"

/** A factor as the page of a sweep shows it. */
export interface ShownFactor {
  /** Mark-up, without the unit */
  readonly name: string
  /** For reading; "" for none */
  readonly unit: string
  /** [run] in that unit; NaN for words */
  readonly values: Float64Array
  /** [run] mark-up of the value with its unit */
  readonly texts: readonly string[]
  /** [run] the same without the words that all values begin and end with */
  readonly shortTexts: readonly string[]
  /** Different texts, in the order of the values or of the design */
  readonly levels: readonly string[]
  /** Numbers that differ, so that they can stand on an axis */
  readonly isNumeric: boolean
  readonly isLogarithmic: boolean
  /** [run] */
  readonly colours: readonly string[]
}

/** Ratio of values from which on a logarithmic axis shows them better */
const wide = 50

/** Words that all lists begin with; of each list one word is left over. */
const sharedCount = (lists: readonly (readonly string[])[]): number => {
  let count = 0
  while (lists.every((words) => count < words.length - 1 && words[count] === lists[0][count])) count++
  return count
}

/** Long texts without the words that they all begin and end with: "5C for 432" of two steps that charge otherwise. */
const shortened = (texts: readonly string[]): ReadonlyMap<string, string> => {
  const different = [...new Set(texts)]
  const lists = different.map((text) => text.split(" "))
  const from = different.length > 1 ? sharedCount(lists) : 0
  const rest = lists.map((words) => words.slice(from).toReversed())
  const until = different.length > 1 ? sharedCount(rest) : 0
  const isLong = different.some((text) => text.length > longText)
  const short = (words: readonly string[]): string => words.slice(until).toReversed().join(" ")
  return new Map(different.map((text, index) => [text, isLong ? short(rest[index]) : text]))
}

/** Letters from which on a text is too long for small plots */
const longText = 16

/** Name of a file without its folder and ending. */
const fileName = (text: string): string => (text.split(/[\\/]/).at(-1) ?? text).replace(/\.(ya?ml|json)$/, "")

/** The last keys of a path that tell it from the other paths. */
const shortName = (path: string, others: readonly string[]): string => {
  const keys = path.replace(/\.value$/, "").split(".")
  for (let count = Math.min(2, keys.length); count < keys.length; count++) {
    const name = keys.slice(-count).join(".")
    if (!others.some((other) => other !== path && other.replace(/\.value$/, "").endsWith(name))) return name
  }
  return keys.join(".")
}

const numberAndUnit = /^\s*([+-]?[\d.]+(?:e[+-]?\d+)?)\s*(.*?)\s*$/i

/** Values in the unit that all of them are written in; undefined where they are not written alike. */
const asWritten = (texts: readonly string[]): { readonly unit: string; readonly values: Float64Array } | undefined => {
  const parts = texts.map((text) => numberAndUnit.exec(text))
  const units = new Set(parts.map((part) => part?.[2]))
  const [unit] = units
  if (units.size !== 1 || unit === undefined) return undefined
  const values = Float64Array.from(parts, (part) => Number(part?.[1]))
  return values.every(Number.isFinite) ? { unit, values } : undefined
}

/** Place of a value between the ends, 0 … 1. */
const placeOf = (value: number, [low, high]: readonly [number, number], isLogarithmic: boolean): number =>
  isLogarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)

const shown = (factor: SweepReportFactor, index: number, { factors, runs }: SweepReportInput): ShownFactor => {
  const si = Float64Array.from(runs, ({ values }) => values[index])
  const written = asWritten(runs.map(({ texts }) => texts[index]))
  const readable = readableUnit(factor.unit, si)
  // Words that happen to begin with a number have no value in SI.
  const isWritten = written !== undefined && si.every(Number.isFinite)
  const unit = isWritten ? written.unit : readable.unit
  const values = isWritten ? written.values : si.map((value) => value * readable.factor)
  const isFile = factor.path === "twin" || factor.path === "scenario"
  const texts = runs.map(({ texts: typed }, run) => {
    if (Number.isFinite(values[run])) return `${significant(values[run], 4)}${unit === "" ? "" : ` ${unit}`}`
    return literal(isFile ? fileName(typed[index]) : typed[index] === "" ? "as in the twin" : typed[index])
  })
  const ends = extent([values])
  const isNumeric = ends !== null && ends[1] > ends[0] && values.every(Number.isFinite)
  const isLogarithmic = isNumeric && ends[0] > 0 && (factor.isLogarithmic || ends[1] / ends[0] >= wide)
  const order = [...runs.keys()].sort((a, b) => (isNumeric ? values[a] - values[b] : a - b))
  const levels = [...new Set(order.map((run) => texts[run]))]
  const palette = isNumeric || levels.length > distinctParticles ? undefined : particleColours(levels.length, null)
  const colours = runs.map((_, run) => {
    const level = levels.indexOf(texts[run])
    if (palette !== undefined) return palette[level]
    const place = isNumeric ? placeOf(values[run], ends, isLogarithmic) : level / Math.max(1, levels.length - 1)
    // The yellow end is too pale for lines on white.
    return hex(colourAt(viridis, 0.9 * place))
  })
  const name = literal(
    shortName(
      factor.path,
      factors.map(({ path }) => path),
    ),
  )
  const short = shortened(texts)
  const shortTexts = texts.map((text) => short.get(text) ?? text)
  return { name, unit, values, texts, shortTexts, levels, isNumeric, isLogarithmic, colours }
}

/** All factors of a sweep, ready to be shown. */
export const shownFactors = (input: SweepReportInput): readonly ShownFactor[] =>
  input.factors.map((factor, index) => shown(factor, index, input))

/** Name with its unit, for axes and headings. */
export const titleOf = ({ name, unit }: ShownFactor): string => (unit === "" ? name : `${name} (${unit})`)
