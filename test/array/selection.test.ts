import fc from "fast-check"
import { expect, it } from "vitest"
import { kthSmallest } from "../../src/array/selection.ts"

it("the k-th smallest is the one that sorting puts there, and the rest are still there", () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { minLength: 1 })
  fc.assert(
    fc.property(values, fc.nat(), (list, place) => {
      const k = place % list.length
      const some = Float64Array.from(list, (value) => value + 0)
      const sorted = some.slice().sort()
      expect(kthSmallest(some, k)).toBe(sorted[k])
      expect(some.sort()).toEqual(sorted)
    }),
    { numRuns: 300 },
  )
})
