import type { Monoid } from "fp-ts/lib/Monoid.js"
import type { Semigroup } from "fp-ts/lib/Semigroup.js"

/**
 * Rounding makes a sum depend on the order of its terms. Here the order is that of a binary tree over the
 * leaves' numbers, whoever computes which leaf and in whatever sequence they arrive: the same bits for any
 * number of workers.
 */

/** The merged leaves index·2^level … (index + 1)·2^level − 1. */
export interface Branch<A> {
  readonly level: number
  readonly index: number
  readonly value: A
}

/** Branches in order of their leaves, disjoint, as far merged as the leaves at hand allow. */
export type Forest<A> = readonly Branch<A>[]

const firstLeaf = ({ level, index }: Branch<unknown>): number => index * 2 ** level
const endLeaf = ({ level, index }: Branch<unknown>): number => (index + 1) * 2 ** level

/** What one leaf contributes. */
export const leaf = <A>(index: number, value: A): Forest<A> => [{ level: 0, index, value }]

/**
 * Forests of disjoint leaves under union: exactly associative and commutative, also where the values' own merge
 * is so only to rounding.
 * @throws where both hold the same leaf
 */
export const forestMonoid = <A>(values: Semigroup<A>): Monoid<Forest<A>> => ({
  empty: [],
  concat: (a, b) => {
    const merged: Branch<A>[] = []
    for (let next = 0, other = 0; next < a.length || other < b.length; ) {
      const takesFirst = other === b.length || (next < a.length && firstLeaf(a[next]) < firstLeaf(b[other]))
      merged.push(takesFirst ? a[next++] : b[other++])
      if (merged.length > 1 && endLeaf(merged[merged.length - 2]) > firstLeaf(merged[merged.length - 1])) {
        throw new RangeError(`leaf ${firstLeaf(merged[merged.length - 1])} is there twice`)
      }
      while (merged.length > 1) {
        const right = merged[merged.length - 1]
        const left = merged[merged.length - 2]
        if (left.level !== right.level || left.index % 2 !== 0 || right.index !== left.index + 1) break
        const value = values.concat(left.value, right.value)
        merged.splice(-2, 2, { level: left.level + 1, index: left.index / 2, value })
      }
    }
    return merged
  },
})

/**
 * The value of a whole forest.
 * @param leafCount  number of leaves there must be, numbered from 0
 * @throws where leaves are missing
 */
export const wholeOf = <A>(values: Monoid<A>, forest: Forest<A>, leafCount: number): A => {
  let covered = 0
  for (const branch of forest) {
    if (firstLeaf(branch) !== covered) throw new RangeError(`leaf ${covered} is missing`)
    covered = endLeaf(branch)
  }
  if (covered !== leafCount) throw new RangeError(`${covered} leaves of ${leafCount}`)
  return forest.reduceRight((rest, { value }) => values.concat(value, rest), values.empty)
}

/** Entries in one leaf of `reduceBlocks`. */
export const blockSize = 256

/**
 * Reduces entries 0 … count − 1 in blocks merged as a tree; equal to any distribution of the same blocks over
 * workers that is joined by `forestMonoid` and `wholeOf`.
 * @param block  value of the entries begin … end − 1
 */
export const reduceBlocks = <A>(values: Monoid<A>, count: number, block: (begin: number, end: number) => A): A => {
  const merge = (begin: number, end: number): A => {
    if (end - begin <= blockSize) return block(begin, end)
    let half = blockSize
    while (half * 2 < end - begin) half *= 2
    return values.concat(merge(begin, begin + half), merge(begin + half, end))
  }
  return count === 0 ? values.empty : merge(0, count)
}
