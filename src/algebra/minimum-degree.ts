import type { SparsePattern } from "./pattern.ts"

/**
 * Fill-reducing order by approximate minimum degree on the quotient graph, with element absorption.
 * @param pattern structurally symmetric, square
 * @returns       [position] unknown eliminated at that position
 * @source P. R. Amestoy, T. A. Davis, I. S. Duff, SIAM J. Matrix Anal. Appl. 17 (1996) 886
 */
export const minimumDegreeOrder = ({ rowCount: n, rowStart, columnIndex }: SparsePattern): Int32Array => {
  const variables: Int32Array[] = new Array(n)
  const elements: number[][] = new Array(n)
  const degree = new Int32Array(n)
  for (let i = 0; i < n; i++) {
    variables[i] = columnIndex.slice(rowStart[i], rowStart[i + 1]).filter((j) => j !== i)
    elements[i] = []
    degree[i] = variables[i].length
  }
  const bucketHead = new Int32Array(n + 1).fill(-1)
  const next = new Int32Array(n).fill(-1)
  const previous = new Int32Array(n).fill(-1)
  const insert = (i: number): void => {
    const d = degree[i]
    next[i] = bucketHead[d]
    previous[i] = -1
    if (bucketHead[d] >= 0) previous[bucketHead[d]] = i
    bucketHead[d] = i
  }
  const remove = (i: number): void => {
    if (previous[i] >= 0) next[previous[i]] = next[i]
    else bucketHead[degree[i]] = next[i]
    if (next[i] >= 0) previous[next[i]] = previous[i]
  }
  for (let i = 0; i < n; i++) insert(i)
  const alive = new Uint8Array(n).fill(1)
  const members: (Int32Array | undefined)[] = new Array(n)
  const mark = new Int32Array(n).fill(-1)
  const stamp = new Int32Array(n).fill(-1)
  const outside = new Int32Array(n)
  const order = new Int32Array(n)
  let lowest = 0
  for (let k = 0; k < n; k++) {
    while (bucketHead[lowest] < 0) lowest++
    const pivot = bucketHead[lowest]
    remove(pivot)
    alive[pivot] = 0
    order[k] = pivot
    const front: number[] = []
    mark[pivot] = pivot
    const gather = (list: ArrayLike<number>): void => {
      for (let a = 0; a < list.length; a++) {
        const v = list[a]
        if (alive[v] && mark[v] !== pivot) {
          mark[v] = pivot
          front.push(v)
        }
      }
    }
    gather(variables[pivot])
    for (const element of elements[pivot]) {
      const list = members[element]
      if (list) gather(list)
      members[element] = undefined
    }
    members[pivot] = Int32Array.from(front)
    // |element \ front| for every element around the new one.
    for (const v of front)
      for (const element of elements[v]) {
        const list = members[element]
        if (!list) continue
        if (stamp[element] !== pivot) {
          stamp[element] = pivot
          let size = 0
          for (let a = 0; a < list.length; a++) if (alive[list[a]]) size++
          outside[element] = size
        }
        outside[element]--
      }
    for (const v of front) {
      remove(v)
      let sum = front.length - 1
      const kept: number[] = [pivot]
      for (const element of elements[v]) {
        if (!members[element]) continue
        if (outside[element] === 0) continue
        kept.push(element)
        sum += outside[element]
      }
      elements[v] = kept
      const rest = variables[v].filter((w) => alive[w] && mark[w] !== pivot)
      variables[v] = rest
      degree[v] = Math.min(n - k - 2 < 0 ? 0 : n - k - 2, sum + rest.length)
      insert(v)
      if (degree[v] < lowest) lowest = degree[v]
    }
    variables[pivot] = new Int32Array(0)
  }
  return order
}
