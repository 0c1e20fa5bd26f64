/** Numbers from minus numbers: base + n where −n < 0 stands, 0 elsewhere. @param values [count] i32, in place */
export function numbered(values: usize, count: i32, base: i32): void {
  const end = values + (<usize>count << 2)
  for (; values + 16 <= end; values += 16) {
    const value = v128.load(values)
    const is = i32x4.lt_s(value, i32x4.splat(0))
    v128.store(values, v128.and(i32x4.sub(i32x4.splat(base), value), is))
  }
  for (; values < end; values += 4) {
    const value = load<i32>(values)
    store<i32>(values, value < 0 ? base - value : 0)
  }
}
