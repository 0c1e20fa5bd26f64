import { describe, expect, it } from "vitest"
import { readCsv, writeCsv } from "../../src/formats/csv.ts"
import { electronGrid, particleGrid, patchGrid } from "../../src/formats/network-grids.ts"
import {
  networkEdgeTable,
  networkLayerTable,
  networkNodeTable,
  networkParticleTable,
  networkPatchTable,
} from "../../src/formats/network-tables.ts"
import { numbersOf, rowCount } from "../../src/formats/table.ts"
import { readVtu, writeVtu } from "../../src/formats/vtu.ts"
import { packed } from "../../src/microstructure/packing.ts"
import { defaultPackingMatrix, packingNetwork } from "../../src/microstructure/packing-network.ts"

const packing = packed({
  dimension: 3,
  count: 25,
  sizes: { kind: "equal", radius: 4e-6 },
  particleShare: 0.3,
  thickness: 30e-6,
  gap: 0.1e-6,
  isPeriodic: true,
  seed: 4,
})
const network = packingNetwork(
  packing,
  {
    coverage: 0.4,
    coverageScatter: 0.1,
    coverageGradient: 0,
    morphology: 0.7,
    fingers: { kind: "random" },
    poreShare: 0.5,
    seed: 5,
  },
  { ...defaultPackingMatrix(packing), bridging: 0.5e-6 },
)
const { particles, patches, electrons, ions } = network

describe("tables of a network", () => {
  it("hold every record, and come back from CSV as they were", () => {
    const tables = [
      [networkParticleTable(network), particles.count],
      [networkPatchTable(network), patches.count],
      [networkNodeTable(network), electrons.nodeCount],
      [networkEdgeTable(network), electrons.edgeCount],
      [networkLayerTable(network), ions.count],
    ] as const
    for (const [table, rows] of tables) {
      expect(rowCount(table)).toBe(rows)
      const back = readCsv(writeCsv(table))
      for (const { name, unit, values } of table.columns) {
        expect(back.columns.find((each) => each.name === name)?.unit).toBe(unit)
        expect([...numbersOf(back, name)]).toEqual([...values])
      }
    }
  })

  it("say which particles float and how they are covered", () => {
    const table = networkParticleTable(network)
    const areas = numbersOf(table, "area")
    const floating = numbersOf(table, "floating")
    for (let i = 0; i < particles.count; i++) {
      expect(areas[i] / (4 * Math.PI * packing.radius[i] ** 2)).toBeCloseTo(1, 9)
      const paths = Array.from(patches.node.subarray(patches.start[i], patches.start[i + 1])).filter(
        (node) => node >= 0 && electrons.connected[node] === 1,
      )
      expect(floating[i]).toBe(paths.length > 0 ? 0 : 1)
    }
    const shares = ["high_share", "low_share", "pore_share", "contact_share"].map((name) => numbersOf(table, name))
    for (let i = 0; i < particles.count; i++)
      expect(shares.reduce((sum, share) => sum + share[i], 0)).toBeCloseTo(1, 12)
    const neighbours = numbersOf(networkPatchTable(network), "neighbour")
    patches.neighbour.forEach((j, k) => {
      expect(neighbours[k]).toBe(j + 1)
    })
  })
})

describe("grids of a network", () => {
  it("are the network again when they are read", () => {
    const potential = Float64Array.from({ length: electrons.nodeCount }, (_, node) => 3.9 + 1e-3 * node)
    const grid = electronGrid(network, { node: [{ name: "potential", unit: "V", components: 1, values: potential }] })
    const back = readVtu(writeVtu(grid, 2.5))!
    expect(back.time).toBe(2.5)
    const nodes = back.grid.pointData.find(({ name }) => name === "node")!.values
    const written = back.grid.pointData.find(({ name }) => name === "potential")!.values
    expect(back.grid.cellToPoint).toHaveLength(2 * electrons.edgeCount)
    for (let edge = 0; edge < electrons.edgeCount; edge++) {
      expect(nodes[back.grid.cellToPoint[2 * edge]]).toBe(electrons.from[edge])
      expect(nodes[back.grid.cellToPoint[2 * edge + 1]]).toBe(electrons.to[edge])
    }
    nodes.forEach((node, point) => {
      expect(written[point]).toBe(potential[node])
      expect(back.grid.points[3 * point + 2]).toBe(electrons.position[3 * node + 2])
    })
  })

  it("of particles join those that see one another, and of patches end on the surface", () => {
    const grid = particleGrid(network)
    const joined = new Set<string>()
    for (let c = 0; c < grid.cellToPoint.length; c += 2) joined.add(`${grid.cellToPoint[c]} ${grid.cellToPoint[c + 1]}`)
    for (let i = 0; i < particles.count; i++)
      for (let k = patches.start[i]; k < patches.start[i + 1]; k++) {
        const j = patches.neighbour[k]
        if (j >= 0 && j !== i) expect(joined.has(`${Math.min(i, j)} ${Math.max(i, j)}`)).toBe(true)
      }
    const rays = patchGrid(network)
    for (let k = 0; k < patches.count; k++) {
      const [a, b] = [3 * rays.cellToPoint[2 * k], 3 * rays.cellToPoint[2 * k + 1]]
      const length = Math.hypot(...[0, 1, 2].map((axis) => rays.points[b + axis] - rays.points[a + axis]))
      expect(length / packing.radius[Math.floor(k / 14)]).toBeCloseTo(1, 6)
    }
    expect(writeVtu(rays, 0)).toContain("ligament")
  })
})
