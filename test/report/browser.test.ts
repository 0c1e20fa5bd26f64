import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { type Browser, chromium, type Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { renderReport } from "../../src/report/report.ts"
import { fakeRun } from "./fake-run.ts"

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync)
if (executable === undefined) console.warn("no Chromium in /usr/bin: the report is not tested in a browser")

describe.skipIf(executable === undefined)("the report in a browser", () => {
  const directory = mkdtempSync(join(tmpdir(), "synchrode-report-"))
  const path = join(directory, "report.html")
  let browser: Browser

  beforeAll(async () => {
    writeFileSync(path, renderReport(fakeRun({ cycles: 3, particles: 20, spans: 6 })))
    browser = await chromium.launch({
      executablePath: executable ?? "",
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync"],
      ],
    })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const opened = async (javaScriptEnabled: boolean, reducedMotion: "reduce" | "no-preference" = "no-preference") => {
    const viewport = { width: 1320, height: 900 }
    const context = await browser.newContext({ javaScriptEnabled, reducedMotion, viewport })
    const page = await context.newPage()
    const complaints: string[] = []
    const requests: string[] = []
    page.on("console", (message) => complaints.push(message.text()))
    page.on("pageerror", (error) => complaints.push(error.message))
    page.on("request", (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(path).href)
    return { page, complaints, requests: requests.filter((url) => !url.startsWith("data:")) }
  }

  it("opens from disk without complaints or requests, every figure drawn in its frame", async () => {
    const { page, complaints, requests } = await opened(true)
    expect(complaints).toEqual([])
    expect(requests).toEqual([pathToFileURL(path).href])
    const figures = await page.locator("figure").evaluateAll((all) =>
      all.map((figure) => {
        const box = figure.querySelector("svg")?.getBoundingClientRect()
        const images = [...figure.querySelectorAll("image")].map((image) => image.getBoundingClientRect().width)
        return { id: figure.id, width: box?.width ?? 0, height: box?.height ?? 0, right: box?.right ?? 0, images }
      }),
    )
    expect(figures.length).toBeGreaterThan(20)
    for (const { id, width, height, right, images } of figures) {
      expect(width, id).toBeGreaterThan(150)
      expect(height, id).toBeGreaterThan(100)
      expect(right, id).toBeLessThanOrEqual(1320)
      for (const image of images) expect(image, id).toBeGreaterThan(50)
    }
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(1320)
    expect(await page.title()).toBe("demo · li2022-fixed-charge")
    await page.context().close()
  })

  it("reads values under the pointer", async () => {
    const { page, complaints } = await opened(true)
    const plot = page.locator("#figure-capacity svg")
    await plot.scrollIntoViewIfNeeded()
    const box = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    await page.mouse.move(box.x + 0.55 * box.width, box.y + 0.5 * box.height)
    expect(await page.locator("#figure-capacity .tip").innerText()).toMatch(
      /^Cycle = 2\s+charge\s+120\s+discharge\s+119\.1/,
    )
    await page.mouse.move(box.x + 0.5 * box.width, box.y - 40)
    expect(await page.locator(".tip").count()).toBe(0)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  /** What the replay shows: its clock, the cursors, the colours of the particles and how many facets are damaged. */
  const shown = (page: Page) =>
    page.locator("#figure-replay").evaluate((figure) => ({
      clock: Number(figure.querySelector("output")?.textContent?.replace(" min", "")),
      cursors: [...figure.querySelectorAll(".cursor")].map((line) => line.getAttribute("d")),
      fills: [...figure.querySelectorAll(".particle")].map((path) => path.getAttribute("fill")),
      worn: [...figure.querySelectorAll(".still")].map((still) =>
        [...still.querySelectorAll(".facets")].reduce(
          (sum, path) => sum + (path.getAttribute("d") ?? "").split("M").length - 1,
          0,
        ),
      ),
      readings: [...figure.querySelectorAll(".reading")].map((text) => text.textContent ?? ""),
    }))
  const scrubbed = async (page: Page, seconds: number) => {
    await page.locator("#figure-replay input").evaluate((slider, value) => {
      ;(slider as HTMLInputElement).value = String(value)
      slider.dispatchEvent(new Event("input"))
    }, seconds)
    return shown(page)
  }

  it("replays a cycle at the press of a button, and at the pull of the slider", async () => {
    const { page, complaints } = await opened(true)
    const still = await shown(page)
    expect(still.clock).toBe(7.2)
    const start = await scrubbed(page, 0)
    expect(start.worn[0]).toBe(0)
    expect(start.worn[1]).toBeGreaterThan(0)
    const charged = await scrubbed(page, 432)
    expect(charged.worn[1]).toBeGreaterThanOrEqual(start.worn[1])
    expect(charged.fills).toEqual(still.fills)
    expect(charged.fills).not.toEqual(start.fills)
    expect(charged.cursors).not.toEqual(start.cursors)
    expect(charged.readings[0]).toMatch(/^charge · \d\.\d\d V · spread of content 0\.\d{3} · mean damage 0\.\d\d$/)
    const end = await scrubbed(page, 1104)
    expect(end.worn[0]).toBeGreaterThanOrEqual(charged.worn[0])

    const button = page.locator("#figure-replay button")
    await button.click()
    expect(await button.innerText()).toBe("Pause")
    await expect.poll(async () => (await shown(page)).clock, { timeout: 20_000 }).toBeGreaterThan(0.5)
    const moved = await shown(page)
    expect(moved.clock).toBeLessThan(end.clock)
    await button.click()
    const [paused, later] = [await shown(page), await page.waitForTimeout(200).then(() => shown(page))]
    expect(later).toEqual(paused)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it("replays in single pictures where less motion is wished for", async () => {
    const { page } = await opened(true, "reduce")
    await page.clock.install({ time: 0 })
    await page.clock.pauseAt(1e6)
    await page.locator("#figure-replay button").click()
    const pictures: (string | null)[] = []
    for (let second = 0; second < 3; second++) {
      await page.clock.runFor(500)
      pictures.push((await shown(page)).cursors[0])
      await page.clock.runFor(490)
      pictures.push((await shown(page)).cursors[0])
      await page.clock.runFor(10)
    }
    expect(new Set(pictures).size).toBe(3)
    await page.context().close()
  })

  it("is complete without JavaScript and fits a phone", async () => {
    const { page } = await opened(false)
    expect(await page.locator("figure svg").count()).toBeGreaterThan(20)
    expect(await page.locator("#figure-replay .still svg").count()).toBe(2)
    expect(await page.locator("#figure-replay button").isVisible()).toBe(false)
    expect(await page.locator("main").innerText()).toContain("Parameters and their sources")
    await page.setViewportSize({ width: 390, height: 800 })
    const widest = await page
      .locator("figure svg")
      .evaluateAll((all) => Math.max(...all.map((svg) => svg.getBoundingClientRect().right)))
    expect(widest).toBeLessThanOrEqual(391)
    await page.context().close()
  })
})
