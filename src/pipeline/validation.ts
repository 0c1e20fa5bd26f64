import { existsSync, readdirSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { Effect, Schema } from "effect"
import { suggestion } from "../twin/suggestion.ts"
import { codeEnding, codeFolder } from "./program.ts"

/** One compared quantity, as validation cases return it. */
export interface ValidationResult {
  readonly quantity: string
  readonly expected: string
  readonly found: string
  readonly error: number
  readonly tolerance: number
  readonly passed: boolean
  /** Why a row that does not hold is a known finding of its case */
  readonly finding?: string
}

/** A problem with a known answer: `validation/<kind>/<case>/case.ts`. */
export interface ValidationCase {
  readonly name: string
  readonly title: string
  readonly reference: string
  /** "fast" cases also run in the tests. */
  readonly tier: "fast" | "long"
  readonly run: () => readonly ValidationResult[] | Promise<readonly ValidationResult[]>
}

/** A case with its results; `trouble` says why there are none. */
export interface ValidatedCase {
  readonly name: string
  readonly title: string
  readonly reference: string
  readonly results: readonly ValidationResult[]
  readonly trouble: string
  /** [s] */
  readonly seconds: number
}

/** A name that no validation case has. */
export class CaseUnknown extends Schema.TaggedError<CaseUnknown>()("CaseUnknown", {
  name: Schema.String,
  known: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const hint = suggestion(this.name, this.known)
    return `expected the name of a validation case; found "${this.name}"${hint === undefined ? "" : ` (${hint})`}; there are: ${this.known.join(", ")}`
  }
}

const root = join(codeFolder, "validation")
const caseFile = `case.${codeEnding}`

/** Names of all cases, by folder: "analytic/shrinking-inclusion". */
export const caseNames = (): readonly string[] =>
  ["analytic", "published"].flatMap((kind) => {
    const folder = join(root, kind)
    if (!existsSync(folder)) return []
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, caseFile)))
      .map((entry) => `${kind}/${entry.name}`)
      .sort()
  })

/** Cases are found by folder, so their names are not known before. */
const load = createRequire(import.meta.url)

const caseOf = (name: string): ValidationCase =>
  (load(join(root, name, caseFile)) as { readonly validationCase: ValidationCase }).validationCase

/** Names of the cases asked for, by their full name or the last part of it; all where nothing is asked for. */
export const selectedCases = (asked: readonly string[]): Effect.Effect<readonly string[], CaseUnknown> => {
  const known = caseNames()
  if (asked.length === 0) return Effect.succeed(known)
  const unknown = asked.find((name) => !known.some((each) => each === name || each.endsWith(`/${name}`)))
  if (unknown !== undefined) return Effect.fail(new CaseUnknown({ name: unknown, known: [...known] }))
  return Effect.succeed(known.filter((each) => asked.some((name) => each === name || each.endsWith(`/${name}`))))
}

/** Runs one case; a case that throws has failed, with the reason. */
export const validate = (name: string): Effect.Effect<ValidatedCase> =>
  Effect.promise(async () => {
    const begun = performance.now()
    const seconds = (): number => (performance.now() - begun) / 1000
    try {
      const { title, reference, run } = caseOf(name)
      return { name, title, reference, results: await run(), trouble: "", seconds: seconds() }
    } catch (cause) {
      const trouble = cause instanceof Error ? cause.message : String(cause)
      return { name, title: name, reference: "", results: [], trouble, seconds: seconds() }
    }
  })

/** Whether a case ran and each of its rows holds or is a known finding. */
export const hasPassed = ({ results, trouble }: ValidatedCase): boolean =>
  trouble === "" && results.every(({ passed, finding }) => passed || finding !== undefined)

/** How a row stands: a known finding that holds after all is one that its README should lose. */
export const standingOf = ({ passed, finding }: ValidationResult): "holds" | "known finding" | "fails" =>
  passed ? "holds" : finding === undefined ? "fails" : "known finding"
