import fc from "fast-check"
import { expect, it } from "vitest"
import {
  damageClassesMonoid,
  damageClassesOf,
  damageClassOf,
  defaultDamageThresholds,
} from "../../src/statistics/damage-class.ts"
import { expectMonoid } from "./laws.ts"

const damages = fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN)))
const of = (damage: readonly number[]) => damageClassesOf(damage, defaultDamageThresholds)

it("is a monoid, exactly", () => expectMonoid(damageClassesMonoid, damages.map(of)))

it("puts every particle into one class, however they are divided", () => {
  fc.assert(
    fc.property(damages, damages, (a, b) => {
      const all = of([...a, ...b])
      expect(damageClassesMonoid.concat(of(a), of(b))).toEqual(all)
      expect(all.least + all.mild + all.severe + all.unknown).toBe(a.length + b.length)
    }),
  )
})

it("takes a threshold into the class above it", () => {
  const { mild, severe } = defaultDamageThresholds
  expect(
    [0, mild - 1e-9, mild, severe - 1e-9, severe, 1].map((damage) => damageClassOf(damage, { mild, severe })),
  ).toEqual(["least", "least", "mild", "mild", "severe", "severe"])
})

it("refuses thresholds that do not rise between 0 and 1", () => {
  expect(() => damageClassesOf([], { mild: 0.3, severe: 0.2 })).toThrow("from 0.3 and from 0.2")
  expect(() => damageClassesOf([], { mild: 0, severe: 0.2 })).toThrow("rise between 0 and 1")
})
