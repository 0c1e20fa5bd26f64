import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../src/array/random.ts"
import { type LinePoint, wolfeSearch } from "../../src/solve/line-search.ts"
import { adaptiveSteps, defaultQuasiNewton, minimiseQuasiNewton, type Objective } from "../../src/solve/minimise.ts"

/** ½ Σ a_i (x_i − 1)² */
const bowl =
  (curvatures: ArrayLike<number>): Objective =>
  (x, gradient) => {
    let sum = 0
    for (let i = 0; i < x.length; i++) {
      gradient[i] = curvatures[i] * (x[i] - 1)
      sum += (gradient[i] * (x[i] - 1)) / 2
    }
    return sum
  }

/** Rosenbrock's valley, in pairs of variables. */
const valley: Objective = (x, gradient) => {
  let sum = 0
  for (let i = 0; i < x.length; i += 2) {
    const [a, b] = [1 - x[i], x[i + 1] - x[i] * x[i]]
    sum += a * a + 100 * b * b
    gradient[i] = -2 * a - 400 * b * x[i]
    gradient[i + 1] = 200 * b
  }
  return sum
}

describe("a line search", () => {
  it("meets the strong Wolfe conditions on lines of every scale", () => {
    const cases = fc.record({
      seed: fc.integer(),
      scale: fc.integer({ min: -6, max: 6 }),
      first: fc.integer({ min: -4, max: 4 }),
    })
    fc.assert(
      fc.property(cases, ({ seed, scale, first }) => {
        const random = seededRandom(seed)
        const [a, b, c] = [random.uniform() * 3, 0.5 + random.uniform() * 4, random.uniform()]
        // A wavy bowl that falls at 0.
        const at = (step: number): LinePoint => {
          const s = step * 10 ** scale
          const value = s * s + a * Math.cos(b * s + c) - (1 + a * b) * s
          const slope = (2 * s - a * b * Math.sin(b * s + c) - 1 - a * b) * 10 ** scale
          return { step, value, slope }
        }
        const start = at(0)
        const outcome = wolfeSearch(start, at, 10 ** (first - scale))
        expect(outcome.kind).toBe("found")
        if (outcome.kind === "not found") return
        const { point } = outcome
        expect(point.value).toBeLessThanOrEqual(start.value + 1e-4 * point.step * start.slope)
        expect(Math.abs(point.slope)).toBeLessThanOrEqual(0.9 * Math.abs(start.slope))
      }),
    )
  })

  it("draws back from where there is no value", () => {
    const at = (step: number): LinePoint => ({ step, value: -step - Math.log(1 - step), slope: -1 + 1 / (1 - step) })
    const outcome = wolfeSearch(
      { step: 0, value: 0, slope: -0.5 },
      (step) => ({ ...at(step), slope: at(step).slope - 0.5, value: at(step).value - 0.5 * step }),
      8,
    )
    expect(outcome.kind).toBe("found")
  })
})

describe("the quasi-Newton method", () => {
  it("finds the bottom of a bowl of any shape", () => {
    const shapes = fc.array(fc.double({ min: 0.1, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(shapes, fc.integer(), (curvatures, seed) => {
        const random = seededRandom(seed)
        const start = Float64Array.from(curvatures, () => 5 * random.normal())
        const { kind, x } = minimiseQuasiNewton(bowl(curvatures), start, { ...defaultQuasiNewton, flatness: 1e-9 })
        expect(["flat", "no lower place found"]).toContain(kind)
        for (const value of x) expect(Math.abs(value - 1)).toBeLessThan(1e-6)
      }),
    )
  })

  it("goes down a bent valley and never up", () => {
    const { kind, x, values, evaluations } = minimiseQuasiNewton(valley, Float64Array.of(-1.2, 1, -3, 2))
    expect(kind).toBe("flat")
    for (const value of x) expect(value).toBeCloseTo(1, 5)
    for (let at = 1; at < values.length; at++) expect(values[at]).toBeLessThanOrEqual(values[at - 1])
    expect(evaluations).toBeLessThan(200)
  })

  it("says why it ended", () => {
    const start = Float64Array.of(-1.2, 1)
    expect(minimiseQuasiNewton(valley, start, { ...defaultQuasiNewton, mostIterations: 3 })).toMatchObject({
      kind: "iterations used up",
      iterations: 3,
    })
    const watched = minimiseQuasiNewton(valley, start, defaultQuasiNewton, (_, at) => (at === 5 ? "stop" : "go on"))
    expect(watched).toMatchObject({ kind: "stopped", iterations: 5 })
    expect(minimiseQuasiNewton(() => Number.NaN, start).kind).toBe("not finite")
    expect(minimiseQuasiNewton(bowl([1, 1]), Float64Array.of(1, 1))).toMatchObject({ kind: "flat", iterations: 0 })
    // Slopes that lie: nothing lower is found along them.
    const lying: Objective = (x, gradient) => {
      gradient.fill(-1)
      return x[0] * x[0] + x[1] * x[1]
    }
    expect(minimiseQuasiNewton(lying, Float64Array.of(0, 0)).kind).toBe("no lower place found")
  })
})

describe("the method of adaptive moments", () => {
  it("comes near the bottom of a bowl", () => {
    const step = adaptiveSteps(3, { rate: 0.02, momentum: 0.9, secondMomentum: 0.999 })
    const x = Float64Array.of(3, -2, 0)
    const gradient = new Float64Array(3)
    for (let at = 0; at < 2000; at++) {
      bowl([1, 10, 100])(x, gradient)
      step(gradient, x)
    }
    for (const value of x) expect(value).toBeCloseTo(1, 2)
  })

  it("takes a first step of its rate in every variable", () => {
    const x = new Float64Array(2)
    adaptiveSteps(2, { rate: 0.02, momentum: 0.9, secondMomentum: 0.999 })(Float64Array.of(1e-3, -7), x)
    expect(x[0]).toBeCloseTo(-0.02, 6)
    expect(x[1]).toBeCloseTo(0.02, 6)
  })
})
