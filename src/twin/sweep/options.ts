import { Effect } from "effect"
import { SweepInvalid } from "../errors.ts"
import type { Fault, Problem } from "../problem.ts"
import { type Design, designFaults } from "./design.ts"
import { type Factor, readFactor } from "./factor.ts"

/** How the values of several `--vary` options go together. */
export type Combination =
  | { readonly kind: "grid" }
  /** The first values together, then the second ones */
  | { readonly kind: "list" }
  | { readonly kind: "latin-hypercube"; readonly samples: number; readonly seed: number }

/** The k-th values of all factors as the k-th point, or what prevents it. */
const zipped = (factors: readonly Factor[]): Design | readonly Fault[] => {
  const levels = factors.map(({ values }) => (values.kind === "levels" ? values.levels : []))
  const count = levels[0].length
  const odd = factors.findIndex((_, factor) => levels[factor].length !== count)
  if (odd >= 0) {
    const { path } = factors[odd]
    const expected = `${count} values, as ${factors[0].path} has`
    return [{ path: ["design", "vary", path], expected, found: String(levels[odd].length) }]
  }
  const pointOf = (point: number) => factors.map(({ path }, factor) => ({ path, text: levels[factor][point] }))
  return { kind: "list", points: Array.from({ length: count }, (_, point) => pointOf(point)) }
}

/** The design of `--vary path=…` options. */
export const designOf = (varied: readonly string[], combination: Combination): Effect.Effect<Design, SweepInvalid> => {
  const failed = (problems: readonly Problem[]): Effect.Effect<never, SweepInvalid> => {
    const [first, ...rest] = problems
    return Effect.fail(new SweepInvalid({ problems: [first, ...rest] }))
  }
  const atOption = ({ path, ...fault }: Fault): Problem => {
    const option = varied.findLast((text) => text.slice(0, text.indexOf("=")).trim() === path.at(-1))
    return { file: option === undefined ? "--vary" : `--vary ${option}`, path: "", ...fault }
  }
  const factors: Factor[] = []
  const wrong: Problem[] = []
  for (const text of varied) {
    const factor = readFactor(text)
    if ("expected" in factor) wrong.push({ file: `--vary ${text}`, path: "", ...factor })
    else factors.push(factor)
  }
  if (wrong.length > 0) return failed(wrong)
  const faults = designFaults(combination.kind === "list" ? { kind: "grid", factors } : { ...combination, factors })
  if (faults.length > 0) return failed(faults.map(atOption))
  const design = combination.kind === "list" ? zipped(factors) : { ...combination, factors }
  return "kind" in design ? Effect.succeed(design) : failed(design.map(atOption))
}
