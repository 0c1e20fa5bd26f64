/** Throws unless an array has the stated length: a broken contract, so a bug. */
export const assertLength = (name: string, array: ArrayLike<unknown>, length: number): void => {
  if (array.length !== length) throw new RangeError(`${name} has ${array.length} entries, ${length} expected`)
}

/** Throws unless an array holds whole rows of the stated stride. */
export const assertStride = (name: string, array: ArrayLike<unknown>, stride: number): void => {
  if (array.length % stride !== 0) throw new RangeError(`${name} has ${array.length} entries, no multiple of ${stride}`)
}

/** Throws unless every entry is finite; names the first that is not. */
export const assertFinite = (name: string, array: ArrayLike<number>): void => {
  for (let i = 0; i < array.length; i++)
    if (!Number.isFinite(array[i])) throw new RangeError(`${name}[${i}] is ${array[i]}`)
}

/** Throws unless every entry is an integer in [lowest, bound): an index map. */
export const assertIndices = (name: string, array: ArrayLike<number>, bound: number, lowest = 0): void => {
  for (let i = 0; i < array.length; i++)
    if (!(array[i] >= lowest && array[i] < bound && Number.isInteger(array[i])))
      throw new RangeError(`${name}[${i}] is ${array[i]}, outside [${lowest}, ${bound})`)
}
