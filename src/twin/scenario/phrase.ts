import type { Control, Limit } from "../../model/protocol.ts"
import type { QuantityFault } from "../quantity.ts"
import { nearest } from "../suggestion.ts"

/** A step as its phrase states it. */
export type Phrase =
  | {
      readonly kind: "step"
      readonly control: Control
      /** Infinity when only limits end the step [s] */
      readonly duration: number
      readonly limits: readonly Limit[]
    }
  /** A drive profile, still to be read from its file. */
  | {
      readonly kind: "drive"
      readonly file: string
      /** undefined: as long as the profile [s] */
      readonly duration: number | undefined
      readonly window: { readonly lower: number; readonly upper: number } | undefined
    }

export type PhraseResult = { readonly phrase: Phrase } | { readonly fault: QuantityFault }

/** What the steps look like, for messages and for the published schema. */
export const phraseExamples = [
  "Charge at 5C until 4.5 V",
  "Discharge at C/10 for 10 hours or until 2.5 V",
  "Charge at 12 A/m2 for 20 minutes",
  "Rest for 2 minutes",
  "Hold at 4.5 V until C/20",
  "Run drive-cycle.csv for 10 minutes between 2.5 V and 4.5 V",
] as const

const number = String.raw`\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?`
const quantityPattern = new RegExp(`^(${number})\\s*(.*)$`, "i")

const secondsPerUnit: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
  day: 86400,
  days: 86400,
}
const voltsPerUnit: Readonly<Record<string, number>> = { v: 1, volt: 1, volts: 1, mv: 1e-3 }
const densityPerUnit: Readonly<Record<string, number>> = {
  "a/m2": 1,
  "a/m^2": 1,
  "a/m²": 1,
  "ma/cm2": 10,
  "ma/cm^2": 10,
  "ma/cm²": 10,
}

class PhraseFault extends Error {
  readonly expected: string
  readonly found: string
  constructor(expected: string, found: string) {
    super(`expected ${expected}; found ${found}`)
    this.expected = expected
    this.found = found
  }
}

const measure = (text: string, units: Readonly<Record<string, number>>, expected: string): number => {
  const match = quantityPattern.exec(text.trim())
  const factor = match === null ? undefined : units[match[2].toLowerCase().replaceAll(/\s+/g, "")]
  if (match === null || factor === undefined) throw new PhraseFault(expected, JSON.stringify(text.trim()))
  return Number(match[1]) * factor
}

const duration = (text: string): number => {
  const seconds = measure(text, secondsPerUnit, "a time such as 2 minutes, 432 seconds or 10 hours")
  if (!(seconds > 0)) throw new PhraseFault("a time above 0 s", JSON.stringify(text.trim()))
  return seconds
}

const voltage = (text: string): number => measure(text, voltsPerUnit, "a voltage such as 4.5 V")

/** `5C`, `0.5 C`, `C/20`, `C`; undefined where the text is no multiple of 1C. */
const rate = (text: string): number | undefined => {
  const trimmed = text.trim()
  const multiple = new RegExp(`^(${number})?\\s*C$`).exec(trimmed)
  if (multiple !== null) return multiple[1] === undefined ? 1 : Number(multiple[1])
  const fraction = new RegExp(`^(${number})?\\s*C\\s*/\\s*(${number})$`).exec(trimmed)
  return fraction === null ? undefined : Number(fraction[1] ?? 1) / Number(fraction[2])
}

const drive = (text: string, sign: 1 | -1): Control => {
  const multiple = rate(text)
  const expected = "a rate such as 5C or C/10, or a current density such as 12 A/m2"
  const control: Control =
    multiple !== undefined
      ? { kind: "c-rate", rate: sign * multiple }
      : { kind: "current", density: sign * measure(text, densityPerUnit, expected) }
  const value = control.kind === "c-rate" ? control.rate : control.density
  if (!(value * sign > 0 && Number.isFinite(value)))
    throw new PhraseFault(`${expected}, above 0`, JSON.stringify(text.trim()))
  return control
}

/** Splits `for … or until …` into its parts. */
const ends = (text: string): { duration: number; until: string | undefined } => {
  const match = /^(?:for\s+(.+?))?(?:\s*(?:\bor\s+)?\buntil\s+(.+))?$/i.exec(text.trim())
  if (match === null || (match[1] === undefined && match[2] === undefined)) {
    throw new PhraseFault(
      'an end of the step: "for 2 minutes", "until 4.5 V" or both joined by "or"',
      text.trim() === "" ? "none" : JSON.stringify(text.trim()),
    )
  }
  return { duration: match[1] === undefined ? Number.POSITIVE_INFINITY : duration(match[1]), until: match[2] }
}

/** The words after `at` up to `for`, `or` or `until`, and the rest. */
const splitAtEnds = (text: string): [string, string] => {
  const index = text.search(/\b(for|or|until)\b/i)
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index)]
}

const after = (text: string, word: string, expected: string): string => {
  const match = new RegExp(`^${word}\\s+(.*)$`, "is").exec(text.trim())
  if (match === null) throw new PhraseFault(expected, text.trim() === "" ? "nothing" : JSON.stringify(text.trim()))
  return match[1]
}

const galvanostatic = (rest: string, sign: 1 | -1): Phrase => {
  const [current, end] = splitAtEnds(after(rest, "at", '"at" and a rate, such as "at 5C"'))
  const control = drive(current, sign)
  const { duration: longest, until } = ends(end)
  const kind = sign > 0 ? "voltage-above" : "voltage-below"
  return {
    kind: "step",
    control,
    duration: longest,
    limits: until === undefined ? [] : [{ kind, voltage: voltage(until) }],
  }
}

const hold = (rest: string): Phrase => {
  const [level, end] = splitAtEnds(after(rest, "at", '"at" and a voltage, such as "at 4.5 V"'))
  const control: Control = { kind: "voltage", voltage: voltage(level) }
  const { duration: longest, until } = ends(end)
  if (until === undefined) return { kind: "step", control, duration: longest, limits: [] }
  const multiple = rate(until)
  if (multiple === undefined || !(multiple > 0)) throw new PhraseFault("a rate such as C/20", JSON.stringify(until))
  return { kind: "step", control, duration: longest, limits: [{ kind: "c-rate-below", rate: multiple }] }
}

const run = (rest: string): Phrase => {
  const match = /^(\S+\.csv)(?:\s+for\s+(.+?))?(?:\s+between\s+(.+?)\s+and\s+(.+))?$/i.exec(rest.trim())
  if (match === null)
    throw new PhraseFault('a drive profile, such as "Run drive-cycle.csv"', JSON.stringify(rest.trim()))
  const [, file, length, lower, upper] = match
  const window = lower === undefined ? undefined : { lower: voltage(lower), upper: voltage(upper) }
  if (window !== undefined && !(window.lower < window.upper)) {
    throw new PhraseFault("the lower voltage first", JSON.stringify(`between ${lower} and ${upper}`))
  }
  return { kind: "drive", file, duration: length === undefined ? undefined : duration(length), window }
}

const verbs: Readonly<Record<string, (rest: string) => Phrase>> = {
  charge: (rest) => galvanostatic(rest, 1),
  discharge: (rest) => galvanostatic(rest, -1),
  rest: (rest) => ({
    kind: "step",
    control: { kind: "rest" },
    duration: duration(after(rest, "for", '"for" and a time, such as "for 2 minutes"')),
    limits: [],
  }),
  hold,
  run,
}

const parse = (text: string): Phrase => {
  const [, word = "", rest = ""] = /^\s*(\S+)\s*(.*)$/s.exec(text) ?? []
  const verb = Object.hasOwn(verbs, word.toLowerCase()) ? verbs[word.toLowerCase()] : undefined
  if (verb === undefined) {
    throw new PhraseFault(
      'a step that begins with "Charge", "Discharge", "Rest", "Hold" or "Run"',
      JSON.stringify(text),
    )
  }
  return verb(rest)
}

const keywords = ["Charge", "Discharge", "Rest", "Hold", "Run", "at", "for", "or", "until", "between", "and"]
const unitWords = [
  "seconds",
  "minutes",
  "hours",
  "second",
  "minute",
  "hour",
  "days",
  "s",
  "min",
  "h",
  "V",
  "mV",
  "C",
  "A/m2",
  "mA/cm2",
]

const parses = (text: string): boolean => {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}

/** The phrase with misspelt words put right, if that makes it readable. */
const corrected = (text: string): string | undefined => {
  const known = [...keywords, ...unitWords].map((word) => word.toLowerCase())
  const words = text.trim().split(/\s+/)
  const repaired = words.map((word, index) => {
    if (/\d/.test(word) || word.length < 2 || known.includes(word.toLowerCase())) return word
    const candidates = index === 0 ? keywords.slice(0, 5) : [...keywords.slice(5), ...unitWords]
    return nearest(word, candidates, 1)[0] ?? word
  })
  const sentence = repaired.join(" ")
  if (parses(sentence)) return sentence
  // A forgotten "at", "for" or "C" is the commonest slip besides spelling.
  const attempts = [
    sentence.replace(/^(\w+)\s+(?=[\dC.])/, "$1 at "),
    sentence.replace(/^(\w+)\s+(?=[\d.])/, "$1 for "),
    sentence.replace(/\bat\s+([\d.]+)(?=\s+(?:for|until|or)\b)/i, "at $1C"),
    sentence.replace(/\b(until\s+[\d.]+)$/i, "$1 V"),
  ]
  return attempts.find((attempt) => attempt !== sentence && parses(attempt))
}

const exampleLike = (text: string): string => {
  const [verb] = text.trim().toLowerCase().split(/\s+/)
  return phraseExamples.find((example) => example.toLowerCase().startsWith(verb)) ?? phraseExamples[0]
}

/** Reads one step of a scenario, such as `Discharge at 5C for 432 seconds or until 2.5 V`. */
export const readPhrase = (text: string): PhraseResult => {
  try {
    return { phrase: parse(text) }
  } catch (cause) {
    if (!(cause instanceof PhraseFault)) throw cause
    const better = corrected(text)
    const hint = better === undefined ? `write it as "${exampleLike(text)}"` : `did you mean "${better}"?`
    const found = cause.found.includes(text) ? cause.found : `${cause.found} in ${JSON.stringify(text)}`
    return { fault: { expected: cause.expected, found, hint } }
  }
}
