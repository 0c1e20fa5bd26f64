import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { PairVotes } from "../../../src/image/brickwise/pair-votes.ts"
import { votedFragments } from "../../../src/image/brickwise/voted-fragments.ts"

type Row = readonly [one: number, other: number, weight: number, same: number]

const votesOf = (rows: readonly Row[]): PairVotes => ({
  fragments: Int32Array.from(rows.flatMap((row) => row.slice(0, 2))),
  weight: Float64Array.from(rows, (row) => row[2]),
  same: Float64Array.from(rows, (row) => row[3]),
})

const groups = (count: number, rows: readonly Row[], least = 0.5): readonly number[] =>
  [...votedFragments(count, votesOf(rows), least)].slice(1)

describe("fragments joined by votes", () => {
  it("are one where most votes are for it, and known by the first", () => {
    expect(
      groups(5, [
        [2, 4, 100, 80],
        [1, 5, 100, 40],
        [3, 4, 10, 6],
      ]),
    ).toEqual([1, 2, 2, 2, 5])
  })

  it("stay apart where only a weak contact is for it and a strong one, of the same groups, against it", () => {
    // 1 and 2 are one particle, 3 and 4 another; 2 and 3 look joined along a sliver.
    const rows: Row[] = [
      [1, 2, 100, 90],
      [3, 4, 100, 90],
      [2, 3, 10, 8],
      [1, 4, 100, 5],
    ]
    expect(groups(4, rows)).toEqual([1, 1, 3, 3])
  })

  it("are joined by none where the share asked for is one", () => {
    expect(groups(3, [[1, 2, 10, 10]], 1)).toEqual([1, 2, 3])
  })

  it("do not depend on the order in which contacts are given", () => {
    const row = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.nat(20), fc.nat(20))
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (drawn) => {
        const rows = new Map<string, Row>()
        for (const [a, b, weight, same] of drawn)
          if (a !== b)
            rows.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [
              Math.min(a, b),
              Math.max(a, b),
              weight,
              Math.min(weight, same),
            ])
        const all = [...rows.values()]
        expect(groups(9, [...all].reverse())).toEqual(groups(9, all))
      }),
    )
  })
})
