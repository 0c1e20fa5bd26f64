import { incircle, orient2d } from "robust-predicates"

/** Where a point lies: in triangle `edge / 3`, on half-edge `edge`, or at the origin of `edge`. */
export interface Place {
  readonly on: "face" | "edge" | "vertex" | "beyond"
  /** For "beyond": the constrained or outer half-edge that the walk could not cross. */
  readonly edge: number
}

export const next = (edge: number): number => (edge % 3 === 2 ? edge - 2 : edge + 1)
export const previous = (edge: number): number => (edge % 3 === 0 ? edge + 2 : edge - 1)

/**
 * Constrained Delaunay triangulation of a rectangle, in half-edges: half-edge e belongs to triangle ⌊e/3⌋,
 * starts at `origin[e]` and has the opposite `twin[e]` (−1 on the rectangle's border). Signs come from adaptive
 * exact predicates, so no tolerance is involved; triangles are kept counter-clockwise.
 * @source C. L. Lawson (1977), Mathematical Software III, 161–194 (insertion by flips);
 *   J. R. Shewchuk, Discrete Comput. Geom. 18 (1997) 305–363 (predicates)
 */
export class Triangulation {
  /** [vertex, 2] [m] */
  position: Float64Array
  vertexCount = 4
  /** [half-edge] vertex at which it starts. */
  origin: Int32Array
  /** [half-edge] */
  twin: Int32Array
  /** [half-edge] 0 where free; ± (1 + curve) on a segment of a curve, + where both run the same way. */
  mark: Int32Array
  triangleCount = 2
  /** [vertex] one half-edge leaving it. */
  leaving: Int32Array
  private stack = new Int32Array(64)
  /** Triangle where the next search begins. */
  private recent = 0

  /** Rectangle (x0, y0)–(x1, y1) [m] cut along a diagonal; `expected` vertices are reserved. */
  constructor(x0: number, y0: number, x1: number, y1: number, expected: number) {
    const capacity = Math.max(16, expected)
    this.position = new Float64Array(2 * capacity)
    this.leaving = new Int32Array(capacity).fill(-1)
    this.origin = new Int32Array(6 * capacity)
    this.twin = new Int32Array(6 * capacity).fill(-1)
    this.mark = new Int32Array(6 * capacity)
    this.position.set([x0, y0, x1, y0, x1, y1, x0, y1])
    this.origin.set([0, 1, 2, 0, 2, 3])
    this.twin.set([-1, -1, 3, 2, -1, -1])
    this.leaving.set([0, 1, 2, 5])
  }

  x(vertex: number): number {
    return this.position[2 * vertex]
  }

  y(vertex: number): number {
    return this.position[2 * vertex + 1]
  }

  target(edge: number): number {
    return this.origin[next(edge)]
  }

  /** Positive where c lies left of a → b. */
  side(a: number, b: number, c: number): number {
    const p = this.position
    return -orient2d(p[2 * a], p[2 * a + 1], p[2 * b], p[2 * b + 1], p[2 * c], p[2 * c + 1])
  }

  /** Positive where (x, y) lies left of a half-edge. */
  sideOfPoint(edge: number, x: number, y: number): number {
    const p = this.position
    const a = this.origin[edge]
    const b = this.target(edge)
    return -orient2d(p[2 * a], p[2 * a + 1], p[2 * b], p[2 * b + 1], x, y)
  }

  /** Positive where (x, y) lies inside the circumcircle of a triangle. */
  inCircle(triangle: number, x: number, y: number): number {
    const p = this.position
    const a = this.origin[3 * triangle]
    const b = this.origin[3 * triangle + 1]
    const c = this.origin[3 * triangle + 2]
    return incircle(p[2 * a], p[2 * a + 1], p[2 * b], p[2 * b + 1], p[2 * c], p[2 * c + 1], x, y)
  }

  /**
   * Follows the straight line from the centre of triangle `start` to (x, y). With `stopAtSegments` the walk ends
   * at the first constrained half-edge.
   */
  locate(x: number, y: number, start = this.recent, stopAtSegments = false): Place {
    const p = this.position
    let triangle = start
    const o = this.origin
    const cx = (p[2 * o[3 * triangle]] + p[2 * o[3 * triangle + 1]] + p[2 * o[3 * triangle + 2]]) / 3
    const cy = (p[2 * o[3 * triangle] + 1] + p[2 * o[3 * triangle + 1] + 1] + p[2 * o[3 * triangle + 2] + 1]) / 3
    let entry = -1
    for (let step = 0; step <= this.triangleCount; step++) {
      let exit = -1
      let zero = -1
      let zeros = 0
      for (let k = 0; k < 3; k++) {
        const edge = 3 * triangle + k
        if (edge === entry) continue
        const side = this.sideOfPoint(edge, x, y)
        if (side < 0) {
          if (exit < 0) exit = edge
          else {
            // Both edges are candidates: the ray leaves on the side of their common vertex that it passes.
            const shared = this.origin[edge] === this.target(exit) ? this.origin[edge] : this.origin[exit]
            const turn = -orient2d(cx, cy, x, y, p[2 * shared], p[2 * shared + 1])
            // The edge that ends in the common vertex lies clockwise of the one that starts there.
            const ending = this.target(exit) === shared ? exit : edge
            const starting = ending === exit ? edge : exit
            exit = turn > 0 ? ending : starting
          }
        } else if (side === 0) {
          zeros++
          zero = edge
        }
      }
      if (exit < 0) {
        this.recent = triangle
        if (zeros === 0) return { on: "face", edge: 3 * triangle }
        for (let k = 0; k < 3; k++) {
          const v = o[3 * triangle + k]
          if (p[2 * v] === x && p[2 * v + 1] === y) return { on: "vertex", edge: 3 * triangle + k }
        }
        return { on: "edge", edge: zero }
      }
      if (this.twin[exit] < 0 || (stopAtSegments && this.mark[exit] !== 0)) return { on: "beyond", edge: exit }
      entry = this.twin[exit]
      triangle = (entry / 3) | 0
    }
    return this.search(x, y)
  }

  /** Looks at every triangle; reached only if a walk has gone round in circles. */
  private search(x: number, y: number): Place {
    for (let triangle = 0; triangle < this.triangleCount; triangle++) {
      const sides = [0, 1, 2].map((k) => this.sideOfPoint(3 * triangle + k, x, y))
      if (sides.some((side) => side < 0)) continue
      this.recent = triangle
      const zero = sides.indexOf(0)
      if (zero < 0) return { on: "face", edge: 3 * triangle }
      const corner = [0, 1, 2].find((k) => {
        const v = this.origin[3 * triangle + k]
        return this.x(v) === x && this.y(v) === y
      })
      return corner === undefined
        ? { on: "edge", edge: 3 * triangle + zero }
        : { on: "vertex", edge: 3 * triangle + corner }
    }
    return { on: "beyond", edge: 0 }
  }

  /** Inserts a point and returns its vertex: an older one if it lies exactly there, −1 outside the rectangle. */
  insert(x: number, y: number): number {
    const place = this.locate(x, y)
    if (place.on === "beyond") return -1
    if (place.on === "vertex") return this.origin[place.edge]
    return place.on === "edge" ? this.insertOnEdge(place.edge, x, y) : this.insertInFace((place.edge / 3) | 0, x, y)
  }

  insertInFace(triangle: number, x: number, y: number): number {
    const v = this.addVertex(x, y)
    const t = triangle
    const t1 = this.addTriangles(2)
    const t2 = t1 + 1
    const o = this.origin
    const a = o[3 * t]
    const b = o[3 * t + 1]
    const c = o[3 * t + 2]
    this.move(3 * t + 1, 3 * t1)
    this.move(3 * t + 2, 3 * t2)
    this.name(t, a, b, v)
    this.name(t1, b, c, v)
    this.name(t2, c, a, v)
    this.join(3 * t + 1, 3 * t1 + 2, 0)
    this.join(3 * t1 + 1, 3 * t2 + 2, 0)
    this.join(3 * t2 + 1, 3 * t + 2, 0)
    this.stack[0] = 3 * t
    this.stack[1] = 3 * t1
    this.stack[2] = 3 * t2
    this.legalise(3)
    return v
  }

  /** Splits a half-edge and its twin at a point that is taken to lie on it; a constrained one stays constrained. */
  insertOnEdge(edge: number, x: number, y: number): number {
    const v = this.addVertex(x, y)
    const twin = this.twin[edge]
    const mark = this.mark[edge]
    const o = this.origin
    const t = (edge / 3) | 0
    const a = o[edge]
    const b = o[next(edge)]
    const c = o[previous(edge)]
    const hull = twin < 0
    const t1 = this.addTriangles(hull ? 1 : 2)
    const u1 = t1 + 1
    const u = (twin / 3) | 0
    const d = hull ? -1 : this.origin[previous(twin)]
    const e1 = next(edge)
    const e2 = previous(edge)
    // Outer sides are lifted off first: slots are overwritten below.
    const bc = this.lift(e1)
    const ca = this.lift(e2)
    const ad = hull ? null : this.lift(next(twin))
    const db = hull ? null : this.lift(previous(twin))
    this.name(t, c, a, v)
    this.name(t1, b, c, v)
    this.drop(ca, 3 * t)
    this.drop(bc, 3 * t1)
    this.join(3 * t + 2, 3 * t1 + 1, 0)
    if (hull) {
      this.twin[3 * t + 1] = -1
      this.twin[3 * t1 + 2] = -1
      this.mark[3 * t + 1] = mark
      this.mark[3 * t1 + 2] = mark
      this.stack[0] = 3 * t
      this.stack[1] = 3 * t1
      this.legalise(2)
      return v
    }
    this.name(u, d, b, v)
    this.name(u1, a, d, v)
    this.drop(db!, 3 * u)
    this.drop(ad!, 3 * u1)
    this.join(3 * u + 2, 3 * u1 + 1, 0)
    this.join(3 * t + 1, 3 * u1 + 2, mark)
    this.join(3 * t1 + 2, 3 * u + 1, mark)
    this.stack[0] = 3 * t
    this.stack[1] = 3 * t1
    this.stack[2] = 3 * u
    this.stack[3] = 3 * u1
    this.legalise(4)
    return v
  }

  /** The half-edge a → b, −1 if there is none. */
  findEdge(a: number, b: number): number {
    const first = this.leaving[a]
    if (first < 0) return -1
    let edge = first
    do {
      if (this.target(edge) === b) return edge
      edge = this.twin[previous(edge)]
    } while (edge >= 0 && edge !== first)
    if (edge === first) return -1
    // The fan meets the border: turn the other way.
    edge = first
    for (;;) {
      const twin = this.twin[edge]
      if (twin < 0) return -1
      edge = next(twin)
      if (this.target(edge) === b) return edge
      if (edge === first) return -1
    }
  }

  /** Calls `visit` with every half-edge leaving a vertex, each triangle around it once. */
  forEachLeaving(vertex: number, visit: (edge: number) => void): void {
    const first = this.leaving[vertex]
    let edge = first
    do {
      visit(edge)
      edge = this.twin[previous(edge)]
    } while (edge >= 0 && edge !== first)
    if (edge === first) return
    let twin = this.twin[first]
    while (twin >= 0) {
      const turned = next(twin)
      visit(turned)
      twin = this.twin[turned]
    }
  }

  /** Exchanges the diagonal of the convex quadrilateral around a free half-edge. */
  flip(edge: number): void {
    const twin = this.twin[edge]
    const t = (edge / 3) | 0
    const u = (twin / 3) | 0
    const a = this.origin[edge]
    const b = this.target(edge)
    const c = this.origin[previous(edge)]
    const d = this.origin[previous(twin)]
    const bc = this.lift(next(edge))
    const ca = this.lift(previous(edge))
    const ad = this.lift(next(twin))
    const db = this.lift(previous(twin))
    this.name(t, a, d, c)
    this.name(u, d, b, c)
    this.drop(ad, 3 * t)
    this.drop(ca, 3 * t + 2)
    this.drop(db, 3 * u)
    this.drop(bc, 3 * u + 1)
    this.join(3 * t + 1, 3 * u + 2, 0)
  }

  /** Moves a vertex without any check. */
  moveVertex(vertex: number, x: number, y: number): void {
    this.position[2 * vertex] = x
    this.position[2 * vertex + 1] = y
  }

  private legalise(count: number): void {
    const p = this.position
    let depth = count
    while (depth > 0) {
      // Every edge on the stack is the first of its triangle; the new vertex is the triangle's last.
      const edge = this.stack[--depth]
      const twin = this.twin[edge]
      if (twin < 0 || this.mark[edge] !== 0) continue
      const t = (edge / 3) | 0
      const d = this.origin[previous(twin)]
      if (this.inCircle(t, p[2 * d], p[2 * d + 1]) <= 0) continue
      const u = (twin / 3) | 0
      const a = this.origin[edge]
      const b = this.target(edge)
      const v = this.origin[previous(edge)]
      const bv = this.lift(edge + 1)
      const va = this.lift(edge + 2)
      const ad = this.lift(next(twin))
      const db = this.lift(previous(twin))
      this.name(t, a, d, v)
      this.name(u, d, b, v)
      this.drop(ad, 3 * t)
      this.drop(va, 3 * t + 2)
      this.drop(db, 3 * u)
      this.drop(bv, 3 * u + 1)
      this.join(3 * t + 1, 3 * u + 2, 0)
      if (depth + 2 > this.stack.length) this.stack = grown(this.stack, 2 * this.stack.length)
      this.stack[depth++] = 3 * t
      this.stack[depth++] = 3 * u
    }
  }

  private lift(edge: number): Side {
    return { twin: this.twin[edge], mark: this.mark[edge] }
  }

  private drop(side: Side, slot: number): void {
    this.twin[slot] = side.twin
    this.mark[slot] = side.mark
    if (side.twin >= 0) this.twin[side.twin] = slot
  }

  private move(from: number, to: number): void {
    this.drop(this.lift(from), to)
  }

  private join(edge: number, twin: number, mark: number): void {
    this.twin[edge] = twin
    this.twin[twin] = edge
    this.mark[edge] = mark
    this.mark[twin] = mark === 0 ? 0 : -mark
  }

  private name(triangle: number, a: number, b: number, c: number): void {
    const e = 3 * triangle
    this.origin[e] = a
    this.origin[e + 1] = b
    this.origin[e + 2] = c
    this.leaving[a] = e
    this.leaving[b] = e + 1
    this.leaving[c] = e + 2
  }

  private addVertex(x: number, y: number): number {
    const v = this.vertexCount++
    if (v >= this.leaving.length) {
      this.leaving = grown(this.leaving, 2 * v)
      this.position = grownFloat(this.position, 4 * v)
    }
    this.position[2 * v] = x
    this.position[2 * v + 1] = y
    return v
  }

  private addTriangles(count: number): number {
    const first = this.triangleCount
    this.triangleCount += count
    if (3 * this.triangleCount > this.origin.length) {
      this.origin = grown(this.origin, 2 * this.origin.length)
      this.twin = grown(this.twin, this.origin.length)
      this.mark = grown(this.mark, this.origin.length)
    }
    return first
  }
}

interface Side {
  readonly twin: number
  readonly mark: number
}

const grown = (old: Int32Array, length: number): Int32Array<ArrayBuffer> => {
  const out = new Int32Array(length)
  out.set(old)
  return out
}

const grownFloat = (old: Float64Array, length: number): Float64Array => {
  const out = new Float64Array(length)
  out.set(old)
  return out
}
