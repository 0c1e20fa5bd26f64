import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { hostname, tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Result } from "effect"
import fc from "fast-check"
import { afterAll, beforeEach, describe, expect, it } from "vitest"
import { writeAtomically } from "../../src/store/atomic.ts"
import { openLog } from "../../src/store/log.ts"
import { type Manifest, readManifest, writeManifest } from "../../src/store/manifest.ts"
import { pack, unpack } from "../../src/store/packing.ts"
import { assertUnoccupied, createRunDirectory } from "../../src/store/run-directory.ts"
import {
  cycleSnapshots,
  cyclesKept,
  latestSnapshot,
  readCycleSnapshot,
  sealed,
  snapshotFiles,
  unsealed,
  writeCycleSnapshot,
  writeSnapshot,
} from "../../src/store/snapshots.ts"

const root = mkdtempSync(join(tmpdir(), "store-"))
afterAll(() => rmSync(root, { recursive: true }))
let folder = root
beforeEach(() => {
  folder = mkdtempSync(join(root, "run-"))
})

const run = <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(effect)
const outcome = <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(Effect.result(effect))
const noTables = () => 0

describe("packing", () => {
  it("keeps numbers, text, lists, records and typed arrays, bit for bit", () => {
    const typed = fc.oneof(fc.float64Array(), fc.float32Array(), fc.int32Array(), fc.uint8Array(), fc.uint16Array())
    const leaf = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean(), fc.constant(null), typed)
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          tie("value"),
          { maxKeys: 4, noNullPrototype: true },
        ),
      ),
    }))
    fc.assert(
      fc.property(value, (original) => {
        expect(unpack(pack(original))).toEqual(original)
      }),
    )
  })

  it("gives arrays of their own that are aligned, also for views", () => {
    const view = Float64Array.of(1, 2, 3, 4).subarray(1, 3)
    const back = unpack(pack({ odd: "x", view })) as { view: Float64Array }
    expect(back.view).toEqual(Float64Array.of(2, 3))
    expect(back.view.byteOffset).toBe(0)
    expect(back.view.buffer.byteLength).toBe(16)
    expect(Object.is(unpack(pack(-0)), -0)).toBe(true)
  })
})

describe("sealed values", () => {
  it("are refused after any damage", () => {
    const bytes = sealed({ x: Float64Array.from({ length: 100 }, (_, k) => k), note: "state" })
    expect(unsealed(bytes)).toHaveProperty("value")
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Uint8Array.from(bytes)
        damaged[at] ^= change
        const result = unsealed(damaged)
        // A changed name of a key of the envelope is damage as well; nothing else may pass.
        expect(result).toHaveProperty("damage")
      }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        expect(unsealed(bytes.subarray(0, length))).toHaveProperty("damage")
      }),
    )
  })
})

describe("snapshots", () => {
  const take = (step: number, sizes = {}) =>
    writeSnapshot(folder, { step, time: step * 10, sizes }, { x: Float64Array.of(step) })

  it("the last three are kept; the latest is chosen", async () => {
    for (const step of [3, 20, 100, 1000]) await run(take(step))
    expect(snapshotFiles(folder)).toEqual([
      "snapshot-00001000.msgpack",
      "snapshot-00000100.msgpack",
      "snapshot-00000020.msgpack",
    ])
    const { snapshot, warnings } = await run(latestSnapshot(folder, noTables))
    expect(snapshot).toMatchObject({ step: 1000, time: 10_000, state: { x: Float64Array.of(1000) } })
    expect(warnings).toEqual([])
  })

  it("ends of cycles stay beside them, at most 32, evenly thinned, the last always", async () => {
    for (let cycle = 1; cycle <= 40; cycle++) {
      await run(writeCycleSnapshot(folder, cycle, { step: cycle, time: cycle, sizes: {} }, { x: cycle }))
    }
    await run(take(41))
    expect(cycleSnapshots(folder)).toEqual(Array.from({ length: 20 }, (_, k) => 2 * k + 2))
    expect(snapshotFiles(folder)).toEqual(["snapshot-00000041.msgpack"])
    expect(await run(readCycleSnapshot(folder, 38, noTables))).toMatchObject({ step: 38, state: { x: 38 } })
    truncateSync(join(folder, "cycle-00040.msgpack"), 50)
    const damaged = await outcome(readCycleSnapshot(folder, 40, noTables))
    expect(damaged).toMatchObject({ failure: { reason: "cycle-00040.msgpack: it was cut off or overwritten" } })
  })

  it("however many cycles there were, a bounded number is kept, the gaps at most doubling", () => {
    let kept: readonly number[] = []
    for (let cycle = 0; cycle <= 1000; cycle++) {
      kept = cyclesKept([...kept, cycle])
      expect(kept.length).toBeLessThanOrEqual(32)
      expect(kept.at(-1)).toBe(cycle)
      const gaps = kept.slice(1).map((each, k) => each - kept[k])
      expect(Math.max(0, ...gaps)).toBeLessThanOrEqual(Math.max(1, cycle / 8))
    }
  })

  it("a damaged one is passed over with a warning", async () => {
    for (const step of [1, 2, 3]) await run(take(step))
    truncateSync(join(folder, "snapshot-00000003.msgpack"), 50)
    const bytes = readFileSync(join(folder, "snapshot-00000002.msgpack"))
    bytes[bytes.length - 3] ^= 1
    writeFileSync(join(folder, "snapshot-00000002.msgpack"), bytes)
    writeFileSync(join(folder, "snapshot-00000009.msgpack.77.tmp"), "half")
    const { snapshot, warnings } = await run(latestSnapshot(folder, noTables))
    expect(snapshot.step).toBe(1)
    expect(warnings).toEqual([
      "snapshot-00000003.msgpack is passed over: it was cut off or overwritten",
      "snapshot-00000002.msgpack is passed over: its checksum does not fit its content",
    ])
  })

  it("one whose tables have lost rows is passed over", async () => {
    await run(take(1, { "history.csv": 100 }))
    await run(take(2, { "history.csv": 200 }))
    const { snapshot, warnings } = await run(latestSnapshot(folder, () => 150))
    expect(snapshot.step).toBe(1)
    expect(warnings[0]).toContain("history.csv is shorter")
  })

  it("none at all is a failure with its reason", async () => {
    expect(await outcome(latestSnapshot(folder, noTables))).toMatchObject({ failure: { _tag: "SnapshotMissing" } })
    expect(await outcome(latestSnapshot(join(folder, "gone"), noTables))).toMatchObject({
      failure: { _tag: "SnapshotMissing" },
    })
    writeFileSync(join(folder, "snapshot-00000001.msgpack"), "nonsense")
    expect(await outcome(latestSnapshot(folder, noTables))).toMatchObject({
      failure: { reason: expect.stringContaining("no snapshot is whole") },
    })
  })
})

describe("append-only files", () => {
  const log = (size: number) => openLog(join(folder, "history.csv"), size, "time_s\n")

  it("go on where a snapshot left them; what came after is cut off", async () => {
    const size = await run(
      Effect.scoped(
        Effect.gen(function* () {
          const history = yield* log(0)
          yield* history.append("0\n10\n")
          const safe = yield* history.sync
          yield* history.append("20\n3")
          return safe
        }),
      ),
    )
    expect(readFileSync(join(folder, "history.csv"), "utf8")).toBe("time_s\n0\n10\n20\n3")
    await run(Effect.scoped(Effect.flatMap(log(size), (history) => history.append("21\n"))))
    expect(readFileSync(join(folder, "history.csv"), "utf8")).toBe("time_s\n0\n10\n21\n")
  })

  it("hold what was appended even when the process never closes them", async () => {
    await run(
      Effect.scoped(
        Effect.gen(function* () {
          const history = yield* log(0)
          yield* history.append("0\n")
          expect(readFileSync(history.path, "utf8")).toBe("time_s\n0\n")
        }),
      ),
    )
  })
})

describe("what cannot be written", () => {
  it("a folder that is missing, a file in the way, a full disk: each a failure with its reason", async () => {
    expect(await outcome(writeAtomically(join(folder, "gone", "x"), "x"))).toMatchObject({
      failure: { _tag: "RunUnwritable", code: "ENOENT" },
    })
    writeFileSync(join(folder, "file"), "")
    expect(await outcome(createRunDirectory(join(folder, "file", "run"), false))).toMatchObject({
      failure: { _tag: "RunUnwritable" },
    })
    // The disk that is always full.
    if (existsSync("/dev/full")) {
      const full = Effect.scoped(openLog("/dev/full", 1, ""))
      expect(await outcome(Effect.flatMap(full, (log) => log.append("x")))).toHaveProperty("failure")
    }
  })

  it("an atomic write that fails leaves the old file and no rubbish", async () => {
    await run(writeAtomically(join(folder, "a"), "old"))
    mkdirSync(join(folder, "b"))
    writeFileSync(join(folder, "b", "inside"), "")
    expect(await outcome(writeAtomically(join(folder, "b"), "new"))).toHaveProperty("failure")
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("old")
  })
})

const manifest: Manifest = {
  format: 1,
  program: { name: "synchrode", version: "0.1.0", node: "24" },
  twin: { name: "t", description: "", file: "t.yaml", content: { a: [1, "x"] } },
  scenario: { name: "s", description: "", file: "s.yaml", content: {}, profiles: {} },
  settings: [],
  parameters: [{ path: "a", value: 1, unit: "m", text: "1 m", source: "me" }],
  inputs: [{ file: "t.yaml", sha256: "00" }],
  mesh: { particles: 3, cells: 100, nodes: 60, interfaceFacets: 30 },
  seed: null,
  threads: 1,
  process: { id: process.pid, host: hostname() },
  started: "2026-01-01T00:00:00Z",
  ended: null,
  status: "running",
  reason: "",
  warnings: [],
  wallTime: 0,
  time: 0,
  solver: { accepted: 3, seconds: { total: 1 } },
  mechanicalEnergy: null,
  snapshot: null,
}

describe("run directories", () => {
  it("hold a manifest that reads back", async () => {
    await run(writeManifest(folder, manifest))
    expect(await run(readManifest(folder))).toEqual(manifest)
    writeFileSync(join(folder, "manifest.json"), "{}")
    expect(await outcome(readManifest(folder))).toMatchObject({ failure: { _tag: "RunUnreadable" } })
    expect(await outcome(readManifest(root))).toMatchObject({
      failure: { reason: "is no run directory: no manifest.json" },
    })
  })

  it("are not overwritten unless asked for, and then only what a run wrote", async () => {
    await run(createRunDirectory(folder, false))
    await run(writeManifest(folder, manifest))
    writeFileSync(join(folder, "notes.txt"), "mine")
    writeFileSync(join(folder, "history.csv"), "old")
    expect(await outcome(createRunDirectory(folder, false))).toMatchObject({ failure: { _tag: "RunOccupied" } })
    await run(createRunDirectory(folder, true))
    expect(readdirSync(folder).sort()).toEqual(["fields", "notes.txt", "snapshots"])
  })

  it("are left alone while another process runs them", async () => {
    const parent = { ...manifest, process: { id: process.ppid, host: hostname() } }
    expect(Result.isFailure(await outcome(assertUnoccupied(folder, parent)))).toBe(true)
    for (const free of [
      manifest,
      { ...parent, status: "interrupted" as const },
      { ...parent, process: { id: 2 ** 22 + 1, host: hostname() } },
    ]) {
      expect(Result.isSuccess(await outcome(assertUnoccupied(folder, free)))).toBe(true)
    }
  })
})
