import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { type Browser, chromium, type Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { renderParticles } from "../../src/report/particles/page.ts"
import { fakeParticles } from "./fake-particles.ts"

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync)
if (executable === undefined)
  console.warn("no Chromium in /usr/bin: the report of particles is not tested in a browser")

describe.skipIf(executable === undefined)("the report of particles in a browser", () => {
  const directory = mkdtempSync(join(tmpdir(), "synchrode-particles-"))
  const path = join(directory, "report.html")
  let browser: Browser

  beforeAll(async () => {
    writeFileSync(path, renderParticles(fakeParticles(60)).page)
    browser = await chromium.launch({
      executablePath: executable ?? "",
      args: [
        ...["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"],
        ...["--disable-component-update", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
      ],
    })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const opened = async (javaScriptEnabled: boolean) => {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1000, height: 800 } })
    const page = await context.newPage()
    const complaints: string[] = []
    const requests: string[] = []
    page.on("console", (message) => {
      // Drawing without a graphics card is slow, and the browser says so.
      if (!/GPU stall|GL Driver Message/.test(message.text())) complaints.push(message.text())
    })
    page.on("pageerror", (error) => complaints.push(error.message))
    page.on("request", (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(path).href)
    return { page, complaints, requests: requests.filter((url) => !url.startsWith("data:")) }
  }

  /** Mean colour of the view in space. */
  const seen = async (page: Page): Promise<readonly number[]> => {
    const shot = await page.locator("#figure-scene .stage").screenshot()
    return page.evaluate(async (data) => {
      const picture = new Image()
      picture.src = `data:image/png;base64,${data}`
      await picture.decode()
      const canvas = document.createElement("canvas")
      ;[canvas.width, canvas.height] = [picture.width, picture.height]
      const context = canvas.getContext("2d") as CanvasRenderingContext2D
      context.drawImage(picture, 0, 0)
      const { data: pixels } = context.getImageData(0, 0, canvas.width, canvas.height)
      const sums = [0, 0, 0]
      for (let at = 0; at < pixels.length; at += 4) for (let k = 0; k < 3; k++) sums[k] += pixels[at + k]
      return sums.map((sum) => (4 * sum) / pixels.length)
    }, shot.toString("base64"))
  }
  const difference = (a: readonly number[], b: readonly number[]): number =>
    Math.max(...a.map((value, k) => Math.abs(value - b[k])))

  it("opens from disk without complaints or requests, the view in space in the place of its picture", async () => {
    const { page, complaints, requests } = await opened(true)
    expect(requests).toEqual([pathToFileURL(path).href])
    expect(await page.locator("#figure-scene.live canvas").isVisible()).toBe(true)
    expect(await page.locator("#figure-scene img").isVisible()).toBe(false)
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(1000)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it("draws the same first look as the picture", async () => {
    const [live, still] = await Promise.all([opened(true), opened(false)])
    expect(difference(await seen(live.page), await seen(still.page))).toBeLessThan(2)
    await Promise.all([live.page.context().close(), still.page.context().close()])
  })

  it("is coloured by any attribute, cut open, turned, and read under the pointer", async () => {
    const { page, complaints } = await opened(true)
    const stage = page.locator("#figure-scene .stage")
    await stage.scrollIntoViewIfNeeded()
    const first = await seen(page)
    await page.locator("#figure-scene select[name=attribute]").selectOption({ label: "Volume" })
    const other = await seen(page)
    expect(difference(first, other)).toBeGreaterThan(1)
    expect(await page.locator("#figure-scene .scale").innerText()).toContain("µm³")

    await page.locator("#figure-scene select[name=side]").selectOption("z+")
    const cut = await seen(page)
    expect(cut.reduce((sum, value) => sum + value)).toBeGreaterThan(other.reduce((sum, value) => sum + value) + 2)
    await page.locator("#figure-scene button").click()
    expect(difference(await seen(page), other)).toBeLessThan(0.5)

    const box = (await stage.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    const says: string[] = []
    for (let step = 0; step < 24; step++) {
      await page.mouse.move(box.x + box.width * (0.4 + 0.01 * step), box.y + box.height * 0.5)
      says.push(await page.locator("#figure-scene output").innerText())
    }
    expect(says.some((text) => /^particle \d+: Volume [\d.]+ µm³$/.test(text))).toBe(true)

    const label = page.locator("#figure-scene [data-at]").first()
    const before = await label.boundingBox()
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.55, { steps: 3 })
    await page.mouse.up()
    await expect.poll(async () => (await label.boundingBox())?.x, { timeout: 5000 }).not.toBe(before?.x)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it("hides the labels at a click, and is complete without JavaScript", async () => {
    const { page } = await opened(false)
    expect(await page.locator("#figure-scene img").isVisible()).toBe(true)
    expect(await page.locator("#figure-scene .tools").isVisible()).toBe(false)
    const overlay = page.locator("#figure-plane-xy .overlay")
    expect(await overlay.isVisible()).toBe(true)
    await page.locator(".planes input").uncheck()
    expect(await overlay.isVisible()).toBe(false)
    await page.setViewportSize({ width: 390, height: 800 })
    const widest = await page
      .locator("figure svg")
      .evaluateAll((all) => Math.max(...all.map((svg) => svg.getBoundingClientRect().right)))
    expect(widest).toBeLessThanOrEqual(391)
    await page.context().close()
  })
})
