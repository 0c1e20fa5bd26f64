import { join } from "node:path"
import { Effect } from "effect"
import { program } from "../pipeline/program.ts"
import { createProject, type ProjectExists } from "../pipeline/project.ts"
import { type CaseUnknown, hasPassed, selectedCases, type ValidatedCase, validate } from "../pipeline/validation.ts"
import { validationHtml, validationMarkdown, validationText } from "../pipeline/validation-report.ts"
import { writeAtomically } from "../store/atomic.ts"
import type { RunUnwritable } from "../store/errors.ts"
import { madeFolder } from "../store/made-folder.ts"
import { optionValue, type Parsed } from "./arguments.ts"
import { exitCodes } from "./failure.ts"
import type { Output } from "./output.ts"

export const initVerb = Effect.fnUntraced(function* (
  { operands: [folder] }: Parsed,
  output: Output,
): Effect.fn.Return<number, ProjectExists | RunUnwritable> {
  const files = yield* createProject(folder)
  const next = `cd ${folder} && synchrode run twin.yaml scenario.yaml --out runs/first`
  yield* output.result(`${files.map((file) => join(folder, file)).join("\n")}\nNext: ${next}\n`, { folder, files })
  return exitCodes.done
})

export const validateVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, CaseUnknown | RunUnwritable> {
  const names = yield* selectedCases(parsed.operands)
  const folder = optionValue(parsed, "out") ?? join("runs", "validation")
  const version = `${program.name} ${program.version}`
  const cases: ValidatedCase[] = []
  for (const [index, name] of names.entries()) {
    if (!output.json && !output.quiet) {
      yield* Effect.sync(() => process.stderr.write(`${index + 1} of ${names.length}: ${name}\n`))
    }
    cases.push(yield* validate(name))
  }
  const passed = cases.every(hasPassed)
  yield* madeFolder(folder)
  yield* writeAtomically(join(folder, "validation.md"), validationMarkdown(cases, version))
  yield* writeAtomically(join(folder, "validation.html"), validationHtml(cases, version))
  yield* output.result(`${validationText(cases)}Table: ${join(folder, "validation.html")}\n`, { passed, folder, cases })
  return passed ? exitCodes.done : exitCodes.numericalFailure
})
