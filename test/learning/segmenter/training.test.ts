import { describe, expect, it } from "vitest"
import {
  rateAt,
  type SegmenterTraining,
  splitOf,
  takeTrainingStep,
  trainingStart,
} from "../../../src/learning/segmenter/training.ts"

const settings: SegmenterTraining = {
  shape: { channels: [4, 4], outputLevel: 1, headChannels: 4, rayCount: 4, distanceScale: 1 },
  seed: 1,
  cropEdge: 16,
  batch: 2,
  steps: 100,
  rate: 0.01,
  warmUp: 10,
}

describe("a training", () => {
  it("has a rate that rises in a line and falls along a cosine", () => {
    expect(rateAt(settings, 0)).toBeCloseTo(0.001, 12)
    expect(rateAt(settings, 9)).toBeCloseTo(0.01, 12)
    expect(rateAt(settings, 55)).toBeCloseTo(0.01 * (0.01 + 0.99 / 2), 12)
    expect(rateAt(settings, 100)).toBeCloseTo(1e-4, 12)
  })

  it("holds every tenth image out", () => {
    const { training, heldOut } = splitOf(25)
    expect([...heldOut]).toEqual([9, 19])
    expect(training.length).toBe(23)
    expect(new Set([...training, ...heldOut]).size).toBe(25)
  })

  it("steps against the mean of the slopes, and not at all where one is no number", () => {
    const state = trainingStart(settings)
    const before = state.parameters.slice()
    const size = before.length
    // Opposite slopes of the two squares cancel, but for the first parameter.
    const gradients = Float32Array.from({ length: 2 * size }, (_, k) => (k % size === 0 ? 1 : k < size ? 1 : -1))
    expect(takeTrainingStep(settings, state, gradients, [3, 5])).toBe(true)
    expect(state.losses).toEqual([4])
    expect(state.parameters[0]).toBeCloseTo(before[0] - 0.001, 9)
    expect(state.parameters.subarray(1)).toEqual(before.subarray(1))
    const kept = state.parameters.slice()
    gradients[7] = Number.NaN
    expect(takeTrainingStep(settings, state, gradients, [3, 5])).toBe(false)
    expect(state.parameters).toEqual(kept)
    expect(state.step).toBe(1)
  })
})
