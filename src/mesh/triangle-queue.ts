import { Heap } from "../array/heap.ts"
import type { Triangulation } from "./triangulation.ts"

/** Triangles by ascending key; entries whose triangle has changed since are skipped. */
export class TriangleQueue {
  private readonly heap = new Heap(before)
  private serial = 0

  push(triangle: number, key: number, mesh: Triangulation): void {
    const { origin } = mesh
    const e = 3 * triangle
    this.heap.push({ key, serial: this.serial++, triangle, a: origin[e], b: origin[e + 1], c: origin[e + 2] })
  }

  /** The triangle with the smallest key that is still as it was pushed, −1 when none is left. */
  pop(mesh: Triangulation): number {
    const { origin } = mesh
    for (;;) {
      const entry = this.heap.pop()
      if (entry === undefined) return -1
      const e = 3 * entry.triangle
      if (origin[e] === entry.a && origin[e + 1] === entry.b && origin[e + 2] === entry.c) return entry.triangle
    }
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
