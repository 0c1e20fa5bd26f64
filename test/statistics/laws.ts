import fc from "fast-check"
import type { Monoid } from "fp-ts/lib/Monoid.js"
import { expect } from "vitest"

/** Numbers as physics has them: finite, of any size that can be squared. */
export const real = fc.double({ noNaN: true, min: -1e6, max: 1e6 })

/** The laws of a monoid, with the equality that suits it. */
export const expectMonoid = <A>(
  monoid: Monoid<A>,
  element: fc.Arbitrary<A>,
  expectEqual: (a: A, b: A) => void = (a, b) => expect(a).toEqual(b),
): void => {
  fc.assert(
    fc.property(element, element, element, (a, b, c) => {
      expectEqual(monoid.concat(monoid.concat(a, b), c), monoid.concat(a, monoid.concat(b, c)))
      expectEqual(monoid.concat(a, b), monoid.concat(b, a))
      expect(monoid.concat(a, monoid.empty)).toEqual(a)
      expect(monoid.concat(monoid.empty, a)).toEqual(a)
    }),
  )
}
