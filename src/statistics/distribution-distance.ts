const sorted = (values: ArrayLike<number>, name: string): Float64Array => {
  if (values.length === 0) throw new RangeError(`the ${name} sample is empty`)
  const out = Float64Array.from(values).sort()
  // NaN sorts to the end.
  if (Number.isNaN(out[out.length - 1])) throw new RangeError(`the ${name} sample holds something that is no number`)
  return out
}

/** Visits the pieces of the line between the values of two samples, with both distribution functions there. */
const eachPiece = (
  a: Float64Array,
  b: Float64Array,
  visit: (from: number, to: number, below: number, otherBelow: number) => void,
): void => {
  let [i, j] = [0, 0]
  let from = Number.NEGATIVE_INFINITY
  while (i < a.length || j < b.length) {
    const to = Math.min(i < a.length ? a[i] : Number.POSITIVE_INFINITY, j < b.length ? b[j] : Number.POSITIVE_INFINITY)
    if (from > Number.NEGATIVE_INFINITY) visit(from, to, i / a.length, j / b.length)
    while (i < a.length && a[i] === to) i++
    while (j < b.length && b[j] === to) j++
    from = to
  }
  visit(from, from, 1, 1)
}

/**
 * Wasserstein distance of first order between two samples, ∫ |F − G| dx: how far, on average, values must be moved to make
 * one distribution of the other [x].
 * @param one    not empty, finite [x]
 * @param other  not empty, finite [x]
 * @throws where a sample is empty or holds NaN
 * @source S. S. Vallender, Theory Probab. Appl. 18 (1974) 784–786, doi:10.1137/1118101
 */
export const wassersteinDistance = (one: ArrayLike<number>, other: ArrayLike<number>): number => {
  let area = 0
  eachPiece(sorted(one, "first"), sorted(other, "second"), (from, to, below, otherBelow) => {
    area += Math.abs(below - otherBelow) * (to - from)
  })
  return area
}

/**
 * Kolmogorov–Smirnov distance between two samples: the largest difference of their distribution functions, 0 … 1.
 * @param one    not empty [x]
 * @param other  not empty [x]
 * @throws where a sample is empty or holds NaN
 * @source N. Smirnov, Ann. Math. Stat. 19 (1948) 279–281, doi:10.1214/aoms/1177730256
 */
export const kolmogorovDistance = (one: ArrayLike<number>, other: ArrayLike<number>): number => {
  let largest = 0
  eachPiece(sorted(one, "first"), sorted(other, "second"), (_from, _to, below, otherBelow) => {
    largest = Math.max(largest, Math.abs(below - otherBelow))
  })
  return largest
}
