import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  escaped,
  inWords,
  literal,
  markupToHtml,
  markupToPlain,
  markupToSvg,
  markupToUnicode,
} from "../../src/report/text.ts"

describe("mark-up", () => {
  it("sets symbols, subscripts and powers", () => {
    expect(markupToHtml("*c*/*c*_max, 2 × 10^{−14} m^2/s")).toBe(
      "<i>c</i>/<i>c</i><sub>max</sub>, 2 × 10<sup>−14</sup> m<sup>2</sup>/s",
    )
    expect(markupToUnicode("2 × 10^{−14}")).toBe("2 × 10⁻¹⁴")
  })

  it("returns to the line after a subscript in SVG", () => {
    const shifts = [...markupToSvg("c_max/c_0 x", 10).matchAll(/dy="([^"]+)"/g)].map(([, shift]) => Number(shift))
    expect(shifts).toHaveLength(4)
    expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeCloseTo(0, 9)
  })

  it("leaves literal text as it is", () => {
    // Stand-ins live in the private-use area, which no file of ours uses.
    const text = fc.string({ unit: "grapheme" }).filter((value) => !/[\ue000-\ue003]/.test(value))
    fc.assert(fc.property(text, (value) => markupToPlain(literal(value)) === value))
  })

  it("never lets text become elements", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        for (const html of [escaped(value), markupToHtml(literal(value)), markupToSvg(literal(value), 12)]) {
          expect(html).not.toMatch(/[<>"]/)
        }
      }),
    )
  })

  it("lists items in words", () => {
    expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(inWords)).toEqual(["", "a", "a and b", "a, b and c"])
  })
})
