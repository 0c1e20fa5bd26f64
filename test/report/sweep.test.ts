import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { chromium } from "playwright-core"
import { afterAll, describe, expect, it } from "vitest"
import { shownFactors } from "../../src/report/sweep-factor.ts"
import type { SweepReportInput, SweepReportRun } from "../../src/report/sweep-input.ts"
import { renderSweep } from "../../src/report/sweep-page.ts"
import { meansByLevel } from "../../src/report/sweep-sensitivity.ts"
import { fakeSweep } from "./fake-sweep.ts"

const three = fakeSweep({ runs: 3, cycles: 10, isSampled: false })
const sixty = fakeSweep({ runs: 60, cycles: 30, isSampled: true })

const threePage = renderSweep(three)
const sixtyPage = renderSweep(sixty)

const countOf = (text: string, part: string): number => text.split(part).length - 1

/** The same sweep with something else in each run. */
const changed = (input: SweepReportInput, change: (run: SweepReportRun, index: number) => Partial<SweepReportRun>) => ({
  ...input,
  runs: input.runs.map((run, index) => ({ ...run, ...change(run, index) })),
})

describe("the page of a sweep", () => {
  it("has a row with a link for each run, and its panel", () => {
    for (const [{ runs }, page] of [
      [three, threePage],
      [sixty, sixtyPage],
    ] as const) {
      for (const { link } of runs) expect(countOf(page, `href="${link}"`)).toBe(1)
      expect(countOf(page, 'id="figure-run-')).toBe(runs.length)
    }
  })

  it("shows every response against every factor, and every course in the colours of every factor", () => {
    expect(countOf(threePage, 'id="figure-sensitivity-')).toBe(6)
    expect(countOf(sixtyPage, 'id="figure-sensitivity-')).toBe(18)
    expect(countOf(threePage, 'id="figure-course-')).toBe(4)
    expect(countOf(sixtyPage, 'id="figure-course-')).toBe(12)
  })

  it("gives means by value for a grid and rank correlations for a hypercube", () => {
    expect(threePage).toContain("Means by value")
    expect(threePage).not.toContain("Rank correlations")
    expect(sixtyPage).toContain("Rank correlations")
    // Weaker interfaces are made to come into step sooner; 49 runs do so, and one run failed.
    expect(sixtyPage).toMatch(/cohesion\.strength<\/td><td class="n">0\.99 \(48\)/)
  })

  it("leaves a run that failed out of what it compares, and says why it failed", () => {
    const page = sixtyPage
    expect(page).toContain("59 of 60")
    expect(page).toMatch(/<b>Run 5<\/b>&quot;Charge at 5C&quot; cannot go on at 1204\.112 s/)
    const least = changed(three, (_, index) => (index === 0 ? { status: "failed", reason: "no" } : {}))
    expect(renderSweep(least)).toContain("run 2: 350 MPa")
    expect(renderSweep(least)).not.toMatch(/Soonest in step<\/dt><dd>cycle 4/)
  })

  it("marks runs that do not come into step", () => {
    expect(threePage).toContain(">none</text>")
    const all = changed(three, ({ measures }) => ({
      measures: measures === null ? null : { ...measures, syncCycle: 5 },
    }))
    expect(renderSweep(all)).not.toContain(">none</text>")
  })

  it("can be made before any run has begun, and of runs with one cycle or none", () => {
    const waiting = changed(three, () => ({ status: "waiting", course: null, measures: null, link: null }))
    const page = renderSweep(waiting)
    expect(page).toContain("0 of 3")
    expect(page).not.toContain("<figure")
    for (const cycles of [0, 1]) {
      const short = fakeSweep({ runs: 3, cycles, isSampled: false })
      expect(renderSweep(short)).not.toMatch(/NaN|Infinity|undefined/)
    }
    for (const made of [threePage, sixtyPage]) expect(made).not.toMatch(/[^a-z]NaN|Infinity|undefined/)
  })

  it("takes no mark-up from names, values and reasons", () => {
    const wild = changed({ ...three, title: "<i>&", description: "<script>" }, () => ({
      texts: ["<b>*_^$"],
      values: Float64Array.of(Number.NaN),
      reason: "<u>",
    }))
    const page = renderSweep(wild)
    for (const tag of ["<i>&", "<script>\n", "<b>*", "<u>"]) expect(page).not.toContain(tag)
    expect(page).toContain("&lt;b&gt;*_^$")
  })

  it("refuses columns that do not fit", () => {
    expect(() => renderSweep(changed(three, () => ({ values: new Float64Array(2) })))).toThrow("run-0: values")
  })
})

describe("a factor as it is shown", () => {
  const factorOf = (texts: readonly string[], values: readonly number[], unit = "Pa", isLogarithmic = false) =>
    shownFactors({
      ...three,
      factors: [{ path: "a.b.strength", unit, isLogarithmic }],
      runs: three.runs.map((run, index) => ({
        ...run,
        texts: [texts[index]],
        values: Float64Array.of(values[index]),
      })),
    })[0]

  it("keeps the unit it is written in where all agree, else one that reads well", () => {
    expect(factorOf(["100 MPa", "200 MPa", "300 MPa"], [1e8, 2e8, 3e8])).toMatchObject({
      unit: "MPa",
      levels: ["100 MPa", "200 MPa", "300 MPa"],
      isNumeric: true,
      isLogarithmic: false,
    })
    expect(factorOf(["100 MPa", "0.2 GPa", "300 MPa"], [1e8, 2e8, 3e8])).toMatchObject({ unit: "MPa" })
  })

  it("orders numbers by value and words by the design", () => {
    expect(factorOf(["3 Pa", "1 Pa", "2 Pa"], [3, 1, 2]).levels).toEqual(["1 Pa", "2 Pa", "3 Pa"])
    const nothing = [Number.NaN, Number.NaN, Number.NaN]
    expect(factorOf(["z", "a", "m"], nothing, "")).toMatchObject({ levels: ["z", "a", "m"], isNumeric: false })
  })

  it("leaves out of long words what they all begin and end with", () => {
    const nothing = [Number.NaN, Number.NaN, Number.NaN]
    const steps = ["5C for 432", "3C for 720", "1C for 2160"].map((rate) => `Charge at ${rate} seconds or until 5.1 V`)
    expect(factorOf(steps, nothing, "").shortTexts).toEqual(["5C for 432", "3C for 720", "1C for 2160"])
    expect(factorOf(steps, nothing, "").texts).toEqual(steps)
    const nested = ["long words here", "long words long words here", "long words here"]
    expect(factorOf(nested, nothing, "").shortTexts).toEqual(["here", "long words here", "here"])
    expect(factorOf(["none", "finite", "none"], nothing, "").shortTexts).toEqual(["none", "finite", "none"])
  })

  it("is logarithmic where it was sampled so or spans much", () => {
    expect(factorOf(["1 Pa", "2 Pa", "3 Pa"], [1, 2, 3], "Pa", true).isLogarithmic).toBe(true)
    expect(factorOf(["1 Pa", "10 Pa", "100 Pa"], [1, 10, 100]).isLogarithmic).toBe(true)
    expect(factorOf(["0 Pa", "10 Pa", "100 Pa"], [0, 10, 100]).isLogarithmic).toBe(false)
  })

  it("has one colour a value", () => {
    const { colours } = factorOf(["1 Pa", "2 Pa", "1 Pa"], [1, 2, 1])
    expect(colours[0]).toBe(colours[2])
    expect(colours[0]).not.toBe(colours[1])
  })

  it("gives means by level with the runs they rest on", () => {
    const factor = factorOf(["1 Pa", "2 Pa", "1 Pa"], [1, 2, 1])
    expect(meansByLevel(factor, Float64Array.of(4, Number.NaN, 8))).toEqual([
      { mean: 6, count: 2 },
      { mean: Number.NaN, count: 0 },
    ])
  })
})

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync)
const folder = mkdtempSync(join(tmpdir(), "sweep-page-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(executable === undefined)("the page of a sweep in a browser", () => {
  it("opens from disk without complaints and fits a screen and a phone", async () => {
    const file = join(folder, "report.html")
    writeFileSync(file, sixtyPage)
    const flags = [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
    ]
    const browser = await chromium.launch({
      executablePath: executable ?? "",
      args: [...flags, "--disable-component-update", "--disable-sync"],
    })
    try {
      const page = await browser.newPage({ viewport: { width: 1320, height: 900 } })
      const complaints: string[] = []
      page.on("console", (message) => complaints.push(message.text()))
      page.on("pageerror", (error) => complaints.push(error.message))
      await page.goto(pathToFileURL(file).href)
      expect(complaints).toEqual([])
      for (const width of [1320, 390]) {
        await page.setViewportSize({ width, height: 900 })
        const rights = await page
          .locator("figure svg")
          .evaluateAll((all) => all.map((svg) => svg.getBoundingClientRect().right))
        expect(Math.max(...rights)).toBeLessThanOrEqual(width + 1)
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width)
      }
      // Six panels of one factor stand in one row.
      await page.setViewportSize({ width: 1320, height: 900 })
      const tops = await page
        .locator('[id^="figure-sensitivity-0-"]')
        .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)))
      expect(new Set(tops).size).toBe(1)
    } finally {
      await browser.close()
    }
  })
})
