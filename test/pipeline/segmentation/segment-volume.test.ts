import { existsSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect, Fiber } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { openVolume } from "../../../src/formats/open-volume.ts"
import { volumeInMemory } from "../../../src/formats/volume-in-memory.ts"
import type { VolumeSource } from "../../../src/formats/volume-source.ts"
import { type Box, type Triple, wholeOf } from "../../../src/image/brick.ts"
import type { Grid } from "../../../src/image/volume.ts"
import type { LabelledVolume } from "../../../src/pipeline/segmentation/labelled-volume.ts"
import {
  type SegmentationError,
  scratchBytesPerVoxel,
  segmentIn,
  segmentVolume,
} from "../../../src/pipeline/segmentation/segment-volume.ts"
import { defaultVolumeSettings, type VolumeSettings } from "../../../src/pipeline/segmentation/settings.ts"
import { type ScratchSpace, scratchInMemory, scratchOnDisk } from "../../../src/store/scratch-volume.ts"

const folder = mkdtempSync(join(tmpdir(), "segmentation-test-"))
afterAll(() => rmSync(folder, { recursive: true }))

interface Ball {
  readonly centre: Triple
  readonly radius: number
}

const micro = 1e-6
const cubic: Triple = [micro, micro, micro]

/** Number of the ball that each voxel lies deepest in, 0 outside; lengths in micrometres. */
const drawn = ({ shape, spacing }: Grid, balls: readonly Ball[]): Int32Array => {
  const [nx, ny, nz] = shape
  const out = new Int32Array(nx * ny * nz)
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        const place = [x, y, z].map((p, axis) => (p * spacing[axis]) / micro)
        let deepest = 0
        balls.forEach(({ centre, radius }, k) => {
          const depth = radius - Math.hypot(...centre.map((c, axis) => c - place[axis]))
          if (depth > deepest) {
            deepest = depth
            out[i] = k + 1
          }
        })
      }
  return out
}

/** Balls that touch many of their neighbours, some hollow, cut by the border. */
const packed = (shape: Triple, seed: number): readonly Ball[] => {
  const random = seededRandom(seed)
  const balls: Ball[] = []
  for (let trial = 0; trial < 4000; trial++) {
    const radius = 3 + 4 * random.uniform()
    const centre: Triple = [random.uniform() * shape[0], random.uniform() * shape[1], random.uniform() * shape[2]]
    const isFree = balls.every(
      (other) => Math.hypot(...centre.map((c, axis) => c - other.centre[axis])) > other.radius + 0.88 * radius,
    )
    if (isFree) balls.push({ centre, radius })
  }
  return balls
}

const shape: Triple = [43, 38, 34]
const grid: Grid = { shape, spacing: cubic }
const truth = drawn(grid, packed(shape, 3))
const phases = (() => {
  const random = seededRandom(5)
  // Cavities of a voxel, carbon/binder around.
  return Uint8Array.from(truth, (ball) =>
    ball > 0 ? (random.uniform() < 0.01 ? 0 : 1) : random.uniform() < 0.3 ? 2 : 0,
  )
})()

const settings: VolumeSettings = { ...defaultVolumeSettings, smallestDiameter: 2 * micro }
const resources = { memory: 4e9, threads: 1, scratch: folder }

interface Result extends Pick<LabelledVolume, "count" | "boxes" | "sizes" | "touchesBorder"> {
  readonly labels: Int32Array
}

const kept = (found: LabelledVolume) =>
  Effect.map(
    found.readLabels(wholeOf(found.grid)),
    (labels): Result => ({
      labels,
      count: found.count,
      boxes: found.boxes,
      sizes: found.sizes,
      touchesBorder: found.touchesBorder,
    }),
  )

const segmented = (source: VolumeSource, chosen: VolumeSettings = settings, more: object = {}): Promise<Result> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(
        segmentVolume(source, chosen, { ...resources, ...more }, () => Effect.void),
        kept,
      ),
    ),
  )

const failed = (source: VolumeSource, chosen: VolumeSettings): Promise<SegmentationError> =>
  Effect.runPromise(Effect.flip(Effect.scoped(segmentVolume(source, chosen, resources, () => Effect.void))))

/** Share of voxels that two labellings put together otherwise. */
const difference = (a: Int32Array, b: Int32Array): number => {
  const overlap = new Map<string, number>()
  a.forEach((one, i) => {
    if (one !== 0 || b[i] !== 0) overlap.set(`${one} ${b[i]}`, (overlap.get(`${one} ${b[i]}`) ?? 0) + 1)
  })
  const best = new Map<string, number>()
  let all = 0
  for (const [pair, count] of overlap) {
    const [one, other] = pair.split(" ")
    all += count
    if (one !== "0" && other !== "0") best.set(one, Math.max(count, best.get(one) ?? 0))
  }
  return 1 - [...best.values()].reduce((sum, count) => sum + count, 0) / all
}

const hysteresis: VolumeSettings = {
  ...settings,
  meaning: {
    kind: "gray",
    denoise: { kind: "median", radius: 1 },
    threshold: { kind: "hysteresis", low: 900, high: 1300 },
  },
  healing: { closing: 2 * micro, fillsCavities: true, opening: 1.1 * micro },
}
const grays = (() => {
  const random = seededRandom(6)
  return Uint16Array.from(phases, (phase) => [300, 1500, 700][phase] + 40 * random.normal())
})()

describe("the labels of a volume", () => {
  const cases = {
    phases: { source: volumeInMemory(grid, phases), chosen: settings },
    "gray values, every step": { source: volumeInMemory(grid, grays), chosen: hysteresis },
  }

  it.each(Object.entries(cases))(
    "are the same bit for bit for any memory, bricks and threads: %s",
    async (_, { source, chosen }) => {
      const expected = await segmented(source, chosen)
      expect(expected.count).toBeGreaterThan(20)
      const rooms = [
        { brick: 64 },
        { brick: 16 },
        { brick: 7 },
        { threads: 2 },
        { threads: 2, brick: 11 },
        // Slabs of one and of several planes, in files.
        { bytes: 60_000, onDisk: true },
        { bytes: 250_000, onDisk: true, threads: 2 },
        { bytes: 8e6, onDisk: true, brick: 13 },
      ]
      for (const { onDisk = false, bytes = 8e6, threads = 1, ...cut } of rooms) {
        const run = Effect.gen(function* () {
          const space = onDisk ? yield* scratchOnDisk(shape, folder, 1e6) : scratchInMemory(shape)
          const room = { space, plan: { bytes, threads, ...cut }, memory: 1e9 }
          return yield* kept(yield* segmentIn(room, source, chosen, () => Effect.void))
        })
        const found = await Effect.runPromise(Effect.scoped(run))
        expect(found, JSON.stringify({ onDisk, bytes, threads, ...cut })).toEqual(expected)
      }
    },
  )

  it("are those of the balls that were drawn", async () => {
    const { labels, count } = await segmented(volumeInMemory(grid, phases))
    const large = new Set(truth.filter((_, i) => labels[i] !== 0))
    expect(Math.abs(count - large.size)).toBeLessThan(0.05 * large.size)
    const solid = truth.map((ball, i) => (phases[i] === 1 && large.has(ball) ? ball : 0))
    expect(difference(solid, labels)).toBeLessThan(0.02)
  })

  it("hold what the table says of them", async () => {
    const { labels, count, sizes, boxes, touchesBorder } = await segmented(volumeInMemory(grid, phases))
    const [nx, ny, nz] = shape
    const low = Array.from({ length: count }, () => [nx, ny, nz])
    const high = Array.from({ length: count }, () => [0, 0, 0])
    const size = new Float64Array(count)
    let highest = 0
    labels.forEach((label, i) => {
      if (label === 0) return
      expect(phases[i]).toBe(1)
      // Numbered in the order in which a scan meets them.
      expect(label).toBeLessThanOrEqual(highest + 1)
      highest = Math.max(highest, label)
      size[label - 1]++
      const place = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))]
      place.forEach((p, axis) => {
        low[label - 1][axis] = Math.min(low[label - 1][axis], p)
        high[label - 1][axis] = Math.max(high[label - 1][axis], p + 1)
      })
    })
    expect(highest).toBe(count)
    expect(size).toEqual(sizes)
    expect([...boxes]).toEqual(low.flatMap((from, k) => [...from, ...high[k]]))
    const isCut = low.map((from, k) => from.includes(0) || high[k].some((to, axis) => to === shape[axis]))
    expect([...touchesBorder]).toEqual(isCut.map(Number))
    expect(isCut).toContain(true)
    expect(isCut).toContain(false)
  })

  it.each([
    { name: "mirrored along x", axes: [0, 1, 2], flip: 0 },
    { name: "mirrored along z", axes: [0, 1, 2], flip: 2 },
    { name: "with x, y, z as y, z, x", axes: [1, 2, 0], flip: -1 },
    { name: "with x and z exchanged", axes: [2, 1, 0], flip: -1 },
  ])("part the volume $name in the same way", async ({ axes, flip }) => {
    const [nx, ny] = shape
    const turned: Triple = [shape[axes[0]], shape[axes[1]], shape[axes[2]]]
    const placeOf = Int32Array.from(phases, (_, i) => {
      const at = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))].map((p, axis) =>
        axis === flip ? shape[axis] - 1 - p : p,
      )
      return at[axes[0]] + turned[0] * (at[axes[1]] + turned[1] * at[axes[2]])
    })
    const values = new Uint8Array(phases.length)
    for (let i = 0; i < values.length; i++) values[placeOf[i]] = phases[i]
    const straight = await segmented(volumeInMemory(grid, phases))
    const found = await segmented(volumeInMemory({ shape: turned, spacing: cubic }, values))
    expect(found.count).toBe(straight.count)
    const back = Int32Array.from(placeOf, (place) => found.labels[place])
    expect(difference(straight.labels, back)).toBeLessThan(1e-3)
  })

  it("are the same bodies in flat voxels", async () => {
    const fine: Grid = { shape: [60, 40, 40], spacing: cubic }
    const flat: Grid = { shape: [60, 40, 16], spacing: [micro, micro, 2.5 * micro] }
    const balls: Ball[] = [
      { centre: [14, 20, 19], radius: 9 },
      { centre: [30, 21, 20], radius: 8.5 },
      { centre: [46, 19, 18], radius: 9.5 },
    ]
    const volumes = await Promise.all(
      [fine, flat].map(async (each) => {
        const { sizes } = await segmented(volumeInMemory(each, Uint8Array.from(drawn(each, balls), Math.sign)))
        const voxel = each.spacing[0] * each.spacing[1] * each.spacing[2]
        return [...sizes].map((size) => size * voxel).sort((a, b) => a - b)
      }),
    )
    expect(volumes[0]).toHaveLength(3)
    expect(volumes[1]).toHaveLength(3)
    volumes[0].forEach((volume, k) => {
      expect(Math.abs(volumes[1][k] - volume)).toBeLessThan(0.04 * volume)
    })
  })
})

describe("settings", () => {
  const pair: Grid = { shape: [44, 22, 22], spacing: cubic }
  const balls: Ball[] = [
    { centre: [12, 11, 11], radius: 9 },
    { centre: [27, 11, 11], radius: 8 },
  ]

  it("say how much a peak must stand out", async () => {
    const source = volumeInMemory(pair, Uint8Array.from(drawn(pair, balls), Math.sign))
    const counts = [0.1, 0.9].map(async (relative) => {
      const { count } = await segmented(source, { ...settings, dynamics: { voxels: 0.75, relative } })
      return count
    })
    expect(await Promise.all(counts)).toEqual([2, 1])
    expect((await segmented(source, { ...settings, dynamics: { voxels: 8, relative: 0.1 } })).count).toBe(1)
  })

  it("drop what is too small", async () => {
    const values = Uint8Array.from(drawn(pair, [...balls, { centre: [40, 4, 4], radius: 2.1 }]), Math.sign)
    const counts = [1, 6].map(async (diameter) => {
      const { count } = await segmented(volumeInMemory(pair, values), {
        ...settings,
        smallestDiameter: diameter * micro,
      })
      return count
    })
    expect(await Promise.all(counts)).toEqual([3, 2])
    // What counts is the solid, not the cavity that it encloses.
    const [outer, inner] = [9, 8].map((radius) => drawn(pair, [{ centre: [14, 11, 11], radius }]))
    const shell = Uint8Array.from(outer, (ball, i) => ball - inner[i])
    const shells = [11, 13].map(async (diameter) => {
      const { count } = await segmented(volumeInMemory(pair, shell), {
        ...settings,
        smallestDiameter: diameter * micro,
      })
      return count
    })
    expect(await Promise.all(shells)).toEqual([1, 0])
  })

  it("fill cavities and close cracks for parting, not in the labels", async () => {
    const one: Grid = { shape: [31, 31, 31], spacing: cubic }
    const body = drawn(one, [{ centre: [15, 15, 15], radius: 13 }])
    const slit = drawn(one, [{ centre: [15, 15, 15], radius: 10.5 }])
    const values = Uint8Array.from(body, (ball, i) => (ball === 1 && !(slit[i] === 1 && i % 31 === 15) ? 1 : 0))
    const cracked = Uint8Array.from(body, (ball, i) => (ball === 1 && i % 31 !== 12 ? 1 : 0))
    const filled = await segmented(volumeInMemory(one, values))
    expect(filled.count).toBe(1)
    expect(filled.sizes[0]).toBe(values.reduce((sum, value) => sum + value, 0))
    const healing = { closing: 0, fillsCavities: false, opening: 0 }
    expect((await segmented(volumeInMemory(one, values), { ...settings, healing })).count).toBeGreaterThan(1)
    expect((await segmented(volumeInMemory(one, cracked))).count).toBe(2)
    const closing = { ...healing, closing: 1 * micro }
    const closed = await segmented(volumeInMemory(one, cracked), { ...settings, healing: closing })
    expect(closed.count).toBe(1)
    expect(closed.sizes[0]).toBe(cracked.reduce((sum, value) => sum + value, 0))
  })

  it("tell gray values apart by Otsu's thresholds, as by given ones", async () => {
    const source = volumeInMemory(grid, grays)
    const phasesFound = async (threshold: object): Promise<Uint8Array> => {
      const meaning = { kind: "gray", denoise: { kind: "none" }, threshold } as VolumeSettings["meaning"]
      return Effect.runPromise(
        Effect.scoped(
          Effect.gen(function* () {
            const found = yield* segmentVolume(source, { ...settings, meaning }, resources, () => Effect.void)
            const gray = yield* found.readGray!(wholeOf(grid))
            expect(gray).toEqual(Float32Array.from(grays))
            return yield* found.readPhases!(wholeOf(grid))
          }),
        ),
      )
    }
    expect(await phasesFound({ kind: "otsu", classes: 3 })).toEqual(phases)
    expect(await phasesFound({ kind: "values", particle: 1100, carbonBinder: 500 })).toEqual(phases)
    const two = phases.map((phase) => (phase === 1 ? 1 : 0))
    expect(await phasesFound({ kind: "otsu", classes: 2 })).toEqual(two)
  })
})

describe("labels that were given", () => {
  const given = Int32Array.from(truth, (ball) => (ball === 0 ? 0 : 3 * ball))

  it("are taken as they are, with gaps", async () => {
    const found = await segmented(
      volumeInMemory(grid, given),
      { ...settings, meaning: { kind: "labels" } },
      { threads: 2 },
    )
    expect(found.labels).toEqual(given)
    expect(found.count).toBe(Math.max(...given))
    expect(found.sizes[0]).toBe(0)
    expect(found.sizes[2]).toBe(truth.filter((ball) => ball === 1).length)
  })

  it("are cut out with what lies around", async () => {
    const crop = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const found = yield* segmentVolume(volumeInMemory(grid, phases), settings, resources, () => Effect.void)
          const box: Box = found.boxOf(5)
          const cut = yield* found.cropOf(5, 2)
          const { from, shape: edges } = cut
          expect(from).toEqual(box.from.map((at) => Math.max(0, at - 2)))
          const to: Triple = [from[0] + edges[0], from[1] + edges[1], from[2] + edges[2]]
          expect(to).toEqual(box.to.map((at, axis) => Math.min(shape[axis], at + 2)))
          expect(cut.labels).toEqual(yield* found.readLabels({ from, to }))
          expect(cut.phases).toEqual(yield* found.readPhases!({ from, to }))
          expect(() => found.boxOf(0)).toThrow(RangeError)
          return cut
        }),
      ),
    )
    expect(crop.labels).toContain(5)
    expect(crop.whole).toEqual(shape)
  })
})

describe("what cannot be segmented", () => {
  const gray = (denoise: object = { kind: "none" }): VolumeSettings => ({
    ...settings,
    meaning: { kind: "gray", denoise, threshold: { kind: "otsu", classes: 2 } } as VolumeSettings["meaning"],
  })

  it("is said with file, place, expectation and finding", async () => {
    const odd = phases.slice()
    odd[2 + 43 * (3 + 38 * 4)] = 7
    expect((await failed(volumeInMemory(grid, odd, "odd.tif"), settings)).message).toBe(
      "odd.tif: voxel (2, 3, 4): expected a value that is said to be a phase (0, 1, 2); found 7",
    )
    const nan = Float32Array.from(grays)
    nan[2 + 43 * (3 + 38 * 30)] = Number.NaN
    expect((await failed(volumeInMemory(grid, nan, "nan.tif"), gray())).message).toBe(
      "nan.tif: voxel (2, 3, 30): expected a finite gray value; found NaN",
    )
    const flat = new Uint16Array(grays.length).fill(9)
    expect((await failed(volumeInMemory(grid, flat, "flat.tif"), gray())).message).toBe(
      "flat.tif: expected different gray values; found 9 everywhere",
    )
    const half = Float32Array.from(truth, (ball) => ball / 2)
    const refused = await failed(volumeInMemory(grid, half, "half.tif"), { ...settings, meaning: { kind: "labels" } })
    expect(refused.message).toContain("expected a label, a whole number from 0 to")
  })

  it("is refused where the memory is too small, with how much there should be", async () => {
    const tight = Effect.scoped(
      segmentVolume(volumeInMemory(grid, phases), settings, { ...resources, memory: 1e6 }, () => Effect.void),
    )
    expect(await Effect.runPromise(Effect.flip(tight))).toMatchObject({ _tag: "MemoryTooSmall", given: 1e6 })
    const room = { space: scratchInMemory(shape), plan: { bytes: 1000, threads: 1 }, memory: 5e8 }
    const error = await Effect.runPromise(
      Effect.flip(segmentIn(room, volumeInMemory(grid, phases), settings, () => Effect.void)),
    )
    expect(error._tag).toBe("MemoryTooSmall")
  })

  it.skipIf(!existsSync("/dev/full")).each([1, 2])(
    "breaks off where the disk is full, on %i threads (skipped where there is no /dev/full)",
    async (threads) => {
      const descriptor = openSync("/dev/full", "r+")
      const memory = scratchInMemory(shape)
      const space: ScratchSpace = {
        ...memory,
        volume: (type, name) =>
          name === "field"
            ? Effect.succeed({ shape, type, place: { kind: "file", path: "/dev/full", descriptor } })
            : memory.volume(type, name),
      }
      const room = { space, plan: { bytes: 8e6, threads }, memory: 1e9 }
      const run = segmentIn(room, volumeInMemory(grid, phases), settings, () => Effect.void)
      expect(await Effect.runPromise(Effect.flip(run))).toMatchObject({ _tag: "ScratchUnusable", code: "ENOSPC" })
    },
  )

  it("needs as much disk as is stated", () => {
    const source = volumeInMemory(grid, grays)
    expect(scratchBytesPerVoxel(source, { ...settings, meaning: { kind: "labels" } })).toBe(4)
    expect(scratchBytesPerVoxel(source, settings)).toBe(10)
    expect(scratchBytesPerVoxel(source, hysteresis)).toBe(13)
  })
})

describe("while it works", () => {
  it("tells how far it has come, from nothing to all", async () => {
    const shares: number[] = []
    await Effect.runPromise(
      Effect.scoped(
        segmentVolume(volumeInMemory(grid, grays), hysteresis, resources, ({ share }) =>
          Effect.sync(() => void shares.push(share)),
        ),
      ),
    )
    expect(shares[0]).toBe(0)
    expect(shares.at(-1)).toBe(1)
    shares.slice(1).forEach((share, k) => {
      expect(share).toBeGreaterThanOrEqual(shares[k])
    })
  })

  it("can be interrupted, and leaves nothing behind", async () => {
    const before = readdirSync(folder)
    let calls = 0
    const run = Effect.scoped(
      Effect.gen(function* () {
        const space = yield* scratchOnDisk(shape, folder, 1e6)
        const room = { space, plan: { bytes: 8e6, threads: 2 }, memory: 1e9 }
        return yield* segmentIn(room, volumeInMemory(grid, phases), settings, () =>
          Effect.suspend(() => (++calls === 30 ? Effect.interrupt : Effect.void)),
        )
      }),
    )
    const exit = await Effect.runPromise(Effect.flatMap(Effect.forkChild(run), Fiber.await))
    expect(exit._tag).toBe("Failure")
    expect(calls).toBe(30)
    expect(readdirSync(folder)).toEqual(before)
  })
})

const nrel = new URL("../../../../shared/data/nrel-nmc/nmc-1-cal-cbd.tif", import.meta.url)
describe.skipIf(!existsSync(nrel))("a measured cathode (skipped where ../shared/data is absent)", () => {
  const opened = openVolume(fileURLToPath(nrel), { voxelSize: 398e-9 })

  it("has as many particles as were counted in it, of the size that they were made in", async () => {
    const { count, sizes, touchesBorder } = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const used = { memory: 2e9, threads: 1, scratch: folder }
          return yield* segmentVolume(yield* opened, defaultVolumeSettings, used, () => Effect.void)
        }),
      ),
    )
    expect(count).toBeGreaterThan(1600)
    expect(count).toBeLessThan(1900)
    const whole = [...sizes].filter((_, k) => touchesBorder[k] === 0)
    const diameters = whole.map((size) => 0.398 * Math.cbrt((6 * size) / Math.PI)).sort((a, b) => a - b)
    expect(Math.abs(diameters[diameters.length >> 1] - 8)).toBeLessThan(1)
  })
})
