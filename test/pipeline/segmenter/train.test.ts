import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect, Exit } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { trainingFiles } from "../../../src/pipeline/segmenter/checkpoint.ts"
import { type TrainSegmenterRequest, trainingFault } from "../../../src/pipeline/segmenter/request.ts"
import { trainingMix } from "../../../src/pipeline/segmenter/slices.ts"
import { trainSegmenter } from "../../../src/pipeline/segmenter/train.ts"

const folder = mkdtempSync(join(tmpdir(), "train-segmenter-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const request = (name: string, threads: number): TrainSegmenterRequest => ({
  training: {
    shape: { channels: [4, 8, 8], outputLevel: 1, headChannels: 8, rayCount: 8, distanceScale: 16 },
    seed: 3,
    cropEdge: 64,
    batch: 3,
    steps: 24,
    rate: 3e-3,
    warmUp: 4,
  },
  slices: { count: 10, width: 128, height: 128, firstSeed: 8, mix: trainingMix },
  out: join(folder, name),
  overwrite: false,
  threads,
  lookEvery: 6,
})

/** Trains; breaks off after a step if asked to. */
const train = (what: TrainSegmenterRequest, stopAt = Number.POSITIVE_INFINITY, shares: number[] = []) =>
  Effect.runPromiseExit(
    Effect.scoped(
      trainSegmenter(what, {
        onProgress: ({ losses, share }) => {
          shares.push(share)
          return losses.length >= stopAt ? Effect.interrupt : Effect.void
        },
        onNote: () => Effect.void,
      }),
    ),
  )

const bytesOf = (name: string, file: keyof typeof trainingFiles): Buffer =>
  readFileSync(join(folder, name, trainingFiles[file]))

describe("training a segmenter", () => {
  it("gives the same network, bit for bit, whatever the threads and interruptions", async () => {
    const whole = await train(request("whole", 1))
    if (!Exit.isSuccess(whole)) throw new Error(String(whole.cause))
    const { state } = whole.value
    expect(state.losses.length).toBe(24)
    expect(state.looks.map(({ step }) => step)).toEqual([6, 12, 18, 24])
    const mean = (some: readonly number[]): number => some.reduce((sum, loss) => sum + loss, 0) / some.length
    expect(mean(state.losses.slice(-6))).toBeLessThan(0.9 * mean(state.losses.slice(0, 6)))

    expect(Exit.isFailure(await train(request("broken", 1), 8))).toBe(true)
    const shares: number[] = []
    const resumed = await train(request("broken", 2), Number.POSITIVE_INFINITY, shares)
    if (!Exit.isSuccess(resumed)) throw new Error(String(resumed.cause))
    expect(resumed.value.resumedAt).toBe(8)
    expect(Math.min(...shares)).toBe(8 / 24)
    expect(bytesOf("broken", "model").equals(bytesOf("whole", "model"))).toBe(true)
    expect(bytesOf("broken", "losses").equals(bytesOf("whole", "losses"))).toBe(true)
  })

  it("refuses a directory with another training", async () => {
    const other = request("whole", 1)
    const exit = await train({ ...other, training: { ...other.training, seed: 4 } })
    expect(String(exit)).toContain("holds a training with other settings")
  })

  it("knows what does not fit together", () => {
    const good = request("none", 1)
    expect(trainingFault(good)).toBeUndefined()
    expect(trainingFault({ ...good, training: { ...good.training, cropEdge: 40 } })).toContain("multiples of 32")
    expect(trainingFault({ ...good, slices: { ...good.slices, count: 9 } })).toContain("10 at least")
  })
})
