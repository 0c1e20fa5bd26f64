import { describe, expect, it } from "vitest"
import { hilbertIndex } from "../../src/mesh/hilbert.ts"
import { type Layout, meshLayout } from "../../src/mesh/layout.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import { bandOrder, bandwidth, renumbered } from "../../src/mesh/ordering.ts"
import { describeQuality, measureQuality } from "../../src/mesh/quality.ts"
import { ontoCircles, refined } from "../../src/mesh/refine.ts"
import { verticesOf } from "../../src/mesh/topology.ts"
import { expectSound, particleAreas } from "./invariants.ts"

const um = 1e-6
const layout: Layout = {
  width: 12 * um,
  height: 24 * um,
  separatorThickness: 6 * um,
  particles: [
    { kind: "circle", centre: [6 * um, 6 * um], radius: 5 * um },
    { kind: "circle", centre: [6 * um, 17 * um], radius: 5 * um },
  ],
  cuts: [{ through: [6 * um, 12 * um], angle: -0.3, left: "high", right: "low" }],
  matrix: "high",
}
const top = layout.height + layout.separatorThickness
const mesh = meshLayout(layout, { interfaceLength: 0.8 * um, growth: 0.25, maximumLength: 2.5 * um }) as Mesh
const sound = (other: Mesh): void => expectSound(other, layout.width, layout.height, top)

describe("uniform refinement", () => {
  it("keeps a sound mesh with the same angles, areas and twice the facets", () => {
    const fine = refined(mesh)
    sound(fine)
    const [before, after] = [measureQuality(mesh), measureQuality(fine)]
    expect(after.cells).toBe(4 * before.cells)
    expect(after.interfaces).toBe(2 * before.interfaces)
    expect(after.smallestAngle).toBeCloseTo(before.smallestAngle, 9)
    particleAreas(fine).forEach((area, k) => {
      expect(area / particleAreas(mesh)[k]).toBeCloseTo(1, 12)
    })
    expect(fine.boundaries.lithium.facetToCell.length).toBe(2 * mesh.boundaries.lithium.facetToCell.length)
  })
  it("projects new surface nodes onto circles", () => {
    const project = ontoCircles(Float64Array.of(6 * um, 6 * um, 6 * um, 17 * um), Float64Array.of(5 * um, 5 * um))
    let fine = mesh
    for (let k = 0; k < 2; k++) fine = refined(fine, project)
    sound(fine)
    const { interfaces, nodes, regions, cellToRegion } = fine
    let onCircle = 0
    interfaces.innerNode.forEach((node, k) => {
      const { particle } = regions[cellToRegion[interfaces.innerCell[k >> 1]]]
      const radius = Math.hypot(nodes[2 * node] - 6 * um, nodes[2 * node + 1] - (6 + 11 * particle) * um)
      if (Math.abs(radius / (5 * um) - 1) < 1e-9) onCircle++
    })
    expect(onCircle / interfaces.innerNode.length).toBeGreaterThan(0.7)
  })
})

describe("orderings", () => {
  it("Hilbert indices visit each square of a grid once, neighbour after neighbour", () => {
    const side = 16
    const cells = Array.from({ length: side * side }, (_, k) => [k % side, Math.floor(k / side)])
    cells.sort(
      (one, other) =>
        hilbertIndex((one[0] + 0.5) / side, (one[1] + 0.5) / side) -
        hilbertIndex((other[0] + 0.5) / side, (other[1] + 0.5) / side),
    )
    for (let k = 1; k < cells.length; k++) {
      expect(Math.abs(cells[k][0] - cells[k - 1][0]) + Math.abs(cells[k][1] - cells[k - 1][1])).toBe(1)
    }
  })
  it("reverse Cuthill–McKee narrows the band and leaves the mesh as it is", () => {
    const cells = Int32Array.from(mesh.cellToRegion, (_, cell) => mesh.cellToRegion.length - 1 - cell)
    const other = renumbered(mesh, bandOrder(mesh), cells)
    sound(other)
    expect(bandwidth(other)).toBeLessThan(bandwidth(mesh) / 3)
    expect(measureQuality(other).area).toBeCloseTo(measureQuality(mesh).area, 20)
    expect([...particleAreas(other)].map((area) => area.toPrecision(9))).toEqual(
      [...particleAreas(mesh)].map((area) => area.toPrecision(9)),
    )
  })
})

describe("quality", () => {
  it("counts cells, angles and sharp corners", () => {
    const quality = measureQuality(mesh)
    expect(quality.histogram.reduce((sum, count) => sum + count, 0)).toBe(quality.cells)
    expect(quality.area / (layout.width * top)).toBeCloseTo(1, 12)
    expect(quality.unexcusedCells).toBe(0)
    expect(quality.largestAngle).toBeLessThan((135 * Math.PI) / 180)
    expect(describeQuality(quality)).toContain("cells")
    // A strict limit leaves cells that nothing excuses.
    expect(measureQuality(mesh, Math.PI / 3.2).unexcusedCells).toBeGreaterThan(0)
  })
  it("vertices are nodes up to coincidence", () => {
    const { count, nodeToVertex } = verticesOf(mesh)
    const places = new Set(
      Array.from({ length: mesh.nodes.length / 2 }, (_, node) => `${mesh.nodes[2 * node]} ${mesh.nodes[2 * node + 1]}`),
    )
    expect(count).toBe(places.size)
    expect(Math.max(...nodeToVertex)).toBe(count - 1)
  })
})
