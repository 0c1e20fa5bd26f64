import { describe, expect, it } from "vitest"
import { livePlot, lossPlot } from "../../src/cli/loss-plot.ts"

const losses = Array.from({ length: 240 }, (_, step) => 8 * Math.exp(-step / 60))
const looks = [
  { step: 120, loss: 1.5 },
  { step: 240, loss: 0.4 },
]

describe("loss plot", () => {
  it("falls from the first loss to the last, with the looks on it", () => {
    const lines = lossPlot({ losses, looks })
    expect(lines[0]).toMatch(/^ +7\.\d+ │\S/)
    expect(lines[9]).toMatch(/^ +0\.1\d+ │ +\S+$/)
    expect(lines.join("").match(/o(?!ut|f)/g)?.length).toBeGreaterThanOrEqual(2)
    // An exponential is a straight line: the first mark of each row moves to the right.
    const starts = lines.slice(0, 10).map((line) => line.slice(10).search(/\S/))
    expect([...starts].sort((a, b) => a - b)).toEqual(starts)
    expect(lossPlot({ losses: [], looks: [] })).toEqual([])
    expect(lossPlot({ losses: [2, 2], looks: [] })[0]).toContain("2.00")
  })

  it("draws over itself on a terminal, and nothing elsewhere", () => {
    const texts: string[] = []
    const news = { share: 0.5, doing: "", losses, looks }
    const stream = (isTTY: boolean) => ({ isTTY, write: (text: string) => texts.push(text) })
    let time = 0
    const plot = livePlot(stream(true), false, () => time)
    plot.draw(news)
    plot.draw(news)
    expect(texts.length).toBe(1)
    time = 2000
    plot.draw(news)
    expect(texts[1]).toBe("\r\u001b[12A\u001b[J")
    expect(texts.length).toBe(3)
    texts.length = 0
    livePlot(stream(false), false).draw(news)
    livePlot(stream(true), true).draw(news)
    expect(texts).toEqual([])
  })
})
