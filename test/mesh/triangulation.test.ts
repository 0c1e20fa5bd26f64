import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { constrain } from "../../src/mesh/segments.ts"
import { previous, Triangulation } from "../../src/mesh/triangulation.ts"

const grid = fc.array(fc.tuple(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 0, max: 16 })), {
  minLength: 0,
  maxLength: 60,
  size: "max",
})

/** Twins agree, triangles turn left and no free edge is illegal. */
const expectDelaunay = (mesh: Triangulation): void => {
  for (let edge = 0; edge < 3 * mesh.triangleCount; edge++) {
    const twin = mesh.twin[edge]
    if (twin >= 0) {
      expect(mesh.twin[twin]).toBe(edge)
      expect(mesh.origin[twin]).toBe(mesh.target(edge))
      expect(mesh.mark[twin]).toBe(mesh.mark[edge] === 0 ? 0 : -mesh.mark[edge])
      const apex = mesh.origin[previous(twin)]
      if (mesh.mark[edge] === 0) {
        expect(mesh.inCircle(Math.floor(edge / 3), mesh.x(apex), mesh.y(apex))).toBeLessThanOrEqual(0)
      }
    }
    expect(mesh.side(mesh.origin[edge], mesh.target(edge), mesh.origin[previous(edge)])).toBeGreaterThan(0)
  }
  for (let v = 0; v < mesh.vertexCount; v++) expect(mesh.origin[mesh.leaving[v]]).toBe(v)
  expect(mesh.triangleCount).toBe(2 * mesh.vertexCount - 2 - hull(mesh))
}
const hull = (mesh: Triangulation): number =>
  mesh.twin.subarray(0, 3 * mesh.triangleCount).reduce((count, twin) => count + (twin < 0 ? 1 : 0), 0)

describe("insertion", () => {
  it("of points of a lattice (many of them cocircular, collinear or equal) stays Delaunay", () => {
    fc.assert(
      fc.property(grid, (points) => {
        const mesh = new Triangulation(0, 0, 16, 16, 8)
        const named = new Map<string, number>()
        for (const [x, y] of points) {
          const vertex = mesh.insert(x, y)
          expect(named.get(`${x},${y}`) ?? vertex).toBe(vertex)
          named.set(`${x},${y}`, vertex)
        }
        expectDelaunay(mesh)
      }),
      { numRuns: 60, seed: 5 },
    )
  })
  it("outside the rectangle is refused", () => {
    expect(new Triangulation(0, 0, 1, 1, 4).insert(2, 0.5)).toBe(-1)
  })
})

describe("segments", () => {
  it("are there after being forced in, split at vertices on the way; a crossing one is reported", () => {
    fc.assert(
      fc.property(grid, fc.nat(), fc.nat(), fc.nat(), fc.nat(), (points, i, j, k, l) => {
        const mesh = new Triangulation(0, 0, 16, 16, 8)
        for (const [x, y] of points) mesh.insert(x, y)
        const [a, b] = [i % mesh.vertexCount, j % mesh.vertexCount]
        const length = Math.hypot(mesh.x(a) - mesh.x(b), mesh.y(a) - mesh.y(b))
        expect(constrain(mesh, a, b, 3)).toBe(null)
        expectDelaunay(mesh)
        let marked = 0
        for (let edge = 0; edge < 3 * mesh.triangleCount; edge++) {
          if (mesh.mark[edge] === 0 || (mesh.twin[edge] >= 0 && edge > mesh.twin[edge])) continue
          const [p, q] = [mesh.origin[edge], mesh.target(edge)]
          expect(mesh.side(a, b, p) === 0 && mesh.side(a, b, q) === 0).toBe(true)
          marked += Math.hypot(mesh.x(p) - mesh.x(q), mesh.y(p) - mesh.y(q))
        }
        expect(marked).toBeCloseTo(length, 9)
        const [c, d] = [k % mesh.vertexCount, l % mesh.vertexCount]
        if (a === b || c === d) return
        const proper = mesh.side(a, b, c) * mesh.side(a, b, d) < 0 && mesh.side(c, d, a) * mesh.side(c, d, b) < 0
        // Unless a vertex lies in the crossing itself, the second segment meets the first.
        const crossed = constrain(mesh, c, d, 4)
        if (!proper) expect(crossed).toBe(null)
      }),
      { numRuns: 100, seed: 7 },
    )
  })
})
