import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { type StarTargets, starLossInto } from "../../../src/learning/segmenter/loss.ts"
import { NetworkPass } from "../../../src/learning/segmenter/pass.ts"
import {
  networkPlan,
  operationsPerPixel,
  type StarNetworkShape,
  shapeFault,
  sightOf,
  startWeights,
} from "../../../src/learning/segmenter/shape.ts"
import { plainAnswers } from "./plain-network.ts"

const shape: StarNetworkShape = { channels: [4, 8, 12], outputLevel: 1, headChannels: 8, rayCount: 8, distanceScale: 5 }
const [height, width] = [32, 64]

const drawn = (seed: number, count: number): Float32Array => {
  const random = seededRandom(seed)
  return Float32Array.from({ length: count }, () => random.normal())
}

/** Rounded, so that both networks start from the same numbers; biases are drawn too. */
const parametersOf = (seed: number): Float64Array => {
  const plan = networkPlan(shape)
  const random = seededRandom(seed)
  const parameters = startWeights(plan, random)
  for (const step of plan.steps)
    if (step.kind === "convolution")
      for (let o = 0; o < step.to.count; o++) parameters[step.biases + o] = 0.1 * random.normal()
  return Float64Array.from(Float32Array.from(parameters))
}

const targetsOf = (seed: number): StarTargets => {
  const [h, w] = [height >> shape.outputLevel, width >> shape.outputLevel]
  const random = seededRandom(seed)
  return {
    height: h,
    width: w,
    probability: Float32Array.from({ length: h * w }, () => Math.max(0, random.uniform() * 2 - 1)),
    distances: Float32Array.from({ length: 8 * h * w }, () => 10 * random.uniform()),
  }
}

describe("star network", () => {
  it("answers as the same network in plain loops", () => {
    const [image, parameters] = [drawn(1, height * width), parametersOf(2)]
    const pass = new NetworkPass(shape, height, width, false)
    pass.setParameters(parameters)
    const found = pass.forward(image)
    pass.dispose()
    const expected = plainAnswers(shape, parameters, image, height, width)
    expect(found.length).toBe(expected.length)
    expect(Math.max(...expected.map((value, k) => Math.abs(value - found[k])))).toBeLessThan(2e-5)
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(1)
  })

  it("has the slopes of every layer's weights and biases: finite differences", () => {
    const [image, parameters, targets] = [drawn(3, height * width), parametersOf(4), targetsOf(5)]
    const pass = new NetworkPass(shape, height, width, true)
    const gradient = new Float32Array(parameters.length)
    const slopes = new Float32Array(9 * targets.height * targets.width)
    // Twice: what the first pass left must not count.
    for (let time = 0; time < 2; time++) {
      pass.setParameters(parameters)
      starLossInto(pass.forward(image), targets, shape.distanceScale, slopes)
      pass.backwardInto(slopes, gradient)
    }
    pass.dispose()
    // A linear function of the answers: its slopes are those of the loss, and it has no kinks of its own.
    const value = (at: Float64Array): number =>
      plainAnswers(shape, at, image, height, width).reduce((sum, answer, k) => sum + answer * slopes[k], 0)
    const random = seededRandom(6)
    for (const step of networkPlan(shape).steps) {
      if (step.kind !== "convolution") continue
      const weight = step.weights + random.integer(step.biases - step.weights)
      for (const at of [weight, step.biases + random.integer(step.to.count)]) {
        const moved = (by: number): number => value(parameters.map((p, k) => (k === at ? p + by : p)))
        const expected = (moved(1e-6) - moved(-1e-6)) / 2e-6
        const error = Math.abs(gradient[at] - expected)
        expect(error, `${step.name} ${at}: ${gradient[at]} for ${expected}`).toBeLessThan(
          1e-3 * Math.abs(expected) + 1e-5,
        )
      }
    }
  })

  it("sees as far as it says, and no farther", () => {
    const deep: StarNetworkShape = { ...shape, channels: [4, 4, 4, 4], outputLevel: 1 }
    const [h, w] = [64, 384]
    const pass = new NetworkPass(deep, h, w, false)
    pass.setParameters(startWeights(networkPlan(deep), seededRandom(7)))
    const image = drawn(8, h * w)
    const before = pass.forward(image)
    const middle = w / 2
    image[(h / 2) * w + middle] += 1e3
    const after = pass.forward(image)
    pass.dispose()
    let farthest = 0
    for (let k = 0; k < before.length; k++)
      if (before[k] !== after[k]) farthest = Math.max(farthest, Math.abs(2 * (k % (w / 2)) + 0.5 - middle))
    expect(farthest).toBeLessThanOrEqual(sightOf(deep))
    expect(farthest).toBeGreaterThan(sightOf(deep) / 2)
  })

  it("refuses shapes that are none, and images that do not fit", () => {
    expect(shapeFault(shape)).toBeUndefined()
    expect(shapeFault({ ...shape, channels: [4, 6] })).toBe("6 channels; they come in fours")
    expect(shapeFault({ ...shape, outputLevel: 3 })).toBe("answers at level 3")
    expect(() => new NetworkPass(shape, 33, 64, false)).toThrow(
      "an image of 64 × 33 pixels; its edges must be multiples of 32",
    )
  })

  it("counts its operations", () => {
    const small: StarNetworkShape = { channels: [4, 8], outputLevel: 1, headChannels: 4, rayCount: 4, distanceScale: 1 }
    // down0b 1→4, down1a 4→8, down1b 8→8, head 8→4 of nine taps each, answers 4→5 of one
    expect(operationsPerPixel(small)).toBe(2 * (9 * 4 + (9 * (32 + 64 + 32) + 20) / 4))
  })
})

describe("loss", () => {
  it("is binary cross-entropy and weighted absolute error, with its slopes", () => {
    const targets = targetsOf(9)
    const count = targets.height * targets.width
    const answers = drawn(10, 9 * count)
    const slopes = new Float32Array(answers.length)
    const scale = 5
    const loss = starLossInto(answers, targets, scale, slopes)
    let [entropy, error, weight] = [0, 0, 0]
    for (let p = 0; p < count; p++) {
      const [probability, wanted] = [1 / (1 + Math.exp(-answers[p])), targets.probability[p]]
      entropy -= wanted * Math.log(probability) + (1 - wanted) * Math.log(1 - probability)
      for (let ray = 0; ray < 8; ray++)
        error += (wanted * Math.abs(scale * answers[(1 + ray) * count + p] - targets.distances[ray * count + p])) / 8
      weight += wanted
    }
    expect(loss.crossEntropy).toBeCloseTo(entropy / count, 5)
    expect(loss.distanceError).toBeCloseTo(error / weight, 4)
    expect(loss.total).toBeCloseTo(loss.crossEntropy + 0.2 * (loss.distanceError + 1e-4 * loss.idleDistance), 9)
    const random = seededRandom(11)
    for (let k = 0; k < 40; k++) {
      const at = k < 10 ? random.integer(count) : random.integer(answers.length)
      const step = 1 / 64
      const moved = (by: number): number =>
        starLossInto(
          answers.map((a, i) => (i === at ? a + by : a)),
          targets,
          scale,
          new Float32Array(answers.length),
        ).total
      const expected = (moved(step) - moved(-step)) / (2 * step)
      // A kink of the absolute value within the step spoils the difference, never by more than the slope itself.
      const isKink = at >= count && Math.abs(scale * answers[at] - targets.distances[at - count]) < scale * step
      if (!isKink) expect(slopes[at]).toBeCloseTo(expected, 6)
    }
  })
})
