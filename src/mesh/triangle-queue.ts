import type { Triangulation } from "./triangulation.ts"

/** Triangles by ascending key; entries whose triangle has changed since are skipped. */
export class TriangleQueue {
  private readonly heap: Entry[] = []
  private serial = 0

  push(triangle: number, key: number, mesh: Triangulation): void {
    const { origin } = mesh
    const e = 3 * triangle
    const entry = { key, serial: this.serial++, triangle, a: origin[e], b: origin[e + 1], c: origin[e + 2] }
    const { heap } = this
    let hole = heap.length
    heap.push(entry)
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (!before(entry, heap[parent])) break
      heap[hole] = heap[parent]
      hole = parent
    }
    heap[hole] = entry
  }

  /** The triangle with the smallest key that is still as it was pushed, −1 when none is left. */
  pop(mesh: Triangulation): number {
    const { origin } = mesh
    for (;;) {
      const entry = this.take()
      if (entry === undefined) return -1
      const e = 3 * entry.triangle
      if (origin[e] === entry.a && origin[e + 1] === entry.b && origin[e + 2] === entry.c) return entry.triangle
    }
  }

  private take(): Entry | undefined {
    const { heap } = this
    const top = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return top
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++
      if (!before(heap[child], last)) break
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = last
    return top
  }
}

interface Entry {
  readonly key: number
  readonly serial: number
  readonly triangle: number
  readonly a: number
  readonly b: number
  readonly c: number
}

const before = (one: Entry, other: Entry): boolean =>
  one.key < other.key || (one.key === other.key && one.serial < other.serial)
