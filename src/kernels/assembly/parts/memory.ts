/** Entry i of a list of 32-bit integers. */
@inline export function at(list: usize, i: i32): i32 {
  return load<i32>(list + (<usize>i << 2))
}

@inline export function put(list: usize, i: i32, value: i32): void {
  store<i32>(list + (<usize>i << 2), value)
}

@inline export function add(list: usize, i: i32, value: i32): void {
  const p = list + (<usize>i << 2)
  store<i32>(p, load<i32>(p) + value)
}

/** Entry i of a list of numbers. */
@inline export function real(list: usize, i: i32): f64 {
  return load<f64>(list + (<usize>i << 3))
}

@inline export function putReal(list: usize, i: i32, value: f64): void {
  store<f64>(list + (<usize>i << 3), value)
}

export function fillIntegers(list: usize, count: i32, value: i32): void {
  const end = list + (<usize>count << 2)
  while (list < end) {
    store<i32>(list, value)
    list += 4
  }
}

@inline export function zero(p: usize, bytes: usize): void {
  memory.fill(p, 0, bytes)
}

let top: usize = 0

/** Forgets every block but those below a mark. */
export function release(mark: usize): void {
  top = mark
}

/** Where the next block will start. */
export function mark(): usize {
  if (top == 0) top = (__heap_base + 63) & ~63
  return top
}

/** A block of so many bytes, with what was there before; traps where there is no memory left. */
export function reserve(bytes: usize): usize {
  const start = mark()
  const end = (start + bytes + 63) & ~63
  if (end < start) unreachable()
  const missing = <i32>((end + 0xffff) >>> 16) - memory.size()
  if (missing > 0 && memory.grow(missing) < 0) unreachable()
  top = end
  return start
}

/** A list of 32-bit integers. */
@inline export function integers(count: i32): usize {
  return reserve(<usize>count << 2)
}
