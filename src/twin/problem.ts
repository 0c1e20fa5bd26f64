import { Schema, type SchemaAST, type SchemaIssue } from "effect"
import type { QuantityFault } from "./quantity.ts"
import { suggestion } from "./suggestion.ts"

/** One thing wrong with what a user wrote, and where it stands. */
export const Problem = Schema.Struct({
  /** File, or the option that set the value */
  file: Schema.String,
  /** From 1 */
  line: Schema.optionalKey(Schema.Finite),
  column: Schema.optionalKey(Schema.Finite),
  /** Path inside the file: `materials.interface.cohesion.strength` */
  path: Schema.String,
  expected: Schema.String,
  found: Schema.String,
  hint: Schema.optionalKey(Schema.String),
})
export type Problem = typeof Problem.Type

/** A problem before its file and line are known. */
export interface Fault extends QuantityFault {
  readonly path: readonly PropertyKey[]
}

/** Where a path stands. */
export interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

/** `geometry.layout.particles[2].circle.radius` */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`),
    "",
  )

/** A value as it is shown in a message: short, on one line. */
export const valueText = (value: unknown): string => {
  if (value === undefined) return "nothing"
  if (value === null) return "nothing (null)"
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`
}

/** `file:line:column: path: expected …; found …` */
export const problemText = ({ file, line, column, path, expected, found, hint }: Problem): string => {
  const place = line === undefined ? file : `${file}:${line}${column === undefined ? "" : `:${column}`}`
  const advice = hint === undefined ? "" : ` (${hint})`
  return `${place}: ${path === "" ? "" : `${path}: `}expected ${expected}; found ${found}${advice}`
}

/** Faults with their places, in the order of the file. */
export const locate = (
  faults: readonly Fault[],
  place: (path: readonly PropertyKey[]) => Place,
): readonly [Problem, ...Problem[]] => {
  const [first, ...rest] = faults
    .map(({ path, ...fault }): Problem => ({ ...place(path), path: pathText(path), ...fault }))
    .sort((one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0))
  return [first, ...rest]
}

const isFault = (input: unknown): input is QuantityFault =>
  typeof input === "object" && input !== null && "expected" in input && "found" in input

const literalsOf = (ast: SchemaAST.AST, key?: string): string[] => {
  switch (ast._tag) {
    case "Literal":
      return [String(ast.literal)]
    case "Union":
      return ast.types.flatMap((type) => literalsOf(type, key))
    case "Objects":
      return ast.propertySignatures.filter(({ name }) => name === key).flatMap(({ type }) => literalsOf(type))
    default:
      return []
  }
}

const typeNames: Readonly<Record<string, string>> = {
  String: "text",
  Number: "a number",
  Boolean: "true or false",
  Arrays: "a list",
  Objects: "a mapping",
}

const quotedList = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ")

/** Keys by which the members of a union are told apart. */
const discriminators = ["law", "kind"]

const unionFault = (issue: SchemaIssue.AnyOf, path: readonly PropertyKey[]): Fault => {
  const { ast, input } = issue
  if (typeof input === "object" && input !== null && !Array.isArray(input)) {
    for (const key of discriminators) {
      const known = literalsOf(ast, key)
      if (known.length === 0) continue
      const word = (input as Record<string, unknown>)[key]
      const hint = typeof word === "string" ? suggestion(word, known) : undefined
      return {
        path: word === undefined ? path : [...path, key],
        expected: `${word === undefined ? `the key "${key}" with ` : ""}one of ${quotedList(known)}`,
        found: valueText(word ?? input),
        ...(hint === undefined ? {} : { hint }),
      }
    }
  }
  const known = literalsOf(ast)
  const members = ast.types.map(({ _tag }) => typeNames[_tag] ?? _tag)
  const others = known.length > 0 ? issue.issues.flatMap((inner) => faultsOf(inner).map((fault) => fault.expected)) : []
  const expected =
    known.length > 0
      ? [`one of ${quotedList(known)}`, ...others.filter((other) => !other.startsWith("one of"))].join(", or ")
      : [...new Set(members)].join(" or ")
  const hint = typeof input === "string" ? suggestion(input, known) : undefined
  return { path, expected, found: valueText(input), ...(hint === undefined ? {} : { hint }) }
}

const unexpectedKey = (issue: SchemaIssue.UnexpectedKey, path: readonly PropertyKey[]): Fault => {
  const last = path.at(-1)
  if (typeof last === "number") return { path, expected: `a list of ${last} items`, found: valueText(issue.input) }
  const key = String(last)
  const known = issue.ast._tag === "Objects" ? issue.ast.propertySignatures.map(({ name }) => String(name)) : []
  const hint = suggestion(key, known)
  return {
    path,
    expected: known.length === 0 ? "no such key" : `one of the keys ${quotedList(known)}`,
    found: `the key "${key}"`,
    ...(hint === undefined ? {} : { hint }),
  }
}

const missing = (path: readonly PropertyKey[]): string =>
  typeof path.at(-1) === "number" ? "the list is too short" : "the key is missing"

/** Everything that is wrong, told leaf by leaf. */
export const faultsOf = (issue: SchemaIssue.Issue, path: readonly PropertyKey[] = []): Fault[] => {
  switch (issue._tag) {
    case "Pointer":
      return faultsOf(issue.issue, [...path, ...issue.path])
    case "Composite":
      return issue.issues.flatMap((inner) => faultsOf(inner, path))
    case "Encoding":
      return faultsOf(issue.issue, path)
    case "Filter": {
      const expected = issue.filter.annotations?.expected
      const { issue: inner } = issue
      if (typeof expected === "string")
        return [{ path, expected, found: valueText("input" in inner ? inner.input : undefined) }]
      return faultsOf(inner, path)
    }
    case "AnyOf":
      return issue.issues.length === 1 ? faultsOf(issue.issues[0], path) : [unionFault(issue, path)]
    case "OneOf":
      return [{ path, expected: "one choice only", found: valueText(issue.input) }]
    case "MissingKey":
      return [{ path, expected: "a value", found: `nothing (${missing(path)})` }]
    case "UnexpectedKey":
      return [unexpectedKey(issue, path)]
    case "InvalidType":
      return [{ path, expected: typeNames[issue.ast._tag] ?? issue.ast._tag, found: valueText(issue.input) }]
    case "InvalidValue":
    case "Forbidden": {
      const annotations: Readonly<Record<string, unknown>> = { ...issue.annotations }
      const { fault, message } = annotations
      if (isFault(fault)) return [{ path, ...fault }]
      return [
        { path, expected: typeof message === "string" ? message : "another value", found: valueText(issue.input) },
      ]
    }
  }
}
