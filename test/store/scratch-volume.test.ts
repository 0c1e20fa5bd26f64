import { existsSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import fc from "fast-check"
import { afterAll, describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { copySharedInto } from "../../src/formats/copy-box.ts"
import { type Box, boxSize, type Triple } from "../../src/image/brick.ts"
import {
  readScratch,
  readScratchInto,
  reinterpreted,
  type ScratchVolume,
  writeScratch,
} from "../../src/store/scratch-box.ts"
import { type ScratchSpace, scratchInMemory, scratchOnDisk } from "../../src/store/scratch-volume.ts"

const folder = mkdtempSync(join(tmpdir(), "scratch-test-"))
afterAll(() => rmSync(folder, { recursive: true }))

const shape: Triple = [23, 17, 9]
const whole: Box = { from: [0, 0, 0], to: shape }

const spaces = {
  "in memory": Effect.succeed(scratchInMemory(shape)),
  "on disk": scratchOnDisk(shape, folder, 1000),
} as const

/** Boxes inside the volume. */
const boxes = fc.tuple(...shape.flatMap((n) => [fc.nat({ max: n - 1 }), fc.nat({ max: n - 1 })])).map(
  ([a, b, c, d, e, f]): Box => ({
    from: [Math.min(a, b), Math.min(c, d), Math.min(e, f)],
    to: [Math.max(a, b) + 1, Math.max(c, d) + 1, Math.max(e, f) + 1],
  }),
)
const rims = fc.nat({ max: 3 })

const widened = ({ from, to }: Box, rim: number): Box => ({
  from: [from[0] - rim, from[1] - rim, from[2] - rim],
  to: [to[0] + rim, to[1] + rim, to[2] + rim],
})

const random = (count: number, seed: number): Int32Array => {
  const { integer } = seededRandom(seed)
  return Int32Array.from({ length: count }, () => integer(2 ** 31))
}

const within = <A>(
  space: (typeof spaces)[keyof typeof spaces],
  use: (space: ScratchSpace) => Effect.Effect<A, unknown>,
) => Effect.runPromise(Effect.scoped(Effect.flatMap(space, use)))

describe.each(Object.entries(spaces))("an intermediate volume %s", (_, space) => {
  it("begins as zeros and holds what was written, box by box", () =>
    within(space, ({ volume }) =>
      Effect.gen(function* () {
        const scratch = yield* volume("int32", "numbers")
        expect(readScratch(scratch, whole).every((value) => value === 0)).toBe(true)
        const expected = new Int32Array(boxSize(whole))
        fc.assert(
          fc.property(boxes, rims, boxes, rims, fc.integer(), (written, rim, read, other, seed) => {
            // A part of a larger array is written, and a larger box than the volume may be read.
            const source = { ...widened(written, rim), values: random(boxSize(widened(written, rim)), seed) }
            writeScratch(scratch, source, written)
            const part = new Int32Array(boxSize(written))
            copySharedInto(source, { ...written, values: part })
            copySharedInto({ ...written, values: part }, { ...whole, values: expected })
            const wide = widened(read, other)
            const found = new Int32Array(boxSize(wide)).fill(-1)
            const wanted = found.slice()
            readScratchInto(scratch, { ...wide, values: found })
            copySharedInto({ ...whole, values: expected }, { ...wide, values: wanted })
            expect(found).toEqual(wanted)
          }),
        )
      }),
    ))

  it("can be taken as another type of the same width", () =>
    within(space, ({ volume }) =>
      Effect.gen(function* () {
        const scratch = yield* volume("float32", "field")
        writeScratch(scratch, { ...whole, values: new Float32Array(boxSize(whole)).fill(1) })
        expect(readScratch(reinterpreted(scratch, "int32"), whole)[5]).toBe(0x3f800000)
        expect(() => reinterpreted(scratch, "uint8")).toThrow(RangeError)
      }),
    ))
})

describe("volumes on disk", () => {
  it("leave nothing behind", async () => {
    let path = ""
    await within(spaces["on disk"], (space) =>
      Effect.gen(function* () {
        path = space.path
        expect(existsSync(path)).toBe(true)
        const kept = yield* space.volume("uint8", "kept")
        const released = yield* space.volume("uint8", "released")
        yield* space.release(released)
        expect(() => readScratch(released, whole)).toThrow("EBADF")
        expect(readScratch(kept, whole)).toHaveLength(boxSize(whole))
      }),
    )
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(folder)).toEqual([])
  })

  it("are refused at once where the disk has too little", async () => {
    const error = await Effect.runPromise(Effect.flip(Effect.scoped(scratchOnDisk(shape, folder, 1e18))))
    expect(error).toMatchObject({ _tag: "ScratchUnusable", path: folder, code: "ENOSPC" })
    expect(error.message).toContain("1000000000.0 GB are needed")
  })

  it("are refused where there is no such folder", async () => {
    const missing = join(folder, "missing")
    const error = await Effect.runPromise(Effect.flip(Effect.scoped(scratchOnDisk(shape, missing, 1))))
    expect(error).toMatchObject({ _tag: "ScratchUnusable", path: missing, code: "ENOENT" })
  })

  it.skipIf(!existsSync("/dev/full"))("tell when the disk is full (skipped where there is no /dev/full)", () => {
    const descriptor = openSync("/dev/full", "w")
    const full: ScratchVolume<"uint8"> = {
      shape,
      type: "uint8",
      place: { kind: "file", path: "/dev/full", descriptor },
    }
    expect(() => writeScratch(full, { ...whole, values: new Uint8Array(boxSize(whole)) })).toThrow("ENOSPC")
  })
})
