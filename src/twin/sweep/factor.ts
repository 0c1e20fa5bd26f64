import { parseDocument } from "yaml"
import { valueText } from "../problem.ts"
import { numberAndUnitOf, type QuantityFault } from "../quantity.ts"

/** Values between two ends. */
export interface FactorRange {
  readonly kind: "range"
  readonly from: number
  readonly to: number
  /** As written; "" for plain numbers */
  readonly unit: string
  /** Whether ratios count alike, not differences */
  readonly isLogarithmic: boolean
}

/** Values as `--set` takes them, or names of files. */
export interface FactorLevels {
  readonly kind: "levels"
  readonly levels: readonly string[]
}

/** One thing that a sweep varies. */
export interface Factor {
  /** As `--set` takes it; "twin" and "scenario" stand for whole files */
  readonly path: string
  readonly values: FactorLevels | FactorRange
}

/** Whether a factor's values are whole files. */
export const isFileFactor = (path: string): path is "twin" | "scenario" => path === "twin" || path === "scenario"

/** Parts of a text between commas that stand in no bracket and in no quotes. */
const listed = (text: string): string[] => {
  const parts = [""]
  let depth = 0
  let quote = ""
  for (const character of text) {
    if (quote !== "") quote = character === quote ? "" : quote
    else if (character === '"' || character === "'") quote = character
    else if ("[{".includes(character)) depth++
    else if ("]}".includes(character)) depth--
    if (character === "," && depth === 0 && quote === "") parts.push("")
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim())
}

/** The range between two written quantities, or what is wrong with it. A unit that one end lacks is the other's. */
export const rangeOf = (from: string, to: string, isLogarithmic: boolean): FactorRange | QuantityFault => {
  const written = JSON.stringify(`${from}..${to}`)
  const [low, high] = [numberAndUnitOf(from), numberAndUnitOf(to)]
  if (low === undefined || high === undefined) return { expected: "numbers at both ends of a range", found: written }
  const unit = low.unit === "" ? high.unit : low.unit
  if (high.unit !== "" && high.unit !== unit) return { expected: "both ends of a range in one unit", found: written }
  if (!(low.number < high.number)) return { expected: "a range that rises", found: written }
  if (isLogarithmic && !(low.number > 0)) {
    return { expected: "a range above 0 where its spacing is logarithmic", found: written }
  }
  return { kind: "range", from: low.number, to: high.number, unit, isLogarithmic }
}

const range = /^(.*?\d.*?)\.\.\s*([+-]?\.?\d.*?)(\s+log)?$/s

/**
 * Reads `path=a,b,c`, or `path=low..high` with ` log` behind it for logarithmic spacing. Commas in brackets or quotes
 * belong to a value.
 */
export const readFactor = (text: string): Factor | QuantityFault => {
  const split = text.indexOf("=")
  const path = text.slice(0, Math.max(0, split)).trim()
  if (path === "") {
    return {
      expected: "path=values, such as materials.interface.cohesion.strength=200 MPa,300 MPa",
      found: JSON.stringify(text),
    }
  }
  const levels = listed(text.slice(split + 1))
  const ends = levels.length === 1 && !isFileFactor(path) ? range.exec(levels[0]) : null
  if (ends !== null) {
    const values = rangeOf(ends[1].trim(), ends[2].trim(), ends[3] !== undefined)
    return "expected" in values ? values : { path, values }
  }
  if (levels.includes("")) return { expected: "a value before and after each comma", found: JSON.stringify(text) }
  return { path, values: { kind: "levels", levels } }
}

/** A value of a file as `--set` would be given it. */
export const levelText = (value: unknown): string => {
  const plain = typeof value === "string" ? value : JSON.stringify(value)
  if (typeof value !== "string") return plain
  const document = parseDocument(plain, { prettyErrors: false })
  return document.errors.length === 0 && document.toJS({ maxAliasCount: 0 }) === value ? plain : JSON.stringify(value)
}

/** What is wrong with the levels of a factor, if anything. */
export const levelsFault = ({ levels }: FactorLevels): QuantityFault | undefined => {
  const twice = levels.find((level, index) => levels.indexOf(level) !== index)
  return twice === undefined ? undefined : { expected: "values that differ", found: `${valueText(twice)} twice` }
}
