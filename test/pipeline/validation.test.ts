import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { caseNames, hasPassed, selectedCases, type ValidatedCase } from "../../src/pipeline/validation.ts"
import { validationHtml, validationMarkdown, validationText } from "../../src/pipeline/validation-report.ts"

const result = { quantity: "a | b", expected: "1 m", found: "<2> m", error: 0.5, tolerance: 0.1, passed: false }
const cases: readonly ValidatedCase[] = [
  {
    name: "analytic/one",
    title: "One",
    reference: "Someone (2001)",
    results: [{ ...result, passed: true }],
    trouble: "",
    seconds: 1,
  },
  { name: "analytic/two", title: "Two", reference: "", results: [result], trouble: "", seconds: 2 },
  { name: "published/three", title: "Three", reference: "", results: [], trouble: "no mesh", seconds: 0 },
]

describe("the validation table", () => {
  it("counts what holds; a case that could not be run does not", () => {
    expect(cases.map(hasPassed)).toEqual([true, false, false])
    for (const text of [
      validationText(cases),
      validationMarkdown(cases, "synchrode"),
      validationHtml(cases, "synchrode"),
    ]) {
      expect(text).toContain("1 of 3 cases hold; 3.0 s")
      expect(text).toContain("no mesh")
    }
  })
  it("counts known findings apart: they do not make a case fail, and say so when they hold after all", () => {
    const known = { ...result, finding: "the paper leaves it open" }
    const one: ValidatedCase = { ...cases[0], results: [known, { ...known, passed: true }] }
    expect(hasPassed(one)).toBe(true)
    for (const text of [validationText([one]), validationMarkdown([one], "v"), validationHtml([one], "v")]) {
      expect(text).toContain("1 of 1 cases hold, with 1 known finding; 1.0 s")
      expect(text).toContain("(the paper leaves it open)")
      expect(text).toContain("(holds, though known not to: the paper leaves it open)")
    }
    expect(hasPassed({ ...one, results: [known, result] })).toBe(false)
  })
  it("is whole in Markdown and in HTML, whatever the words", () => {
    expect(validationMarkdown(cases, "v")).toContain("| a \\| b | 1 m | <2> m | 0.500 | 0.100 | ✗ |")
    expect(validationHtml(cases, "v")).toContain("<td>&lt;2&gt; m</td>")
  })
})

describe("validation cases", () => {
  it("are found by folder and picked by name", async () => {
    const names = caseNames()
    expect(names.length).toBeGreaterThan(0)
    expect(await Effect.runPromise(selectedCases([]))).toEqual(names)
    const [first] = names
    expect(await Effect.runPromise(selectedCases([first.split("/")[1]]))).toEqual([first])
    const wrong = await Effect.runPromise(Effect.flip(selectedCases([`${first}x`])))
    expect(wrong.message).toContain(`did you mean "${first}"`)
  })
})
