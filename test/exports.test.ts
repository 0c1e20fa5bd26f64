import { describe, expect, it } from "vitest"
import * as api from "../src/index.ts"
import { readExports, readSource, sourceFiles } from "./source.ts"

const files = sourceFiles()
const exported = readExports("index.ts", files.get("index.ts")!)

/** Where a listed name is declared, or why it is not fit for the list. */
const faults = (name: string, from: string | undefined): string[] => {
  const path = from?.replace("./", "") ?? ""
  const text = files.get(path)
  if (text === undefined) return [`${name}: no file ${from}`]
  const declared = readExports(path, text).filter((other) => other.name === name && other.from === undefined)
  if (declared.length === 0) return [`${name}: not declared in ${path}`]
  return declared.some(({ documented }) => documented) ? [] : [`${name}: no docstring in ${path}`]
}

describe("the public API", () => {
  it("is this list", () => {
    const byFile = Object.groupBy(exported, ({ from }) => from ?? "")
    const list = Object.entries(byFile).map(([from, names]) => `${from}: ${names!.map(({ name }) => name).join(" ")}`)
    expect(list).toMatchInlineSnapshot(`
      [
        "./statistics/histogram.ts: Histogram histogramMonoid histogramOf",
        "./statistics/moments.ts: Moments momentsMonoid momentsOf standardDeviation variance",
        "./statistics/range.ts: Range rangeMonoid rangeOf spread",
        "./statistics/tree.ts: Forest forestMonoid leaf reduceBlocks wholeOf",
        "./statistics/weighted-mean.ts: WeightedMean weightedMeanMonoid weightedMeanOf",
        "./mesh/layout.ts: coverage cutForCoverage Layout meshLayout",
        "./mesh/mesh.ts: cellCount FacetSet InterfaceFacets interfaceCount Mesh nodeCount particleCount Region RegionKind",
        "./mesh/outlines.ts: Shape",
        "./mesh/parts.ts: Resolution",
        "./mesh/problem.ts: describeProblem isMeshProblem MeshProblem",
      ]
    `)
  })

  it("names each thing once, from where it is declared, with its docstring", () => {
    const names = exported.map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    expect(exported.flatMap(({ name, from }) => faults(name, from))).toEqual([])
  })

  it("has every value at run time and no wildcard", () => {
    const listed = new Set(exported.map(({ name }) => name))
    for (const name of Object.keys(api)) expect(listed).toContain(name)
    expect(Object.values(api)).not.toContain(undefined)
    expect(files.get("index.ts")).not.toMatch(/export \*/)
    expect(readSource("index.ts", files.get("index.ts")!).references.every(({ module }) => module)).toBe(true)
  })
})

describe("the reading of exports", () => {
  it("sees declarations, lists and docstrings", () => {
    const text = `/** One. */
export const one = 1
// no docstring
export const two = 2, three = 3
/** Four. */
export function four(): void {}
/** Five. */

export interface Five {}
/** Not for six. */
const seven = 7
export type Six = 6
export { seven }
export { type Eight, nine } from "./other.ts"
`
    expect(readExports("a.ts", text).map(({ name, from, documented }) => [name, from, documented])).toEqual([
      ["one", undefined, true],
      ["two", undefined, false],
      ["three", undefined, false],
      ["four", undefined, true],
      ["Five", undefined, true],
      ["Six", undefined, false],
      ["seven", undefined, false],
      ["Eight", "./other.ts", false],
      ["nine", "./other.ts", false],
    ])
  })
})
