import { expect } from "vitest"
import type { Mesh } from "../../src/mesh/mesh.ts"

/** Twice the signed area of a cell [m²] */
export const doubleArea = (mesh: Mesh, cell: number): number => {
  const [a, b, c] = [0, 1, 2].map((k) => 2 * mesh.cellToNode[3 * cell + k])
  const { nodes } = mesh
  return (nodes[b] - nodes[a]) * (nodes[c + 1] - nodes[a + 1]) - (nodes[c] - nodes[a]) * (nodes[b + 1] - nodes[a + 1])
}

/** Smallest angle of a cell [degree] */
export const smallestAngle = (mesh: Mesh, cell: number): number => {
  let smallest = 180
  for (let k = 0; k < 3; k++) {
    const [a, b, c] = [k, (k + 1) % 3, (k + 2) % 3].map((m) => 2 * mesh.cellToNode[3 * cell + m])
    const { nodes } = mesh
    const [ux, uy, vx, vy] = [
      nodes[b] - nodes[a],
      nodes[b + 1] - nodes[a + 1],
      nodes[c] - nodes[a],
      nodes[c + 1] - nodes[a + 1],
    ]
    smallest = Math.min(smallest, (Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy) * 180) / Math.PI)
  }
  return smallest
}

export const angles = (mesh: Mesh): number[] =>
  Array.from(mesh.cellToRegion, (_, cell) => smallestAngle(mesh, cell)).sort((one, other) => one - other)

export const particleAreas = (mesh: Mesh): Float64Array => {
  const areas = new Float64Array(mesh.regions.reduce((count, region) => Math.max(count, region.particle + 1), 0))
  mesh.cellToRegion.forEach((region, cell) => {
    const { particle } = mesh.regions[region]
    if (particle >= 0) areas[particle] += doubleArea(mesh, cell) / 2
  })
  return areas
}

export const particlePerimeters = (mesh: Mesh): Float64Array => {
  const out = new Float64Array(mesh.regions.reduce((count, region) => Math.max(count, region.particle + 1), 0))
  const { innerNode, innerCell, outerCell } = mesh.interfaces
  innerCell.forEach((cell, facet) => {
    const length = facetLength(mesh, innerNode, facet)
    for (const side of [cell, outerCell[facet]]) {
      const { particle } = mesh.regions[mesh.cellToRegion[side]]
      if (particle >= 0) out[particle] += length
    }
  })
  return out
}

export const facetLength = (mesh: Mesh, facetToNode: Int32Array, facet: number): number => {
  const [a, b] = [2 * facetToNode[2 * facet], 2 * facetToNode[2 * facet + 1]]
  return Math.hypot(mesh.nodes[b] - mesh.nodes[a], mesh.nodes[b + 1] - mesh.nodes[a + 1])
}

/** What must hold for every mesh of a rectangle [0, width] × [0, top] with the separator above `height`. */
export const expectSound = (mesh: Mesh, width: number, height: number, top: number): void => {
  const cells = mesh.cellToRegion.length
  const { nodes, cellToNode, regions, interfaces, boundaries } = mesh
  let area = 0
  let smallest = Infinity
  for (let cell = 0; cell < cells; cell++) {
    const twice = doubleArea(mesh, cell)
    smallest = Math.min(smallest, twice)
    area += twice / 2
  }
  expect(smallest).toBeGreaterThan(0)
  expect(Math.abs(area / (width * top) - 1)).toBeLessThan(1e-12)
  expect(new Set(cellToNode).size).toBe(nodes.length / 2)
  expect(new Set(regions.map((region) => region.name)).size).toBe(regions.length)

  // Coinciding nodes are one vertex, told apart by the particle they belong to.
  const vertexOf = new Map<string, number>()
  const nodeToVertex = new Int32Array(nodes.length / 2)
  const nodeToSide = new Int32Array(nodes.length / 2).fill(-9)
  for (let node = 0; node < nodeToVertex.length; node++) {
    const name = `${nodes[2 * node]},${nodes[2 * node + 1]}`
    const vertex = vertexOf.get(name) ?? vertexOf.size
    vertexOf.set(name, vertex)
    nodeToVertex[node] = vertex
  }
  let mixed = 0
  cellToNode.forEach((node, corner) => {
    const side = regions[mesh.cellToRegion[Math.floor(corner / 3)]].particle
    if (nodeToSide[node] !== -9 && nodeToSide[node] !== side) mixed++
    nodeToSide[node] = side
  })
  expect(mixed).toBe(0)
  const copies = new Set<string>()
  for (let node = 0; node < nodeToVertex.length; node++) copies.add(`${nodeToVertex[node]},${nodeToSide[node]}`)
  expect(copies.size).toBe(nodeToVertex.length)

  // Every edge belongs to one or two cells; sides of different particles are an interface.
  const edges = new Map<string, { cell: number; a: number; b: number }[]>()
  for (let corner = 0; corner < 3 * cells; corner++) {
    const cell = Math.floor(corner / 3)
    const a = cellToNode[corner]
    const b = cellToNode[3 * cell + ((corner + 1) % 3)]
    const [u, v] = [nodeToVertex[a], nodeToVertex[b]].sort((one, other) => one - other)
    const list = edges.get(`${u},${v}`) ?? []
    list.push({ cell, a, b })
    edges.set(`${u},${v}`, list)
  }
  expect(vertexOf.size - edges.size + cells).toBe(1)
  const sideOf = (cell: number): number => regions[mesh.cellToRegion[cell]].particle
  const kindOf = (cell: number): string => regions[mesh.cellToRegion[cell]].kind
  let expectedPairs = 0
  let lengths = 0
  const hull = { collector: 0, lithium: 0, outer: 0 }
  for (const list of edges.values()) {
    expect(list.length).toBeLessThanOrEqual(2)
    const [{ cell, a, b }, other] = list
    if (other !== undefined) {
      if (sideOf(cell) !== sideOf(other.cell)) expectedPairs++
      else expect([a, b]).toEqual([other.b, other.a])
      const kinds = [kindOf(cell), kindOf(other.cell)].sort().join("-")
      if (kinds === "matrix-separator") {
        hull.outer++
        expect(nodes[2 * a + 1]).toBe(height)
        expect(nodes[2 * b + 1]).toBe(height)
      }
      continue
    }
    const [x, y, x2, y2] = [nodes[2 * a], nodes[2 * a + 1], nodes[2 * b], nodes[2 * b + 1]]
    lengths += Math.hypot(x2 - x, y2 - y)
    const vertical = x === x2 && (x === 0 || x === width)
    const horizontal = y === y2 && (y === 0 || y === top)
    expect(vertical || horizontal).toBe(true)
    if (y === 0 && y2 === 0) hull.collector++
    if (y === top && y2 === top) hull.lithium++
    if (kindOf(cell) === "matrix" || kindOf(cell) === "particle") hull.outer++
    if (kindOf(cell) === "separator") expect(Math.min(y, y2)).toBeGreaterThanOrEqual(height)
  }
  expect(Math.abs(lengths / (2 * (width + top)) - 1)).toBeLessThan(1e-12)
  expect(interfaces.innerCell.length).toBe(expectedPairs)
  expect(boundaries.collector.facetToCell.length).toBe(hull.collector)
  expect(boundaries.lithium.facetToCell.length).toBe(hull.lithium)
  expect(boundaries.outer.facetToCell.length).toBe(hull.outer)

  for (let facet = 0; facet < interfaces.innerCell.length; facet++) {
    const inner = interfaces.innerCell[facet]
    const outer = interfaces.outerCell[facet]
    const innerSide = sideOf(inner)
    expect(innerSide).toBeGreaterThanOrEqual(0)
    if (sideOf(outer) >= 0) expect(innerSide).toBeLessThan(sideOf(outer))
    for (let k = 0; k < 2; k++) {
      const [i, o] = [interfaces.innerNode[2 * facet + k], interfaces.outerNode[2 * facet + k]]
      expect(i).not.toBe(o)
      expect(nodes[2 * i]).toBe(nodes[2 * o])
      expect(nodes[2 * i + 1]).toBe(nodes[2 * o + 1])
    }
    expectFacet(mesh, interfaces.innerNode, facet, inner)
    // The outer side runs against its own cell.
    expectFacet(mesh, Int32Array.of(interfaces.outerNode[2 * facet + 1], interfaces.outerNode[2 * facet]), 0, outer)
  }
  for (const set of [boundaries.collector, boundaries.lithium, boundaries.outer]) {
    set.facetToCell.forEach((cell, facet) => {
      expectFacet(mesh, set.facetToNode, facet, cell)
    })
  }
}

/** The facet is a side of the cell, in the cell's direction. */
const expectFacet = (mesh: Mesh, facetToNode: Int32Array, facet: number, cell: number): void => {
  const corner = mesh.cellToNode.indexOf(facetToNode[2 * facet], 3 * cell) - 3 * cell
  expect(corner).toBeGreaterThanOrEqual(0)
  expect(corner).toBeLessThan(3)
  expect(mesh.cellToNode[3 * cell + ((corner + 1) % 3)]).toBe(facetToNode[2 * facet + 1])
}
