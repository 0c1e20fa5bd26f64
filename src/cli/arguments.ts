import { Effect, Schema } from "effect"
import { suggestion } from "../twin/suggestion.ts"

/** An option of a verb; without a `value` it is a switch. */
export interface Option {
  readonly name: string
  /** What stands for its value in the help */
  readonly value?: string
  readonly repeats?: boolean
  readonly help: string
}

/** What a verb takes, for parsing and for its help. */
export interface Usage {
  readonly verb: string
  readonly summary: string
  /** In order; `…` at the end of a name takes the rest, brackets mean that it may be left out. */
  readonly operands: readonly { readonly name: string; readonly help: string }[]
  readonly options: readonly Option[]
  readonly examples: readonly string[]
}

/** A command line as parsed. */
export interface Parsed {
  readonly operands: readonly string[]
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly switches: ReadonlySet<string>
}

/** A command line that cannot be understood. */
export class UsageWrong extends Schema.TaggedError<UsageWrong>()("UsageWrong", {
  verb: Schema.String,
  reason: Schema.String,
}) {
  override get message(): string {
    const help = this.verb === "" ? "synchrode --help" : `synchrode ${this.verb} --help`
    return `${this.reason}\nSee ${help}`
  }
}

/** Options of every verb. */
export const commonOptions: readonly Option[] = [
  { name: "json", help: "one JSON object on standard output, for machines" },
  { name: "quiet", help: "nothing but errors" },
  { name: "help", help: "this text" },
]

const isOptional = (name: string): boolean => name.startsWith("[")
const takesRest = (name: string): boolean => name.includes("…")

/** Parses what follows the verb. Options may stand anywhere; `--` ends them; `--name=value` and `--name value` are one. */
export const parseArguments = (usage: Usage, words: readonly string[]): Effect.Effect<Parsed, UsageWrong> => {
  const wrong = (reason: string) => Effect.fail(new UsageWrong({ verb: usage.verb, reason }))
  const options = [...usage.options, ...commonOptions]
  const operands: string[] = []
  const values = new Map<string, string[]>()
  const switches = new Set<string>()
  for (let index = 0; index < words.length; index++) {
    const word = words[index]
    if (word === "--") {
      operands.push(...words.slice(index + 1))
      break
    }
    const isOption = word.startsWith("--") || word === "-h"
    if (!isOption) {
      operands.push(word)
      continue
    }
    const [name, ...rest] = (word === "-h" ? "help" : word.slice(2)).split("=")
    const option = options.find((candidate) => candidate.name === name)
    if (option === undefined) {
      const known = options.map((each) => `--${each.name}`)
      const hint = suggestion(`--${name}`, known)
      return wrong(
        `expected one of the options ${known.join(", ")}; found --${name}${hint === undefined ? "" : ` (${hint})`}`,
      )
    }
    if (option.value === undefined) {
      if (rest.length > 0) return wrong(`--${name} takes no value; found "${rest.join("=")}"`)
      switches.add(name)
      continue
    }
    const value = rest.length > 0 ? rest.join("=") : words[++index]
    if (value === undefined) return wrong(`--${name}: expected ${option.value}; found nothing`)
    const before = values.get(name) ?? []
    if (before.length > 0 && option.repeats !== true) return wrong(`--${name} is given twice`)
    values.set(name, [...before, value])
  }
  if (switches.has("help")) return Effect.succeed({ operands, values, switches })
  const needed = usage.operands.filter(({ name }) => !isOptional(name))
  if (operands.length < needed.length) {
    return wrong(`expected ${needed[operands.length].name} (${needed[operands.length].help}); found nothing`)
  }
  const last = usage.operands.at(-1)
  if (operands.length > usage.operands.length && !(last !== undefined && takesRest(last.name))) {
    return wrong(`expected nothing more; found "${operands[usage.operands.length]}"`)
  }
  return Effect.succeed({ operands, values, switches })
}

/** The one value of an option, if it was given. */
export const optionValue = ({ values }: Parsed, name: string): string | undefined => values.get(name)?.[0]

/** The number that an option holds, read from its text; NaN is refused with what was expected. */
const numberOf = (
  { verb }: Usage,
  parsed: Parsed,
  name: string,
  fallback: number,
  expected: string,
  read: (text: string) => number,
): Effect.Effect<number, UsageWrong> => {
  const text = optionValue(parsed, name)
  if (text === undefined) return Effect.succeed(fallback)
  const value = read(text)
  return Number.isNaN(value)
    ? Effect.fail(new UsageWrong({ verb, reason: `--${name}: expected ${expected}; found "${text}"` }))
    : Effect.succeed(value)
}

/** A whole number from 1. */
export const countOf = (usage: Usage, parsed: Parsed, name: string, fallback: number) =>
  numberOf(usage, parsed, name, fallback, "a whole number from 1", (text) =>
    /^[1-9]\d{0,4}$/.test(text) ? Number(text) : Number.NaN,
  )

/** A share between 0 and 1, both left out. */
export const shareOf = (usage: Usage, parsed: Parsed, name: string, fallback: number) =>
  numberOf(usage, parsed, name, fallback, "a number between 0 and 1", (text) => {
    const share = text.trim() === "" ? Number.NaN : Number(text)
    return share > 0 && share < 1 ? share : Number.NaN
  })

const lines = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n")
}

const optionText = ({ name, value, repeats }: Option): string =>
  `--${name}${value === undefined ? "" : ` ${value}`}${repeats === true ? " …" : ""}`

/** Help of a verb, with examples. */
export const usageText = ({ verb, summary, operands, options, examples }: Usage): string => {
  const all = [...options, ...commonOptions]
  const parts = [
    `synchrode ${verb}: ${summary}`,
    `Usage:\n  synchrode ${[verb, ...operands.map(({ name }) => name)].join(" ")} [options]`,
    ...(operands.length === 0
      ? []
      : [`Arguments:\n${lines(operands.map(({ name, help }) => [name.replaceAll(/[[\]]/g, ""), help] as const))}`]),
    `Options:\n${lines(all.map((option) => [optionText(option), option.help] as const))}`,
    `${examples.length === 1 ? "Example" : "Examples"}:\n${examples.map((example) => `  ${example}`).join("\n")}`,
    "Exit codes: 0 done, 1 wrong input, 2 numerical failure (the last good state is kept), 3 environment (disk,\npermission, missing file), 130 interrupted (the run can be resumed).",
  ]
  return `${parts.join("\n\n")}\n`
}
