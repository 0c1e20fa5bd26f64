import { seededRandom } from "../array/random.ts"

/** Rows to learn from and rows to judge by; each row is in one of them. */
export interface Split {
  /** [row] rising */
  readonly training: Int32Array
  /** [row] rising */
  readonly heldOut: Int32Array
}

/**
 * Rows split at random, the same way for the same seed.
 * @param share  of the rows held out, in (0, 1); at least one row is on either side
 */
export const randomSplit = (rowCount: number, share: number, seed: number): Split => {
  if (!(share > 0 && share < 1)) throw new RangeError(`a share of ${share}, not between 0 and 1`)
  if (rowCount < 2) throw new RangeError(`${rowCount} rows cannot be split`)
  const order = seededRandom(seed).permutation(rowCount)
  const count = Math.min(rowCount - 1, Math.max(1, Math.round(share * rowCount)))
  return { training: order.slice(count).sort(), heldOut: order.slice(0, count).sort() }
}

/**
 * Rows dealt at random into folds whose sizes differ by one at most; each fold is held out once.
 * @param foldCount  2 … rowCount
 */
export const foldSplits = (rowCount: number, foldCount: number, seed: number): readonly Split[] => {
  if (!(Number.isInteger(foldCount) && foldCount >= 2 && foldCount <= rowCount)) {
    throw new RangeError(`${foldCount} folds of ${rowCount} rows`)
  }
  const order = seededRandom(seed).permutation(rowCount)
  return Array.from({ length: foldCount }, (_, fold) => ({
    training: order.filter((_, place) => place % foldCount !== fold).sort(),
    heldOut: order.filter((_, place) => place % foldCount === fold).sort(),
  }))
}
