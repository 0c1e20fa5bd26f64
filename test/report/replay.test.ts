import { describe, expect, it } from "vitest"
import { contextOf } from "../../src/report/context.ts"
import type { ReportInput } from "../../src/report/input.ts"
import { replayTracks } from "../../src/report/replay.ts"
import { replayOf } from "../../src/report/replay-drawing.ts"
import { renderReport } from "../../src/report/report.ts"
import { curvesOf, particleIndex } from "../../src/report/series.ts"
import { fakeRun } from "./fake-run.ts"

const run = fakeRun({ cycles: 3, particles: 3, spans: 6 })
const tracksOf = (input: ReportInput) => replayTracks(contextOf(input))
const period = 1104

/** Cycles up to a time, as a run that broke off there leaves them; a cycle that was not finished has no row. */
const brokenOff = (input: ReportInput, at: number, finished: number): ReportInput => {
  const cut = <Table extends object>(table: Table, rows: number): Table =>
    Object.fromEntries(
      Object.entries(table).map(([name, column]) => [
        name,
        ArrayBuffer.isView(column) || Array.isArray(column)
          ? (column as Float64Array).slice(0, rows)
          : cut(column as object, rows),
      ]),
    ) as Table
  const rowsUntil = (time: Float64Array) => time.filter((value) => value <= at).length
  return {
    ...input,
    manifest: { ...input.manifest, status: "interrupted" },
    history: cut(input.history, rowsUntil(input.history.time)),
    particleHistory: cut(input.particleHistory, rowsUntil(input.particleHistory.time)),
    cycles: cut(input.cycles, finished),
    frames: input.frames.filter(({ time }) => time <= at),
  }
}

describe("the tracks of a replay", () => {
  it("are the first and the last cycle, each from its beginning, with the recorded contents", () => {
    const tracks = tracksOf(run)
    expect(tracks.map(({ cycle }) => cycle)).toEqual([1, 3])
    const { particleHistory: table } = run
    const content = curvesOf(particleIndex(table), table.meanStoichiometry)
    for (const { cycle, time, content: shown, endOfCharge } of tracks) {
      expect([time[0], time[time.length - 1], endOfCharge]).toEqual([0, period, 432])
      const charged = time.indexOf(432)
      const row = content.time.indexOf((cycle - 1) * period + 432)
      expect(shown[charged]).toEqual(content.values.map((curve) => Math.round(1000 * curve[row])))
    }
  })

  it("know where damage sat before, during and after the cycle, with the damage recorded then", () => {
    const [first, last] = tracksOf(run)
    // Frames at the ends of charge of cycles 1 and 3.
    expect(first.keys).toHaveLength(2)
    expect(last.keys).toEqual(first.keys)
    const [frame] = run.frames
    expect(first.keys[0].facet).toEqual(
      Array.from({ length: (frame.interfaceDamage?.length ?? 0) / 2 }, (_, facet) =>
        Math.round(50 * ((frame.interfaceDamage?.[2 * facet] ?? 0) + (frame.interfaceDamage?.[2 * facet + 1] ?? 0))),
      ),
    )
    const { particleHistory: table } = run
    const row = table.time.indexOf(432)
    expect(first.keys[0].mean).toEqual([0, 1, 2].map((particle) => Number(table.damage[row + particle].toFixed(4))))
  })

  it("of a run that broke off are its last whole cycle, or what there is of the second", () => {
    expect(tracksOf(brokenOff(run, 2 * period + 200, 2)).map(({ cycle }) => cycle)).toEqual([1, 2])
    const second = tracksOf(brokenOff(run, period + 200, 1))
    expect(second.map(({ cycle, time }) => [cycle, time[time.length - 1]])).toEqual([
      [1, period],
      [2, 200],
    ])
    const only = tracksOf(brokenOff(run, 300, 0))
    expect(only.map(({ cycle, endOfCharge }) => [cycle, endOfCharge])).toEqual([[1, 296]])
    for (const input of [brokenOff(run, period + 200, 1), brokenOff(run, 300, 0)]) {
      expect(renderReport(input)).toContain('id="figure-replay"')
    }
  })

  it("are none without a layout, and one of a run of one cycle", () => {
    expect(tracksOf({ ...run, mesh: null, frames: [] })).toEqual([])
    expect(renderReport({ ...run, mesh: null, frames: [] })).not.toContain("figure-replay")
    expect(tracksOf(fakeRun({ cycles: 1, particles: 3, spans: 4 }))).toHaveLength(1)
  })

  it("do without a voltage that was not recorded", () => {
    const voltage = run.history.voltage.map(() => Number.NaN)
    const tracks = tracksOf({ ...run, history: { ...run.history, voltage } })
    expect(tracks.map((track) => track.voltage.time)).toEqual([[], []])
    expect(JSON.stringify(tracks)).not.toContain("NaN")
  })

  it("stay small whatever the number of cycles and particles", () => {
    const many = tracksOf(fakeRun({ cycles: 20, particles: 20, spans: 6 }))
    for (const { time, content, voltage } of many) {
      expect(time.length * content[0].length).toBeLessThan(13_000)
      expect(voltage.time.length).toBeLessThan(350)
    }
  })
})

describe("the stills of a replay", () => {
  it("stand at the end of charge, damage included, with a cursor for each plot", () => {
    const replay = replayOf(contextOf(run), 1152)
    expect(replay?.data.still).toBe(432)
    expect(replay?.stills).toHaveLength(2)
    for (const { body } of replay?.stills ?? []) {
      expect(body.match(/class="particle"/g)).toHaveLength(3)
      expect(body.match(/class="cursor"/g)).toHaveLength(2)
      expect(body).not.toMatch(/NaN|undefined/)
    }
    const worn = (replay?.stills ?? []).map(({ body }) => body.match(/class="facets" d="M/g)?.length ?? 0)
    expect(worn[1]).toBeGreaterThan(0)
  })

  it("colour whole outlines where fields were not recorded, and none without mechanics", () => {
    const bare = replayOf(contextOf({ ...run, frames: [] }), 1152)
    expect(bare?.stills[1].body).not.toContain("facets")
    expect(bare?.stills[1].body.match(/class="particle"[^>]*stroke-width="3"/g)).toHaveLength(3)
    expect(bare?.data.facets).toEqual([])
    const damage = run.particleHistory.damage.map(() => Number.NaN)
    const elastic = replayOf(
      contextOf({ ...run, frames: [], particleHistory: { ...run.particleHistory, damage } }),
      1152,
    )
    expect(elastic?.caption).not.toContain("damage")
    expect(elastic?.legend.body).not.toContain("damage")
  })
})
