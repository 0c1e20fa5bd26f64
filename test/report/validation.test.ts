import { describe, expect, it } from "vitest"
import type { ValidationRow } from "../../src/report/input.ts"
import { renderValidation } from "../../src/report/validation.ts"

const rows: readonly ValidationRow[] = [
  {
    case: "sphere",
    quantity: "surface x at 100 s",
    expected: 0.51234,
    found: 0.51236,
    error: 3.9e-5,
    tolerance: 1e-3,
    passed: true,
  },
  { case: "sphere", quantity: "order in h", expected: 2, found: 1.62, error: 0.38, tolerance: 0.15, passed: false },
  {
    case: "low | rate",
    quantity: "<b>V</b> − E_eq",
    expected: "agrees",
    found: "agrees",
    error: Number.NaN,
    tolerance: 1e-3,
    passed: true,
  },
]

describe("the validation table", () => {
  const { html, markdown } = renderValidation(rows)

  it("counts what passed, in both forms", () => {
    expect(markdown.split("\n")[0]).toBe("3 checks, 2 passed, 1 failed.")
    expect(html).toContain("3 checks, 2 passed, 1 failed.")
    expect(renderValidation(rows.slice(0, 1)).markdown).toContain("1 check, all passed.")
  })

  it("is a table in Markdown with as many cells in every row", () => {
    const lines = markdown.split("\n").filter((line) => line.startsWith("|"))
    expect(lines).toHaveLength(5)
    for (const line of lines) expect(line.replace(/\\\|/g, "").split("|")).toHaveLength(9)
    expect(lines[2]).toBe("| sphere | surface x at 100 s | 0.51234 | 0.51236 | 3.9 × 10⁻⁵ | 0.001 | passed |")
    expect(lines[3]).toContain("|  | order in h | 2 | 1.62 |")
    expect(lines[3]).toContain("**failed**")
    expect(lines[4]).toContain("low \\| rate")
  })

  it("marks what failed and keeps text as text in HTML", () => {
    expect(html.match(/class="fail"/g)).toHaveLength(1)
    expect(html.match(/class="pass"/g)).toHaveLength(2)
    expect(html).toContain("&lt;b&gt;V&lt;/b&gt; − E_eq")
  })
})
