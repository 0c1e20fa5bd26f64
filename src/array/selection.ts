/**
 * The k-th smallest of some numbers (Hoare's selection, linear on average); reorders them.
 * @param values not NaN @param k 0 … length − 1
 * @source C. A. R. Hoare, Commun. ACM 4 (1961) 321–322, doi:10.1145/366622.366647
 */
export const kthSmallest = (values: Float32Array | Float64Array, k: number): number => {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const pivot = values[(low + high) >> 1]
    let i = low
    let j = high
    while (i <= j) {
      while (values[i] < pivot) i++
      while (values[j] > pivot) j--
      if (i <= j) {
        const swap = values[i]
        values[i++] = values[j]
        values[j--] = swap
      }
    }
    if (k <= j) high = j
    else if (k >= i) low = i
    else break
  }
  return values[k]
}
