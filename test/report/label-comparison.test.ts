import { decode } from "fast-png"
import { describe, expect, it } from "vitest"
import { wholeOf } from "../../src/image/brick.ts"
import { addExtents, labelAgreement, type ObjectExtent } from "../../src/image/label-agreement.ts"
import type { ComparedPlane } from "../../src/report/label-comparison/input.ts"
import { renderLabelComparison } from "../../src/report/label-comparison/page.ts"
import { comparedPixels } from "../../src/report/label-comparison/plane.ts"
import { contingencyOf } from "../../src/statistics/contingency.ts"

const grid = { shape: [12, 9, 3] as const, spacing: [4e-7, 4e-7, 4e-7] as const }
const size = 12 * 9 * 3
const block = (label: number, from: number, to: number) => (i: number) => {
  const [x, y, z] = [i % 12, Math.floor(i / 12) % 9, Math.floor(i / 108)]
  return x >= from && x < to && y > 0 && y < 8 && z === 1 ? label : 0
}
const volume = (...blocks: ((i: number) => number)[]): Int32Array =>
  Int32Array.from({ length: size }, (_, i) => blocks.reduce((label, each) => label || each(i), 0))
const truth = volume(block(1, 1, 5), block(2, 6, 11))
const found = volume(block(7, 1, 5), block(8, 6, 9), block(9, 9, 11))

const facts = (labels: Int32Array, damage?: number) => {
  const extents = new Map<number, ObjectExtent>()
  addExtents(grid, wholeOf(grid), labels, extents)
  const values = damage === undefined ? {} : { damage: new Map([...extents.keys()].map((label) => [label, damage])) }
  return { extents, ...values }
}
const plane: ComparedPlane = {
  name: "xy, z = 0.6 µm",
  width: 12,
  height: 9,
  pixel: [4e-7, 4e-7],
  truth: truth.subarray(108, 216),
  found: found.subarray(108, 216),
}
const input = (damage?: number) => ({
  truthFile: "<truth>.tif",
  foundFile: "found & lost.tif",
  programVersion: "0.0.0",
  ...grid,
  agreement: labelAgreement(contingencyOf(truth, found), facts(truth, damage), facts(found, damage), 6.4e-20),
  planes: [plane],
})

describe("the report of compared labels", () => {
  it("says in words and numbers what the agreement holds", () => {
    const page = renderLabelComparison(input(0.125))
    expect(page).toContain("2 true objects, 3 found; 2 match at an overlap of one half. 1 true object split.")
    expect(page).toContain("&lt;truth&gt;.tif")
    expect(page).toContain("found &amp; lost.tif")
    expect(page).not.toContain("<truth>")
    // F1 is 4/5 at one half; object 2 is found by three fifths of it.
    expect(page).toContain("<dd>0.800<small>overlap 0.5</small>")
    expect(page).toContain("<dd>0.400<small>overlap 0.9</small>")
    expect(page).toContain("<td>Damage</td>")
    expect(page).not.toMatch(/NaN|undefined/)
    expect(renderLabelComparison(input())).not.toContain("Damage")
  })

  it("needs nothing from elsewhere", () => {
    expect(renderLabelComparison(input()).match(/(?:src|href)="(?!data:)[^"]*"/g)).toBeNull()
  })

  it("draws areas pale and outlines strong, those of both dark", () => {
    const pixels = comparedPixels(plane)
    const at = (x: number, y: number) => pixels[x + 12 * y]
    expect(at(0, 0)).toBe(0)
    // Inside both, at the edge of both, at the new edge within object 2
    expect([at(2, 4), at(1, 4), at(8, 4)]).toEqual([1, 6, 5])
    const only = comparedPixels({ ...plane, found: new Int32Array(108) })
    expect([only[2 + 12 * 4], only[1 + 12 * 4]]).toEqual([2, 4])
    expect(() => comparedPixels({ ...plane, width: 11 })).toThrow("truth has 108 entries, 99 expected")
    const url = /href="data:image\/png;base64,([^"]+)"/.exec(renderLabelComparison(input()))?.[1] ?? ""
    expect([...decode(Buffer.from(url, "base64")).data]).toEqual([...pixels])
  })

  it("is drawn where nothing was found and where nothing is", () => {
    const nothing = new Int32Array(size)
    for (const [one, other] of [
      [truth, nothing],
      [nothing, found],
      [nothing, nothing],
    ]) {
      const agreement = labelAgreement(contingencyOf(one, other), facts(one), facts(other), 6.4e-20)
      expect(renderLabelComparison({ ...input(), agreement, planes: [] })).not.toMatch(/NaN|undefined|Infinity/)
    }
  })
})
