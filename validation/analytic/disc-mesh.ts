import type { FacetSet, Mesh, Region } from "../../src/mesh/mesh.ts"

/** A disc of active material, alone or inside a ring of carbon/binder whose outer edge is held. */
export interface DiscSettings {
  /** a [m] */
  readonly radius: number
  /** b, outer radius of the ring; absent for the disc alone [m] */
  readonly outer?: number
  /** Rings of cells in the disc */
  readonly rings: number
}

/**
 * Concentric triangles: circle k of the disc carries 6k nodes, so that cells are nearly equilateral; the ring continues
 * with the disc's outermost count and equal radial spacing. Circles are polygons with corners on them.
 */
export const discMesh = ({ radius, outer, rings }: DiscSettings): Mesh => {
  const nodes: number[] = [0, 0]
  const cells: number[] = []
  const cellToRegion: number[] = []
  const circle = (count: number, r: number): number => {
    const first = nodes.length / 2
    for (let k = 0; k < count; k++) {
      const angle = (2 * Math.PI * k) / count
      nodes.push(r * Math.cos(angle), r * Math.sin(angle))
    }
    return first
  }
  const add = (region: number, ...corners: number[]): void => {
    cells.push(...corners)
    cellToRegion.push(region)
  }
  let inner = 0
  for (let ring = 1; ring <= rings; ring++) {
    const count = 6 * ring
    const first = circle(count, (radius * ring) / rings)
    if (ring === 1) for (let k = 0; k < 6; k++) add(0, 0, first + k, first + ((k + 1) % 6))
    else
      for (let sector = 0; sector < 6; sector++)
        for (let k = 0; k < ring; k++) {
          const own = (j: number): number => first + ((sector * ring + j) % count)
          const below = (j: number): number => inner + ((sector * (ring - 1) + j) % (count - 6))
          add(0, own(k), own(k + 1), below(k))
          if (k < ring - 1) add(0, below(k), own(k + 1), below(k + 1))
        }
    inner = first
  }
  const count = 6 * rings
  const regions: Region[] = [{ kind: "particle", name: "particle 1", particle: 0 }]
  const innerNode: number[] = []
  const outerNode: number[] = []
  const innerCell: number[] = []
  const outerCell: number[] = []
  const outerFacets: number[] = []
  const outerCells: number[] = []
  const surfaceCells = new Map<number, number>()
  cellToRegion.forEach((_, cell) => {
    for (let v = 0; v < 3; v++) {
      const a = cells[3 * cell + v]
      const b = cells[3 * cell + ((v + 1) % 3)]
      if (a >= inner && b === inner + ((a - inner + 1) % count)) surfaceCells.set(a - inner, cell)
    }
  })
  if (outer !== undefined) {
    regions.push({ kind: "matrix", name: "high", particle: -1 })
    const layers = Math.max(1, Math.round(((outer - radius) / radius) * rings))
    let below = circle(count, radius)
    for (let k = 0; k < count; k++) {
      const next = (k + 1) % count
      innerNode.push(inner + k, inner + next)
      outerNode.push(below + k, below + next)
      innerCell.push(surfaceCells.get(k)!)
    }
    for (let layer = 1; layer <= layers; layer++) {
      const above = circle(count, radius + ((outer - radius) * layer) / layers)
      for (let k = 0; k < count; k++) {
        const next = (k + 1) % count
        if (layer === 1) outerCell.push(cellToRegion.length)
        add(1, below + k, above + k, below + next)
        add(1, above + k, above + next, below + next)
        if (layer === layers) {
          outerFacets.push(above + k, above + next)
          outerCells.push(cellToRegion.length - 1)
        }
      }
      below = above
    }
  }
  const none: FacetSet = { facetToNode: new Int32Array(0), facetToCell: new Int32Array(0) }
  return {
    dimension: 2,
    nodes: Float64Array.from(nodes),
    cellToNode: Int32Array.from(cells),
    cellToRegion: Int32Array.from(cellToRegion),
    regions,
    interfaces: {
      innerNode: Int32Array.from(innerNode),
      outerNode: Int32Array.from(outerNode),
      innerCell: Int32Array.from(innerCell),
      outerCell: Int32Array.from(outerCell),
    },
    boundaries: {
      collector: none,
      lithium: none,
      outer: { facetToNode: Int32Array.from(outerFacets), facetToCell: Int32Array.from(outerCells) },
    },
  }
}
