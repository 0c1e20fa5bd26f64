import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { sectionVotes, VoteSums, voteUnit } from "../../../src/image/brickwise/pair-votes.ts"

/** Two fragments of 10 × 10 pixels side by side. */
const [width, height] = [20, 10]
const fragment = Int32Array.from({ length: width * height }, (_, p) => (p % width < 10 ? 4 : 2))

const votesFor = (owner: (x: number) => number) => {
  const polygons = Uint16Array.from({ length: width * height }, (_, p) => owner(p % width))
  const { fragments, weight, same } = sectionVotes(fragment, polygons, width, height)
  expect([...fragments]).toEqual([2, 4])
  return { weight: weight[0] * voteUnit, share: same[0] / weight[0] }
}

describe("the votes of a section", () => {
  it("are for one particle where one polygon holds both, weighed by the contact", () => {
    expect(votesFor(() => 9)).toEqual({ weight: 10, share: 1 })
  })

  it("are against it where polygons part as fragments do, or a few pixels off", () => {
    expect(votesFor((x) => (x < 10 ? 1 : 2)).share).toBe(0)
    // 10 and 8 of 10 pixels lie in polygons of their own.
    expect(votesFor((x) => (x < 12 ? 1 : 2)).share).toBeCloseTo(0.2, 3)
  })

  it("leave out what lies in no polygon", () => {
    const { weight, share } = votesFor((x) => (x < 2 || x > 17 ? 0 : 1))
    expect(share).toBe(1)
    expect(weight).toBeCloseTo(Math.sqrt(80), 2)
    const empty = sectionVotes(fragment, new Uint16Array(width * height), width, height)
    expect(empty.weight.length).toBe(0)
  })

  it("count little along slivers", () => {
    const sliver = Int32Array.from({ length: width * height }, (_, p) => (Math.floor(p / width) === 0 ? 1 : 2))
    const { weight } = sectionVotes(sliver, new Uint16Array(width * height).fill(1), width, height)
    expect(weight[0] * voteUnit).toBeCloseTo(Math.sqrt(20), 2)
  })

  it("add up to the same in any order, bit for bit", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(3), { minLength: 24, maxLength: 24 }), { maxLength: 8 }), (sections) => {
        const all = sections.map((values) =>
          sectionVotes(
            Int32Array.from(values, (v, i) => (v + (i % 3)) % 4),
            Uint16Array.from(values, (v) => v % 3),
            6,
            4,
          ),
        )
        const listed = (order: readonly (typeof all)[number][]) => {
          const sums = new VoteSums()
          for (const votes of order) sums.add(votes)
          const { fragments, weight, same } = sums.all()
          return [...weight].map((w, k) => [fragments[2 * k], fragments[2 * k + 1], w, same[k]].join(" ")).sort()
        }
        expect(listed([...all].reverse())).toEqual(listed(all))
      }),
    )
  })
})
