import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Heap } from "../../src/array/heap.ts"

describe("a heap", () => {
  it("gives what was put in by order, whatever comes and goes between", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: -20, max: 20 }))), (moves) => {
        const heap = new Heap<number>((one, other) => one < other)
        const kept: number[] = []
        for (const move of moves) {
          if (move === null) expect(heap.pop()).toBe(kept.shift())
          else {
            heap.push(move)
            kept.push(move)
            kept.sort((a, b) => a - b)
          }
        }
        for (const value of kept) expect(heap.pop()).toBe(value)
        expect(heap.pop()).toBeUndefined()
      }),
    )
  })
})
