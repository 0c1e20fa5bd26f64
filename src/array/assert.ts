/** Throws unless an array has the stated length: a broken contract, so a bug. */
export const assertLength = (name: string, array: ArrayLike<unknown>, length: number): void => {
  if (array.length !== length) throw new RangeError(`${name} has ${array.length} entries, ${length} expected`)
}

/** Throws unless every entry is finite; names the first that is not. */
export const assertFinite = (name: string, array: ArrayLike<number>): void => {
  for (let i = 0; i < array.length; i++)
    if (!Number.isFinite(array[i])) throw new RangeError(`${name}[${i}] is ${array[i]}`)
}
