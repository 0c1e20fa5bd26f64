import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Fiber, Layer } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { Engine, type Job, type JobEnd, type JobEvent } from "../../src/engine/engine.ts"
import { inProcess } from "../../src/engine/in-process.ts"
import { lastingThreads, readyThreads, workerThreads } from "../../src/engine/threads.ts"
import { type Chore, work } from "./work.ts"

const entry = new URL("./worker-entry.ts", import.meta.url)
const folder = mkdtempSync(join(tmpdir(), "engine-"))
afterAll(() => rmSync(folder, { recursive: true }))

const runJobs = (engine: Layer.Layer<Engine>, jobs: readonly Job[], events: JobEvent[]) =>
  Effect.gen(function* () {
    const { runAll: run } = yield* Engine
    return yield* run(jobs, (event) => Effect.sync(() => void events.push(event)))
  }).pipe(Effect.provide(engine))

const runAll = (engine: Layer.Layer<Engine>, chores: readonly Chore[], events: JobEvent[] = []) =>
  runJobs(
    engine,
    chores.map((input, index) => ({ name: String(index), input })),
    events,
  )

const squares = (ends: readonly JobEnd[]): unknown[] =>
  ends.map((end) => (end.kind === "done" ? (end.result as { squared: Float64Array }).squared[0] : end))

describe.each([
  { name: "in process", width: 1, engine: inProcess(work) },
  { name: "one thread", width: 1, engine: workerThreads(entry, 1) },
  { name: "three threads", width: 3, engine: workerThreads(entry, 3) },
  { name: "two threads that are ready", width: 2, engine: readyThreads(entry, 2) },
  { name: "two lasting threads", width: 2, engine: Layer.effect(Engine)(lastingThreads(entry, 2)) },
])("an engine: $name", ({ engine, width }) => {
  it("does every job once and returns the ends in the order given", async () => {
    const chores = Array.from({ length: 7 }, (_, value): Chore => ({ kind: "square", value }))
    const events: JobEvent[] = []
    const ends = await Effect.runPromise(runAll(engine, chores, events))
    expect(squares(ends)).toEqual([0, 1, 4, 9, 16, 25, 36])
    for (const [job] of chores.entries()) {
      expect(events.filter((event) => event.job === job)).toEqual([
        { kind: "started", job },
        { kind: "told", job, news: { half: job / 2 } },
        { kind: "ended", job, end: ends[job] },
      ])
    }
  })

  it("has nothing to do without jobs", async () => {
    expect(await Effect.runPromise(runAll(engine, []))).toEqual([])
  })

  it("takes a failure as a value and goes on", async () => {
    const chores: Chore[] = [
      { kind: "square", value: 2 },
      { kind: "throw", message: "no solution" },
      { kind: "unclonable" },
      { kind: "square", value: 3 },
    ]
    const ends = await Effect.runPromise(runAll(engine, chores))
    expect(squares(ends)).toEqual([
      4,
      { kind: "failed", reason: "no solution" },
      { kind: "failed", reason: expect.stringContaining("could not be cloned") },
      9,
    ])
  })

  it(`runs ${width} side by side, no more`, async () => {
    const chores = Array.from({ length: 5 }, (): Chore => ({ kind: "pause", milliseconds: 40 }))
    const events: JobEvent[] = []
    await Effect.runPromise(runAll(engine, chores, events))
    let running = 0
    let most = 0
    for (const { kind } of events) {
      running += kind === "started" ? 1 : kind === "ended" ? -1 : 0
      most = Math.max(most, running)
    }
    expect(most).toBe(width)
  })

  it("follows jobs up that are done, each once and after it", async () => {
    const events: JobEvent[] = []
    const jobs = Array.from({ length: 30 }, (_, value) => ({
      name: String(value),
      input: (value === 4 ? { kind: "throw", message: "no solution" } : { kind: "square", value }) satisfies Chore,
      ...(value === 7 ? {} : { followUp: { kind: "square", value: 100 + value } satisfies Chore }),
    }))
    await Effect.runPromise(runJobs(engine, jobs, events))
    for (const [job] of jobs.entries()) {
      const told = events.filter((event) => event.job === job && event.kind !== "told").map(({ kind }) => kind)
      expect(told).toEqual(["started", "ended", ...(job === 4 || job === 7 ? [] : ["followed up"])])
    }
    const ends = events.flatMap((event) => (event.kind === "followed up" ? [event.end] : []))
    expect(new Set(squares(ends))).toEqual(
      new Set(jobs.flatMap(({ followUp }, job) => (job === 4 || followUp === undefined ? [] : [followUp.value ** 2]))),
    )
    // Five a place are put off until no job waits; the first of thirty need not wait for that.
    const kinds = events.map(({ kind }) => kind)
    const last = kinds.lastIndexOf("started")
    const waiting = (kind: string): number => kinds.slice(0, last).filter((each) => each === kind).length
    expect(waiting("ended") - waiting("followed up")).toBeLessThanOrEqual(6 * width + 1)
    expect(waiting("ended") - waiting("followed up")).toBeGreaterThanOrEqual(4 * width)
  })

  it("takes a follow-up that fails as a value", async () => {
    const events: JobEvent[] = []
    const followUp: Chore = { kind: "throw", message: "no picture" }
    const input: Chore = { kind: "square", value: 3 }
    const ends = await Effect.runPromise(runJobs(engine, [{ name: "a", input, followUp }], events))
    expect(squares(ends)).toEqual([9])
    expect(events.at(-1)).toEqual({ kind: "followed up", job: 0, end: { kind: "failed", reason: "no picture" } })
  })

  it("stops running jobs when it is interrupted, waits for them, begins no other", async () => {
    const files = Array.from({ length: 5 }, (_, index) => join(folder, `${width}-${crypto.randomUUID()}-${index}`))
    const events: JobEvent[] = []
    const all = Effect.runFork(
      runAll(
        engine,
        files.map((file) => ({ kind: "until stopped", file })),
        events,
      ),
    )
    const isReady = () => events.filter(({ kind }) => kind === "told").length === width
    while (!isReady()) await new Promise((resolve) => setTimeout(resolve, 5))
    await Effect.runPromise(Fiber.interrupt(all))
    expect(files.map(existsSync)).toEqual(files.map((_, index) => index < width))
  })

  it("stops the others when its listener fails", async () => {
    const file = join(folder, `${crypto.randomUUID()}`)
    const failing = Effect.gen(function* () {
      const { runAll: run } = yield* Engine
      return yield* run([{ name: "a", input: { kind: "until stopped", file } }], ({ kind }) =>
        kind === "told" ? Effect.fail("the disk is full") : Effect.void,
      )
    }).pipe(Effect.provide(engine))
    expect(await Effect.runPromise(Effect.flip(failing))).toBe("the disk is full")
    expect(existsSync(file)).toBe(true)
  })
})

describe("threads", () => {
  it("that get free early follow up what others have left, while a long job goes on", async () => {
    const short: Chore = { kind: "square", value: 1 }
    const long: Chore = { kind: "pause", milliseconds: 1000 }
    const jobs = [short, short, short, long].map((input, index) => ({ name: String(index), input, followUp: short }))
    const events: JobEvent[] = []
    await Effect.runPromise(runJobs(readyThreads(entry, 2), jobs, events))
    const before = events.slice(
      0,
      events.findIndex(({ kind, job }) => kind === "ended" && job === 3),
    )
    expect(
      before
        .filter(({ kind }) => kind === "followed up")
        .map(({ job }) => job)
        .sort(),
    ).toEqual([0, 1, 2])
  })

  it.each<readonly [string, Chore, string]>([
    ["ends itself", { kind: "exit", code: 7 }, "its worker stopped: exit code 7"],
    ["throws where nobody catches", { kind: "throw later", message: "a bug" }, "its worker stopped: a bug"],
    [
      "runs out of memory",
      { kind: "exhaust memory" },
      "its worker stopped: Worker terminated due to reaching memory limit",
    ],
  ])("report a worker that %s as the end of its job, and replace it", async (_, bad, reason) => {
    const chores: Chore[] = [{ kind: "square", value: 2 }, bad, { kind: "square", value: 3 }]
    const ends = await Effect.runPromise(runAll(workerThreads(entry, 1, { maxOldGenerationSizeMb: 32 }), chores))
    expect(squares(ends)).toEqual([4, { kind: "lost", reason: expect.stringContaining(reason) }, 9])
  })
})
