import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  addOverstretchInto,
  bilinearEntry,
  cohesiveUpdateInto,
  failureOpening,
  fractureDissipation,
  onsetOpening,
  targetDamage,
} from "../../src/laws/cohesion.ts"
import type { CohesiveLaw } from "../../src/laws/contracts.ts"

const law: CohesiveLaw = { stiffness: 3e18, strength: 3e8, fractureEnergy: 0.4, mixity: 1, delay: 0 }

const update = (used: CohesiveLaw, opening: readonly number[], before: number, step = 1) => {
  const dimension = opening.length as 2 | 3
  const traction = new Float64Array(dimension)
  const tangent = new Float64Array(dimension * dimension)
  const damage = new Float64Array(1)
  cohesiveUpdateInto(
    used,
    dimension,
    Float64Array.from(opening),
    Float64Array.of(before),
    step,
    traction,
    tangent,
    damage,
  )
  return { traction, tangent, damage: damage[0] }
}

/** ∫ t·dδ along straight path pieces, by the midpoint rule. */
const workAlong = (used: CohesiveLaw, path: readonly (readonly number[])[], pieces: number) => {
  let damage = 0
  let work = 0
  for (let leg = 1; leg < path.length; leg++) {
    for (let k = 0; k < pieces; k++) {
      const at = path[leg].map((end, i) => path[leg - 1][i] + ((end - path[leg - 1][i]) * (k + 0.5)) / pieces)
      const result = update(used, at, damage)
      damage = result.damage
      for (let i = 0; i < at.length; i++) work += (result.traction[i] * (path[leg][i] - path[leg - 1][i])) / pieces
    }
  }
  return { work, damage }
}

const pull = failureOpening(law) * 1.01

describe("rate-independent bilinear law", () => {
  it("dissipates the fracture energy in a pull to failure, in normal and in shear, in 2-D and 3-D", () => {
    for (const direction of [
      [1, 0],
      [0, 1],
      [0.6, 0.8],
      [0.48, 0.64, 0.6],
    ]) {
      const { work, damage } = workAlong(law, [direction.map(() => 0), direction.map((part) => part * pull)], 20_000)
      expect(damage).toBe(1)
      expect(Math.abs(work / law.fractureEnergy - 1)).toBeLessThan(1e-3)
    }
  })

  it("reaches its strength at the onset opening", () => {
    expect(update(law, [onsetOpening(law), 0], 0).traction[0]).toBeCloseTo(law.strength, 0)
    const beyond = update(law, [onsetOpening(law) * 1.2, 0], 0)
    expect(beyond.traction[0]).toBeLessThan(law.strength)
    expect(beyond.damage).toBeGreaterThan(0)
  })

  it("follows the straight softening branch", () => {
    const onset = onsetOpening(law)
    const failure = failureOpening(law)
    for (const share of [0.1, 0.5, 0.9]) {
      const opening = onset + share * (failure - onset)
      expect(update(law, [opening, 0], 0).traction[0] / law.strength).toBeCloseTo(1 - share, 10)
    }
  })

  it("carries no pull but full compression once failed", () => {
    expect(Math.abs(update(law, [5e-10, 3e-10], 1).traction[0])).toBeLessThan(1e-6 * law.stiffness * 5e-10)
    expect(update(law, [-5e-11, 0], 1).traction[0]).toBeCloseTo(-law.stiffness * 5e-11, 0)
    expect(update(law, [-5e-11, 0], 1).tangent[0]).toBe(law.stiffness)
  })

  it("dissipation up to d equals the work of a pull to d and back to zero", () => {
    for (const share of [0.02, 0.3, 0.8]) {
      const top = onsetOpening(law) + share * (failureOpening(law) - onsetOpening(law))
      const { work, damage } = workAlong(
        law,
        [
          [0, 0],
          [top, 0],
          [0, 0],
        ],
        20_000,
      )
      expect(work / fractureDissipation(law, damage)).toBeCloseTo(1, 3)
    }
    expect(fractureDissipation(law, 0)).toBe(0)
    expect(fractureDissipation(law, 1)).toBeCloseTo(law.fractureEnergy, 12)
  })

  it("weighs the tangential opening with β", () => {
    const weak = { ...law, mixity: 0.5 }
    expect(update(weak, [0, 1e-11], 0).traction[1]).toBeCloseTo(0.25 * law.stiffness * 1e-11, 3)
    expect(update(weak, [0, 1.9 * onsetOpening(law)], 0).damage).toBe(0)
    expect(update(weak, [0, 2.1 * onsetOpening(law)], 0).damage).toBeGreaterThan(0)
  })
})

const openings = fc.double({ min: -1, max: 1, noNaN: true }).map((part) => part * 4e-9)
const damages = fc.double({ min: 0, max: 1, noNaN: true })
const delays = fc.constantFrom(0, 5, 20)

describe("properties", () => {
  it("damage never falls, stays within 0…1, and does not exceed its target unless it already did", () => {
    fc.assert(
      fc.property(
        openings,
        openings,
        damages,
        delays,
        fc.double({ min: 0, max: 100, noNaN: true }),
        (n, t, before, delay, step) => {
          const { damage, traction } = update({ ...law, delay }, [n, t], before, step)
          expect(damage).toBeGreaterThanOrEqual(before)
          const target = targetDamage(law, Math.hypot(Math.max(n, 0), t)).damage
          expect(damage).toBeLessThanOrEqual(Math.max(before, target) + 1e-15)
          expect(traction.every(Number.isFinite)).toBe(true)
        },
      ),
    )
  })

  it("tangent is the derivative of the traction, and symmetric, away from the kinks", () => {
    const component = fc.double({ min: 0.02, max: 1, noNaN: true })
    const sign = fc.constantFrom(-1, 1)
    fc.assert(
      fc.property(
        fc.tuple(component, component, component),
        fc.tuple(sign, sign, sign),
        fc.constantFrom(2, 3),
        damages,
        delays,
        fc.constantFrom(0.5, 1),
        (sizes, signs, dimension, before, delay, mixity) => {
          const used = { ...law, delay, mixity }
          const opening = sizes.map((size, i) => size * signs[i] * 1.6e-9).slice(0, dimension)
          const { tangent } = update(used, opening, before, 3)
          const h = 1e-15
          const effective = Math.hypot(Math.max(opening[0], 0), ...opening.slice(1).map((part) => part * mixity))
          const kinks = [onsetOpening(law), failureOpening(law)]
          fc.pre(kinks.every((kink) => Math.abs(effective - kink) > 2 * h))
          fc.pre(Math.abs(targetDamage(law, effective).damage - before) > 1e-4)
          for (let column = 0; column < dimension; column++) {
            const forward = update(
              used,
              opening.map((part, i) => (i === column ? part + h : part)),
              before,
              3,
            ).traction
            const backward = update(
              used,
              opening.map((part, i) => (i === column ? part - h : part)),
              before,
              3,
            ).traction
            for (let row = 0; row < dimension; row++) {
              const difference = (forward[row] - backward[row]) / (2 * h)
              expect(Math.abs(difference - tangent[row * dimension + column]) / law.stiffness).toBeLessThan(1e-4)
              const mirrored = tangent[column * dimension + row]
              expect(Math.abs(mirrored - tangent[row * dimension + column])).toBeLessThan(1e-9 * law.stiffness)
            }
          }
        },
      ),
    )
  })

  it("turning the tangential frame turns the traction (3-D)", () => {
    fc.assert(
      fc.property(
        openings,
        openings,
        openings,
        damages,
        fc.double({ min: 0, max: 6.3, noNaN: true }),
        (n, t, s, before, angle) => {
          const turned = [n, t * Math.cos(angle) - s * Math.sin(angle), t * Math.sin(angle) + s * Math.cos(angle)]
          const plain = update(law, [n, t, s], before).traction
          const after = update(law, turned, before).traction
          expect(Math.abs(after[0] - plain[0])).toBeLessThan(1)
          expect(Math.abs(Math.hypot(after[1], after[2]) - Math.hypot(plain[1], plain[2]))).toBeLessThan(1)
        },
      ),
    )
  })
})

describe("delayed damage", () => {
  const delayed = { ...law, delay: 20 }
  const held = [1e-9, 0]

  it("approaches its target as 1 − exp(−t/τ) at a held opening, first order in the step", () => {
    const target = targetDamage(law, held[0]).damage
    const errors = [0.4, 0.2].map((step) => {
      let damage = 0
      for (let time = 0; time < 30 - 1e-9; time += step) damage = update(delayed, held, damage, step).damage
      return Math.abs(damage - target * (1 - Math.exp(-30 / 20)))
    })
    expect(errors[1]).toBeLessThan(2e-3)
    expect(errors[0] / errors[1]).toBeGreaterThan(1.8)
  })

  it("does nothing in no time and all of it in a very long step", () => {
    expect(update(delayed, held, 0.1, 0).damage).toBe(0.1)
    expect(update(delayed, held, 0.1, 1e12).damage).toBeCloseTo(targetDamage(law, held[0]).damage, 9)
  })
})

it("the register refuses a law that snaps back", () => {
  const context = { temperature: 298.15, maximumConcentration: 5e4, initialStoichiometry: 0.9 }
  const make = (stiffness: number) => bilinearEntry.create({ ...law, stiffness }, {}, context)
  expect(() => make(1e17)).toThrow(/snaps back/)
  expect(make(3e18)).toEqual(law)
})

describe("bonds drawn out beyond their failure opening", () => {
  const overstretched = (opening: number, before: number, step: number, damage = before) => {
    const raised = Float64Array.of(damage)
    const slope = Float64Array.of(1)
    const ownSlope = Float64Array.of(Number.NaN)
    const delayed = { ...law, delay: 20 }
    addOverstretchInto(delayed, 2, Float64Array.of(opening, 0), Float64Array.of(before), step, raised, slope, ownSlope)
    return { damage: raised[0], slope: slope[0], ownSlope: ownSlope[0] }
  }
  const failure = failureOpening(law)

  it("keep what they have up to there, and go with the delay from twice of it on", () => {
    expect(overstretched(failure, 0.7, 20)).toEqual({ damage: 0.7, slope: 1, ownSlope: 0 })
    expect(overstretched(-5 * failure, 0.7, 20)).toEqual({ damage: 0.7, slope: 1, ownSlope: 0 })
    expect(overstretched(3 * failure, 0.7, 20)).toEqual({ damage: 0.7 + 0.3 / 2, slope: 0, ownSlope: 0 })
    // What the load around them has already done stands.
    expect(overstretched(3 * failure, 0.7, 20, 0.9)).toEqual({ damage: 0.9, slope: 1, ownSlope: 0 })
  })

  it("have the slope of their damage", () => {
    const at = 1.8 * failure
    const change = 1e-6 * failure
    const difference =
      (overstretched(at + change, 0.3, 5).damage - overstretched(at - change, 0.3, 5).damage) / (2 * change)
    expect(overstretched(at, 0.3, 5).ownSlope / difference).toBeCloseTo(1, 6)
  })
})
