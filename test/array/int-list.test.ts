import fc from "fast-check"
import { expect, it } from "vitest"
import { IntList } from "../../src/array/int-list.ts"

it("is a stack of whole numbers, however long", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constant("pop" as const))),
      (steps) => {
        const list = new IntList()
        const plain: number[] = []
        for (const step of steps) {
          if (step !== "pop") {
            list.push(step)
            plain.push(step)
          } else if (plain.length > 0) expect(list.pop()).toBe(plain.pop())
          expect(list.length).toBe(plain.length)
        }
        expect([...list.values]).toEqual(plain)
        list.clear()
        expect(list.length).toBe(0)
      },
    ),
  )
  const long = new IntList()
  for (let value = 0; value < 100_000; value++) long.push(value)
  expect(long.values.every((value, at) => value === at)).toBe(true)
})
