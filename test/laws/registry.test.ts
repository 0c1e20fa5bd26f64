import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type {
  ContactResistance,
  Electrolyte,
  ExchangeCurrent,
  OpenCircuitPotential,
  SolidDiffusivity,
  Swelling,
} from "../../src/laws/contracts.ts"
import { type Constraint, type LawCurve, type LawEntry, satisfies } from "../../src/laws/law-entry.ts"
import { type LawFamilyName, lawNames, laws } from "../../src/laws/registry.ts"
import { expectSlope } from "./slopes.ts"

const context = { temperature: 298.15, maximumConcentration: 49136, initialStoichiometry: 0.95 }

/** A value of a usual size for each parameter that has no default. */
const usual: Readonly<Record<string, number>> = {
  reorganization: 3.4e-20,
  reference: 3.4,
  conductivity: 1,
  diffusivity: 3e-10,
  transference: 0.38,
  molarVolume: 1.5e-6,
  closed: 1e-3,
  referenceGap: 1e-9,
  stiffness: 3e18,
  strength: 3e8,
  fractureEnergy: 0.4,
}
const usualValue: Readonly<Record<string, number>> = { "A/m^2": 12, "m^2/s": 2e-14 }

const curves: Readonly<Record<string, LawCurve>> = {
  potential: {
    argument: Float64Array.of(0, 0.2, 0.5, 0.55, 0.9, 1),
    value: Float64Array.of(4.4, 4.2, 3.9, 3.7, 3.6, 2.5),
  },
  volumeChange: { argument: Float64Array.of(0, 0.2, 0.4, 1), value: Float64Array.of(-0.06, -0.04, -0.015, 0) },
  diffusivity: { argument: Float64Array.of(0.2, 0.5, 0.8, 0.9), value: Float64Array.of(1e-14, 2e-14, 8e-15, 1e-16) },
}

/** Makes a law of every entry with usual numbers. */
const make = <Law>(entry: LawEntry<Law>): Law => {
  const numbers = Object.entries(entry.parameters).map(([name, parameter]) => {
    const value = parameter.default ?? (name === "value" ? usualValue[parameter.dimension] : usual[name])
    expect(value, `a usual ${name}`).toBeDefined()
    return [name, value] as const
  })
  const tables = Object.keys(entry.tables).map((name) => [name, curves[name]] as const)
  return entry.create(Object.fromEntries(numbers), Object.fromEntries(tables), context)
}

const made = <Law>(family: Readonly<Record<string, LawEntry<Law>>>): [string, Law][] =>
  Object.entries(family).map(([name, entry]) => [name, make(entry)])

const families = Object.keys(laws) as LawFamilyName[]

describe.each(families)("entries of %s", (family) => {
  const constraints: readonly Constraint[] = ["positive", "non-negative", "fraction", "any"]

  it.each(lawNames(family))("%s tells what it is and needs", (name) => {
    const entry: LawEntry<unknown> = laws[family][name]
    expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
    expect(entry.summary).not.toBe("")
    expect(entry.source).not.toBe("")
    for (const [parameter, { dimension, constraint, description, default: standard }] of Object.entries(
      entry.parameters,
    )) {
      expect(parameter).toMatch(/^[a-z][a-zA-Z]*$/)
      expect(dimension).toMatch(/^[A-Za-z0-9/^ -]*$/)
      expect(constraints).toContain(constraint)
      expect(description).not.toBe("")
      if (standard !== undefined) expect(satisfies(standard, constraint)).toBe(true)
    }
    for (const { argument, value, description } of Object.values(entry.tables)) {
      expect([argument.description, value.description, description]).not.toContain("")
    }
    expect(make(entry)).toBeDefined()
  })
})

it("constraints", () => {
  expect(satisfies(0, "positive")).toBe(false)
  expect(satisfies(0, "non-negative")).toBe(true)
  expect(satisfies(1, "fraction")).toBe(true)
  expect(satisfies(1.1, "fraction")).toBe(false)
  expect(satisfies(-7, "any")).toBe(true)
  expect(satisfies(Number.NaN, "any")).toBe(false)
})

const stoichiometry = fc.double({ min: -0.1, max: 1.1, noNaN: true })
const wild = fc.double({ min: -1e3, max: 1e3, noNaN: true })

describe.each(made<OpenCircuitPotential>(laws.openCircuit))("open-circuit potential: %s", (_, { potential, slope }) => {
  it("falls, with exact slopes, and is finite wherever an iteration may go", () => {
    fc.assert(
      fc.property(stoichiometry, (x) => {
        expectSlope(potential, slope(x), x, 1e-5)
        expect(slope(x)).toBeLessThan(0)
        expect(potential(x + 1e-3)).toBeLessThan(potential(x))
      }),
    )
    fc.assert(fc.property(wild, (x) => Number.isFinite(potential(x)) && Number.isFinite(slope(x))))
  })
})

describe.each(made<SolidDiffusivity>(laws.diffusivity))("solid diffusivity: %s", (_, { value, slope }) => {
  it("is positive and finite everywhere, with exact slopes", () => {
    fc.assert(
      fc.property(stoichiometry, (x) => {
        expect(value(x)).toBeGreaterThan(1e-18)
        expect(value(x)).toBeLessThan(1e-12)
        // The digits that the polynomial of degree nine loses to cancellation
        expectSlope(value, slope(x), x, 1e-4, 1e-5, 1e-9)
      }),
    )
    fc.assert(fc.property(wild, (x) => value(x) > 0 && Number.isFinite(slope(x))))
  })
})

describe.each(made<Swelling>(laws.swelling))("swelling: %s", (_, { volumeChange, slope }) => {
  it("vanishes in the stress-free state and has exact slopes", () => {
    expect(Math.abs(volumeChange(0.95 * 49136))).toBeLessThan(1e-15)
    fc.assert(
      fc.property(stoichiometry, (x) => {
        const concentration = x * 49136
        expectSlope(volumeChange, slope(concentration), concentration, 0.5)
        expect(slope(concentration)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe.each(made<ContactResistance>(laws.contactResistance))("contact resistance: %s", (_, { resistance, slope }) => {
  it("is positive, does not fall, stays finite, with exact slopes", () => {
    const gap = fc.double({ min: -1e-9, max: 4e-8, noNaN: true })
    const initial = fc.constantFrom(0, 2e-10)
    fc.assert(
      fc.property(gap, initial, (at, start) => {
        expect(resistance(at, start)).toBeGreaterThan(0)
        expect(slope(at, start)).toBeGreaterThanOrEqual(0)
        expectSlope((x) => resistance(x, start), slope(at, start), at, 1e-13)
      }),
    )
    expect(resistance(1, 0)).toBeLessThan(1.1e13 * resistance(0, 0))
    expect(slope(1, 0)).toBe(0)
  })
})

it("contact resistance grows e-fold over a reference gap unless it is frozen", () => {
  const exponential = make(laws.contactResistance.exponential)
  const frozen = make(laws.contactResistance.frozen)
  expect(exponential.resistance(0, 0)).toBe(1e-3)
  expect(exponential.resistance(2e-9, 2e-10) / (1e-3 * Math.exp(2.2))).toBeCloseTo(1, 12)
  expect(frozen.resistance(5e-9, 2e-10)).toBe(exponential.resistance(0, 2e-10))
})

const electrolyteProperties = ["conductivity", "diffusivity", "transference", "thermodynamicFactor"] as const

describe.each(made<Electrolyte>(laws.electrolyte))("electrolyte: %s", (_, law) => {
  const concentration = fc.oneof(
    fc.double({ min: -50, max: 50, noNaN: true }),
    fc.double({ min: 0, max: 5000, noNaN: true }),
  )
  it.each(electrolyteProperties)("%s is positive and finite, with an exact slope", (property) => {
    fc.assert(
      fc.property(concentration, (c) => {
        expect(law[property](c)).toBeGreaterThan(0)
        expectSlope(law[property], law[`${property}Slope`](c), c, 0.01, 1e-5)
      }),
    )
    for (const c of [-1e9, -1, 0, Number.MIN_VALUE, 1e9]) {
      expect(law[property](c)).toBeGreaterThan(0)
      expect(Number.isFinite(law[`${property}Slope`](c))).toBe(true)
    }
  })

  it("carries less than all current by lithium", () => {
    for (let c = 0; c < 4000; c += 50) expect(law.transference(c)).toBeLessThan(1)
  })
})

describe.each(made<ExchangeCurrent>(laws.exchangeCurrent))("exchange current: %s", (_, { evaluateInto }) => {
  const out = new Float64Array(3)
  const at = (x: number, salt: number) => {
    evaluateInto(x, salt, out)
    return out[0]
  }

  it("is positive and finite, also outside 0…1 and without salt, with exact slopes", () => {
    const salt = fc.oneof(fc.double({ min: -10, max: 10, noNaN: true }), fc.double({ min: 0, max: 4000, noNaN: true }))
    fc.assert(
      fc.property(stoichiometry, salt, (x, c) => {
        evaluateInto(x, c, out)
        const [value, byStoichiometry, bySalt] = out
        expect(value).toBeGreaterThan(0)
        expectSlope((y) => at(y, c), byStoichiometry, x, 1e-6, 1e-5)
        expectSlope((y) => at(x, y), bySalt, c, 1e-3, 1e-5)
      }),
    )
    fc.assert(
      fc.property(wild, wild, (x, c) => {
        evaluateInto(x, c, out)
        expect(out[0] > 0 && out.every(Number.isFinite)).toBe(true)
      }),
    )
  })
})
