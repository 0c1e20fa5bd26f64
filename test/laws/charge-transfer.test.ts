import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { faraday, gasConstant } from "../../src/laws/constants.ts"
import type { ChargeTransfer } from "../../src/laws/contracts.ts"
import { butlerVolmer } from "../../src/laws/kinetics.ts"
import { marcusHushChidsey } from "../../src/laws/marcus-hush-chidsey.ts"
import { expectSlope } from "./slopes.ts"

const temperature = 298.15
const perVolt = faraday / (gasConstant * temperature)
/** 0.213 eV [J] */
const reorganization = 0.213 * 1.602176634e-19

const laws: Record<string, ChargeTransfer> = {
  symmetric: butlerVolmer({ anodic: 0.5, cathodic: 0.5, temperature }),
  "oxidation-shy": butlerVolmer({ anodic: 0.3, cathodic: 0.7, temperature }),
  "oxidation-prone": butlerVolmer({ anodic: 0.8, cathodic: 0.2, temperature }),
  "unequal sum": butlerVolmer({ anodic: 1, cathodic: 0.5, temperature }),
  "Marcus–Hush–Chidsey": marcusHushChidsey({ reorganization, temperature }),
  "Marcus–Hush–Chidsey, stiff": marcusHushChidsey({ reorganization: 10 * reorganization, temperature }),
}

const evaluate = (law: ChargeTransfer, exchange: number, driving: number, resistance: number): Float64Array => {
  const out = new Float64Array(4)
  law.evaluateInto(exchange, driving, resistance, out)
  return out
}

/** Uniform, without the subnormal numbers in which no digits are left */
const volts = (largest: number) =>
  fc.double({ min: -largest, max: largest, noNaN: true }).map((value) => (Math.abs(value) < 1e-12 ? 0 : value))
const driving = volts(3)
const exchange = fc.double({ min: -3, max: 3, noNaN: true }).map((power) => 10 ** power)
const resistance = fc.oneof(
  fc.constant(0),
  fc.double({ min: -6, max: 3, noNaN: true }).map((power) => 10 ** power),
)

describe.each(Object.entries(laws))("%s", (_, law) => {
  it("solves its own equation: i(driving, R) = i(driving − i R, 0)", () => {
    fc.assert(
      fc.property(exchange, driving, resistance, (i0, driven, ohms) => {
        const [current] = evaluate(law, i0, driven, ohms)
        const drop = driven - current * ohms
        const [again, conductance] = evaluate(law, i0, drop, 0)
        // The drop carries the round-off of the driving force, seen through the conductance
        const tolerance = 1e-12 * Math.abs(current) + 8e-16 * Math.abs(driven) * conductance
        expect(Math.abs(again - current)).toBeLessThanOrEqual(tolerance)
      }),
    )
  })

  it("gives the same from a guess, near or wild, and goes on from what it remembers", () => {
    const near = fc.double({ min: -1, max: 1, noNaN: true })
    const guess = fc.oneof(fc.constant(Number.NaN), near, volts(200))
    fc.assert(
      fc.property(exchange, driving, resistance, guess, near, (exchange, driving, resistance, guess, shift) => {
        const memory = Float64Array.of(0, 0, 0, guess, Number.NaN, 0)
        const out = new Float64Array(4)
        for (const volts of [driving, driving, driving + shift / 100, driving - shift / 3]) {
          law.evaluateNearInto(exchange, volts, resistance, memory, 3, out)
          const whole = evaluate(law, exchange, volts, resistance)
          for (let k = 0; k < 4; k++)
            expect(Math.abs(out[k] - whole[k])).toBeLessThanOrEqual(1e-6 * Math.abs(whole[k]) + 1e-300)
          expect(Math.abs(out[0] - whole[0])).toBeLessThanOrEqual(1e-11 * Math.abs(whole[0]) + 1e-15 * exchange)
        }
      }),
    )
  })

  it("has exact slopes", () => {
    fc.assert(
      fc.property(exchange, volts(0.8), resistance, (i0, driven, ohms) => {
        const [, byDriving, byExchange, byResistance] = evaluate(law, i0, driven, ohms)
        expectSlope((at) => evaluate(law, i0, at, ohms)[0], byDriving, driven, 1e-4, 1e-5)
        expectSlope((at) => evaluate(law, at, driven, ohms)[0], byExchange, i0, 1e-3 * i0, 1e-5)
        if (ohms > 0) expectSlope((at) => evaluate(law, i0, driven, at)[0], byResistance, ohms, 1e-3 * ohms, 1e-5)
      }),
    )
  })

  it("rises with the driving force and has its sign; resistance only takes away", () => {
    fc.assert(
      fc.property(exchange, driving, resistance, (i0, driven, ohms) => {
        const [current, byDriving] = evaluate(law, i0, driven, ohms)
        expect(byDriving).toBeGreaterThanOrEqual(0)
        expect(current * driven).toBeGreaterThanOrEqual(0)
        expect(Math.abs(current) * ohms).toBeLessThanOrEqual(Math.abs(driven) * (1 + 1e-12))
        const [free] = evaluate(law, i0, driven, 0)
        expect(Math.abs(current)).toBeLessThanOrEqual(Math.abs(free) * (1 + 1e-12))
      }),
    )
  })

  it("stays finite for wild arguments", () => {
    const wild = fc.double({ min: -1e9, max: 1e9, noNaN: true })
    const wide = fc.oneof(
      fc.constant(0),
      fc.double({ min: -300, max: 300, noNaN: true }).map((power) => 10 ** power),
    )
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), wild, wide, (i0, driven, ohms) => {
        expect(evaluate(law, i0, driven, ohms).every(Number.isFinite)).toBe(true)
      }),
    )
    expect([...evaluate(law, 0, 1, 1)].every(Number.isFinite)).toBe(true)
    expect(evaluate(law, 3.4, 0, 1e-3)[0]).toBe(0)
  })

  it("becomes Ohm's law where the resistance rules, and a conductance i₀ F/(R_g T) near equilibrium", () => {
    expect(evaluate(law, 100, 0.5, 1e4)[0]).toBeCloseTo(0.5 / 1e4, 8)
    expect(evaluate(law, 3.4, 1, 1e300)[0]).toBeLessThanOrEqual(1e-299)
    const [, conductance] = evaluate(law, 3.4, 0, 0)
    const sum = law === laws["unequal sum"] ? 1.5 : 1
    expect(conductance / (3.4 * perVolt * sum)).toBeCloseTo(1, 9)
    // In series: 1/G + R
    expect(evaluate(law, 3.4, 0, 2e-3)[1]).toBeCloseTo(1 / (1 / conductance + 2e-3), 9)
  })
})

describe("Butler–Volmer", () => {
  it("inverts by asinh for α = ½", () => {
    for (const current of [-200, -3, 1e-6, 0.5, 40, 1e4]) {
      const volts = (2 / perVolt) * Math.asinh(current / (2 * 3.4)) + current * 1e-3
      expect(evaluate(laws.symmetric, 3.4, volts, 1e-3)[0] / current).toBeCloseTo(1, 9)
    }
  })

  it("inverts by asinh over twelve decades of resistance, seven of exchange current, six of driving force", () => {
    const decade = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true }).map((e) => 10 ** e)
    fc.assert(
      fc.property(
        decade(-4, 3),
        decade(-7, 5),
        decade(-6, 0.5),
        fc.boolean(),
        (exchange, resistance, size, charges) => {
          const driving = charges ? size : -size
          const [current] = evaluate(laws.symmetric, exchange, driving, resistance)
          const back = current * resistance + (2 / perVolt) * Math.asinh(current / (2 * exchange))
          expect(Math.abs(back - driving)).toBeLessThan(1e-12 * size)
        },
      ),
    )
  })

  it("has Tafel slopes R_g T/(α F) per e-fold on either side", () => {
    const law = laws["oxidation-shy"]
    const slope = (low: number, high: number) =>
      Math.log(evaluate(law, 1, high, 0)[0] / evaluate(law, 1, low, 0)[0]) / (high - low)
    expect(slope(0.6, 0.8) / (0.3 * perVolt)).toBeCloseTo(1, 5)
    expect(slope(-0.8, -0.6) / (-0.7 * perVolt)).toBeCloseTo(1, 5)
  })

  it("agrees for α = ½ with the general solution", () => {
    const nearly = butlerVolmer({ anodic: 0.5, cathodic: 0.5 + 1e-13, temperature })
    for (const [i0, volts, ohms] of [
      [3.4, 0.2, 1e-3],
      [3.4, -1.5, 1e-2],
      [1e-3, 2, 0],
      [50, 0.01, 1],
    ]) {
      const general = evaluate(nearly, i0, volts, ohms)
      evaluate(laws.symmetric, i0, volts, ohms).forEach((value, k) => {
        expect(value / general[k]).toBeCloseTo(1, 9)
      })
    }
  })

  it("refuses coefficients that make no law", () => {
    expect(() => butlerVolmer({ anodic: 0, cathodic: 0.5, temperature })).toThrow(RangeError)
    expect(() => butlerVolmer({ anodic: 0.5, cathodic: 0.5, temperature: 0 })).toThrow(RangeError)
  })
})

/** Chidsey's integral over electron energies in k_B T, oxidation less reduction, as he wrote it. */
const chidsey = (z: number, energy: number): number => {
  const rate = (overpotential: number) => {
    let sum = 0
    for (let x = -150; x <= 150; x += 0.05)
      sum += Math.exp(-((x - energy + overpotential) ** 2) / (4 * energy)) / (1 + Math.exp(x))
    return sum
  }
  return (rate(z) - rate(-z)) / rate(0)
}

describe("Marcus–Hush–Chidsey", () => {
  it("is Chidsey's integral, from equilibrium to the plateau", () => {
    for (const energy of [0.2, 0.7, 8.3, 40]) {
      const law = marcusHushChidsey({
        reorganization: (energy * gasConstant * temperature) / 6.02214076e23,
        temperature,
      })
      for (const z of [0.5, 2, 5, 10, 20, 30, 60])
        expect(evaluate(law, 1, z / perVolt, 0)[0] / chidsey(z, energy), `λ = ${energy}, z = ${z}`).toBeCloseTo(1, 7)
    }
  })

  it("has the slope of its interpolated integral to many digits", () => {
    const law = laws["Marcus–Hush–Chidsey"]
    // Inside the intervals of the table, where the interpolant is smooth
    for (const z of [0.03, 1.04, 4.41, 8.16, 11.03]) {
      const [, slope] = evaluate(law, 1, z / perVolt, 0)
      expectSlope((at) => evaluate(law, 1, at, 0)[0], slope, z / perVolt, 2e-4, 1e-9, 1e-15)
    }
  })

  it("levels off where Butler–Volmer grows on", () => {
    const [at2, slope] = evaluate(laws["Marcus–Hush–Chidsey"], 1, 2, 0)
    expect(evaluate(laws["Marcus–Hush–Chidsey"], 1, 3, 0)[0] / at2).toBeCloseTo(1, 6)
    expect(slope).toBeLessThan(1e-6 * at2)
    expect(evaluate(laws.symmetric, 1, 2, 0)[0]).toBeGreaterThan(1e6 * at2)
  })

  it("becomes Butler–Volmer with α = ½ for a large reorganisation energy", () => {
    const stiff = marcusHushChidsey({ reorganization: 40 * reorganization, temperature })
    for (const volts of [0.02, -0.1, 0.2]) {
      expect(evaluate(stiff, 1, volts, 0)[0] / evaluate(laws.symmetric, 1, volts, 0)[0]).toBeCloseTo(1, 1)
    }
  })
})
