import { createRequire } from "node:module"
import { describe, expect, it } from "vitest"
import type { ReportInput } from "../../src/report/input.ts"
import { figures, renderReport, runPicture } from "../../src/report/report.ts"
import { emptyRun, fakeRun } from "./fake-run.ts"

const { Resvg } = createRequire(import.meta.url)("@resvg/resvg-js") as typeof import("@resvg/resvg-js")

/** Reads a document with another renderer; throws where it is not well formed. */
const parsed = (svg: string) => new Resvg(svg, { font: { loadSystemFonts: false } })

/** What a reader sees of a page, without pictures, data and styles. */
const wordsOf = (html: string): string =>
  html
    .replace(/<(script|style|svg)[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]+>/g, "")
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, " ")

const few = fakeRun({ cycles: 3, particles: 3, spans: 8 })
const many = fakeRun({ cycles: 2, particles: 20, spans: 6 })

describe("the report of a run", () => {
  const html = renderReport(few)

  it("says in words what was run and what came out", () => {
    const words = wordsOf(html)
    const { cycles } = few
    expect(words).toContain("The twin li2022-three-particle, 3 particles on ")
    expect(words).toContain("3 cycles of the scenario li2022-fixed-charge, 55 min 12 s of cell time. It ran to its end")
    expect(words).toContain(`The discharge gave ${cycles.dischargeCapacity[0].toFixed(1)} mAh/g in cycle 1`)
    expect(words).toContain(
      `lay ${cycles.spreadStoichiometryCharge[0].toFixed(3)} apart in cycle 1 and ${cycles.spreadStoichiometryCharge[2].toFixed(3)} in cycle 3`,
    )
    expect(words).toContain(`The mean interface damage reached ${cycles.meanDamage[2].toFixed(2)}`)
    expect(words).toContain("58 % is viscous")
  })

  it("lists every parameter with its source, and what the user changed", () => {
    const words = wordsOf(html)
    for (const { name, source } of few.manifest.parameters) {
      expect(words).toContain(name)
      expect(words).toContain(source)
    }
    expect(words).toContain("Tmax300MPa")
    expect(words.match(/\(set for this run\)/g)).toHaveLength(1)
  })

  it("needs nothing from outside", () => {
    const addresses = [...html.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/g)].map(([, address]) => address)
    expect(addresses.length).toBeGreaterThan(0)
    expect(addresses.filter((address) => !/^(data:|#)/.test(address))).toEqual([])
    expect(html).not.toMatch(/@import|<link[^>]+stylesheet/)
  })

  it("gives the same bytes for the same run", () => {
    expect(renderReport(few)).toBe(html)
  })

  it("has no id twice", () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it("shows warnings before anything else, and treats all text of files as text", () => {
    const hostile = '<img src=x onerror=alert(1)> & "_*$^'
    const html = renderReport({
      ...few,
      manifest: {
        ...few.manifest,
        twin: hostile,
        scenario: hostile,
        description: hostile,
        reason: hostile,
        scenarioSteps: [hostile],
        parameters: [
          { group: hostile, name: hostile, symbol: "", value: hostile, unit: "", source: hostile, overridden: false },
        ],
        solver: [{ name: hostile, value: hostile, unit: "" }],
      },
      particles: { columns: [{ name: hostile, unit: "", values: new Float64Array(3) }] },
      frames: few.frames.map((frame) => ({
        ...frame,
        label: hostile,
        pointData: [{ ...frame.pointData[0], name: hostile }],
      })),
      warnings: [{ severity: "error", message: hostile }],
    })
    expect(html).not.toContain("<img")
    expect(html.split("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;_*$^").length).toBeGreaterThan(10)
    expect(html.indexOf('class="notice error"')).toBeLessThan(html.indexOf("<figure"))
  })

  it("shows some of many cycles and folds the rest away, with the time each took to compute", () => {
    const tables = (input: ReportInput) =>
      renderReport(input).split("<h2>Cycles</h2>")[1].split("<h2>")[0].split("<details>")
    const [whole, nothing] = tables(few)
    expect(nothing).toBeUndefined()
    expect(whole.match(/<tr>/g)).toHaveLength(4)
    expect(whole).toContain("4.8 s")
    const [some, all] = tables(fakeRun({ cycles: 30, particles: 3, spans: 4 }))
    expect(some.match(/<tr>/g)).toHaveLength(13)
    expect(all.match(/<tr>/g)).toHaveLength(31)
    expect(all).toContain("All 30 cycles")
  })

  it("stays small with many particles and cycles", () => {
    const long = renderReport(fakeRun({ cycles: 50, particles: 20, spans: 6 }))
    expect(long.length).toBeLessThan(5e6)
  })
})

describe("figures", () => {
  const ofFew = figures(few)
  const ofMany = figures(many)

  it("are stand-alone SVG documents of a sensible size that another renderer reads", () => {
    for (const { name, svg, title } of [...ofFew, ...ofMany, { name: "run", svg: runPicture(few), title: "run" }]) {
      expect(title).not.toBe("")
      const picture = parsed(svg)
      expect(picture.width, name).toBeGreaterThan(150)
      expect(picture.height, name).toBeGreaterThan(100)
      expect(svg.replace(/base64,[A-Za-z0-9+/=]*/g, ""), name).not.toMatch(/NaN|undefined|Infinity/)
    }
  })

  it("are those of the paper, of the cell, of the fields and of the mesh", () => {
    const names = ofFew.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(
      expect.arrayContaining([
        ...["layout", "lithium-content", "spread", "damage", "damage-deviation", "voltage-current", "capacity"],
        ...["field-stoichiometry", "field-hydrostatic-stress", "field-max-principal-stress"],
        ...["field-electrolyte-concentration", "field-electrolyte-potential", "field-solid-potential"],
        ...["interface-damage", "interface-gap", "mesh"],
      ]),
    )
    expect(names.filter((name) => name.startsWith("attribute-"))).toEqual([])
    const more = ofMany.map(({ name }) => name)
    expect(more).toContain("outlines")
    expect(more.filter((name) => name.startsWith("attribute-")).length).toBeGreaterThan(3)
  })

  it("draw what both moments share once, and of the picture only what is seen", () => {
    const svgOf = (name: string) => ofMany.find((figure) => figure.name === name)?.svg ?? ""
    for (const name of ["field-stoichiometry", "interface-damage"]) {
      expect(svgOf(name).match(/<use href="#below-/g), name).toHaveLength(1)
      expect(svgOf(name).match(/id="below-/g), name).toHaveLength(1)
    }
    expect(svgOf("mesh").match(/base64,([^"]*)/)?.[1].length).toBeLessThan(
      0.5 * (svgOf("outlines").match(/base64,([^"]*)/)?.[1].length ?? 0),
    )
  })

  it("show what the well conducting carbon/binder covers, as shares of few and as lines of many", () => {
    const [layoutOfFew] = ofFew.filter(({ name }) => name === "layout")
    expect(layoutOfFew.svg.replace(/<[^>]+>/g, " ")).toMatch(/P1.*\d+ %/s)
    expect(layoutOfFew.caption).toContain("share of each particle")
  })

  it("give each particle one colour throughout", () => {
    const svgOf = (name: string) => ofFew.find((figure) => figure.name === name)?.svg ?? ""
    for (const name of ["layout", "lithium-content", "damage", "damage-deviation"]) {
      const [, colour] = /fill="(#[0-9a-f]{6})"[^>]*>P2</.exec(svgOf(name)) ?? []
      expect(colour, name).toBe("#d55e00")
    }
  })
})

describe("broken contracts", () => {
  it("are named by table and column", () => {
    const short = few.history.voltage.slice(1)
    expect(() => renderReport({ ...few, history: { ...few.history, voltage: short } })).toThrow(/history\.voltage/)
    const [frame] = few.frames
    const field = { ...frame.pointData[0], values: frame.pointData[0].values.slice(2) }
    expect(() => renderReport({ ...few, frames: [{ ...frame, pointData: [field] }] })).toThrow(/stoichiometry has/)
  })
})

/** The first particle of the run alone. */
const oneParticle: ReportInput = (() => {
  const { particleHistory: table, mesh, ensemble } = few
  const alone = (column: Float64Array | Int32Array) =>
    column.filter((_: number, row: number) => table.particle[row] === 0)
  const first = (matrix: Float64Array) => matrix.filter((_, at) => at % 3 === 0)
  if (mesh === null || ensemble === null) throw new Error("the fake run has a mesh and an ensemble")
  return {
    ...few,
    particleHistory: Object.fromEntries(
      Object.entries(table).map(([name, column]) => [name, alone(column)]),
    ) as unknown as ReportInput["particleHistory"],
    ensemble: {
      ...ensemble,
      particleCount: 1,
      endOfCharge: first(ensemble.endOfCharge),
      endOfDischarge: first(ensemble.endOfDischarge),
      damage: first(ensemble.damage),
      weight: Float64Array.of(1),
    },
    // The other two become matrix.
    mesh: {
      ...mesh,
      regions: mesh.regions.map((region) =>
        region.particle > 0 ? { ...region, kind: "matrix" as const, particle: -1 } : region,
      ),
    },
  }
})()

describe("reports of runs that lack something", () => {
  const nothing = (column: Float64Array) => column.map(() => Number.NaN)
  const { particleHistory: table, cycles } = few
  const lacking: Record<string, ReportInput> = {
    "everything but a failure": emptyRun(few),
    mechanics: {
      ...few,
      mechanicalEnergy: null,
      particleHistory: {
        ...table,
        damage: nothing(table.damage),
        meanGap: nothing(table.damage),
        maximumGap: nothing(table.damage),
        debondedShare: nothing(table.damage),
        maximumPrincipalStress: nothing(table.damage),
      },
      cycles: { ...cycles, meanDamage: nothing(cycles.meanDamage), spreadDamage: nothing(cycles.meanDamage) },
      frames: few.frames.map((frame) => ({ ...frame, interfaceDamage: null, interfaceGap: null })),
    },
    "a mesh": { ...few, mesh: null, frames: [] },
    "finite values of a field": {
      ...few,
      frames: few.frames.map((frame) => ({
        ...frame,
        pointData: [{ ...frame.pointData[0], values: nothing(frame.pointData[0].values) }],
      })),
    },
    "a numbered cycle": {
      ...few,
      history: { ...few.history, cycle: few.history.cycle.map(() => 0) },
      particleHistory: { ...table, cycle: table.cycle.map(() => 0) },
      cycles: emptyRun(few).cycles,
    },
    "any damage": {
      ...few,
      particleHistory: { ...table, damage: table.damage.map(() => 0) },
      cycles: { ...cycles, meanDamage: cycles.meanDamage.map(() => 0), spreadDamage: cycles.meanDamage.map(() => 0) },
    },
  }
  for (const [what, input] of Object.entries(lacking)) {
    it(`are whole without ${what}`, () => {
      const html = renderReport(input)
      expect(wordsOf(html)).not.toMatch(/NaN|undefined|Infinity|null/)
      expect(html).toContain("</html>")
      for (const { svg } of figures(input)) parsed(svg)
      parsed(runPicture(input))
    })
  }

  it("compare nothing where there is one particle", () => {
    const words = wordsOf(renderReport(oneParticle))
    expect(words).toContain("With one particle there is nothing to compare.")
    expect(words).not.toMatch(/lay [\d.]+ apart|particles differ by/)
    expect(words).toContain("The mean interface damage reached")
    const names = figures(oneParticle).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(["lithium-content", "damage", "content-by-cycle", "profile-depth"]))
    for (const name of ["spread", "damage-deviation", "order-by-cycle"]) expect(names).not.toContain(name)
    for (const { svg } of figures(oneParticle)) parsed(svg)
    parsed(runPicture(oneParticle))
  })

  it("draw no damage where there are no mechanics, though zeros were written", () => {
    const zeros = few.particleHistory.damage.map(() => 0)
    const elastic: ReportInput = {
      ...lacking["any damage"],
      mechanicalEnergy: null,
      particleHistory: { ...few.particleHistory, damage: zeros },
      frames: [],
    }
    const names = figures(elastic).map(({ name }) => name)
    for (const name of ["damage", "damage-deviation", "damage-by-cycle"]) expect(names).not.toContain(name)
    expect(wordsOf(renderReport(elastic))).not.toContain("nterface damage reached")
  })

  it("name the failure", () => {
    const words = wordsOf(renderReport(emptyRun(few)))
    expect(words).toContain("no step was recorded. The run failed (no solution at the first step)")
  })

  it("do not speak of damage where there is none", () => {
    const words = wordsOf(renderReport(lacking.mechanics))
    expect(words).not.toContain("interface damage reached")
    expect(wordsOf(renderReport(lacking["any damage"]))).toContain("No interface was damaged.")
  })
})
