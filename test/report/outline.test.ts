import { describe, expect, it } from "vitest"
import { coverageOf, particleAreas, regionRings } from "../../src/report/outline.ts"
import { boundsOf, pathOf, viewOf } from "../../src/report/view.ts"
import { discMesh } from "./disc-mesh.ts"

const tile = 10e-6
const spans = 16
const mesh = discMesh({
  columns: 2,
  rows: 2,
  tile,
  radius: [4e-6, 3e-6, 2e-6, 4.5e-6],
  spans,
  separator: 5e-6,
  high: (x) => x < tile / 2,
})

/** Area of a polygon of 4 · spans corners on a circle, at the angles of the nodes of a square's side [m²]. */
const discArea = (radius: number): number => {
  let area = 0
  for (let k = 0; k < spans; k++) {
    const [a, b] = [Math.atan(2 * (k / spans - 0.5)), Math.atan(2 * ((k + 1) / spans - 0.5))]
    area += 4 * 0.5 * radius * radius * Math.sin(b - a)
  }
  return area
}

const ringArea = (nodes: Int32Array): number => {
  let double = 0
  for (let at = 0; at < nodes.length; at++) {
    const [a, b] = [nodes[at], nodes[(at + 1) % nodes.length]]
    double += mesh.nodes[2 * a] * mesh.nodes[2 * b + 1] - mesh.nodes[2 * b] * mesh.nodes[2 * a + 1]
  }
  return double / 2
}

const cellArea = (cell: number): number => {
  const [a, b, c] = mesh.cellToNode.subarray(3 * cell, 3 * cell + 3)
  return ringArea(Int32Array.of(a, b, c))
}

describe("outlines", () => {
  it("enclose exactly the cells of their region, holes taken away", () => {
    const rings = regionRings(mesh)
    mesh.regions.forEach((_, region) => {
      let cells = 0
      for (let cell = 0; cell < mesh.cellToRegion.length; cell++)
        if (mesh.cellToRegion[cell] === region) cells += cellArea(cell)
      const enclosed = rings[region].reduce((sum, ring) => sum + ringArea(ring), 0)
      expect(enclosed / cells).toBeCloseTo(1, 10)
    })
  })

  it("go round a particle once", () => {
    const rings = regionRings(mesh)
    expect(rings.slice(0, 4).map((ring) => ring.length)).toEqual([1, 1, 1, 1])
    expect(rings[0][0]).toHaveLength(4 * spans)
  })

  it("become paths that drop what cannot be seen", () => {
    const view = viewOf(boundsOf(mesh), 200, 250)
    expect(view.width).toBeCloseTo(200, 9)
    const separator = regionRings(mesh)[mesh.regions.length - 1][0]
    // Four corners of a rectangle are left of its many nodes, give or take the start of the ring.
    expect(pathOf(mesh, view, separator, true).split("L").length).toBeLessThanOrEqual(6)
  })
})

describe("measures of particles", () => {
  it("have the area and centre of the discs", () => {
    const { area, centroid } = particleAreas(mesh)
    ;[4e-6, 3e-6, 2e-6, 4.5e-6].forEach((radius, particle) => {
      expect(area[particle] / discArea(radius)).toBeCloseTo(1, 10)
      expect(centroid[2 * particle] / tile).toBeCloseTo(0.5 + (particle % 2), 9)
      expect(centroid[2 * particle + 1] / tile).toBeCloseTo(0.5 + Math.floor(particle / 2), 9)
    })
  })

  it("know what covers the perimeter", () => {
    const { regions, share, perimeter } = coverageOf(mesh)
    expect(regions).toEqual(["high", "low"])
    // The cut runs through the middle of the left particles and past the right ones.
    expect([...share].map((part) => Math.round(100 * part))).toEqual([50, 50, 0, 100, 50, 50, 0, 100])
    for (let particle = 0; particle < 4; particle++) {
      expect(share[2 * particle] + share[2 * particle + 1]).toBeCloseTo(1, 12)
    }
    expect(perimeter[0] / (2 * Math.PI * 4e-6)).toBeCloseTo(1, 2)
  })
})
