import type { FacetSet, Mesh, Region } from "../../src/mesh/mesh.ts"

/** Discs in a grid of square tiles with a separator above: a hand-made mesh with doubled interfaces. */
export interface DiscLayout {
  readonly columns: number
  readonly rows: number
  /** Side of a tile [m] */
  readonly tile: number
  /** [tile] radius of its disc [m] */
  readonly radius: readonly number[]
  /** Spans along a side of a tile */
  readonly spans: number
  /** Height of the separator [m] */
  readonly separator: number
  /** Whether a point of the carbon/binder conducts well; one region "matrix" where null. */
  readonly high: ((x: number, y: number) => boolean) | null
}

const separatorRows = 10

export const discMesh = (layout: DiscLayout): Mesh => {
  const { columns, rows, tile, radius, spans, separator, high } = layout
  const tiles = columns * rows
  const matrices = high === null ? ["matrix"] : ["high", "low"]
  const regions: Region[] = [
    ...Array.from({ length: tiles }, (_, at) => ({
      kind: "particle" as const,
      name: `particle ${at + 1}`,
      particle: at,
    })),
    ...matrices.map((name) => ({ kind: "matrix" as const, name, particle: -1 })),
    { kind: "separator", name: "separator", particle: -1 },
  ]
  const nodes: number[] = []
  const cells: number[] = []
  const cellRegion: number[] = []
  const shared = new Map<string, number>()
  const nodeAt = (x: number, y: number, owner: string): number => {
    const key = `${owner}:${Math.round(x / 1e-10)}:${Math.round(y / 1e-10)}`
    const known = shared.get(key)
    if (known !== undefined) return known
    const node = nodes.length / 2
    nodes.push(x, y)
    shared.set(key, node)
    return node
  }
  const addCell = (a: number, b: number, c: number, region: number): number => {
    const double =
      (nodes[2 * b] - nodes[2 * a]) * (nodes[2 * c + 1] - nodes[2 * a + 1]) -
      (nodes[2 * c] - nodes[2 * a]) * (nodes[2 * b + 1] - nodes[2 * a + 1])
    cells.push(...(double > 0 ? [a, b, c] : [a, c, b]))
    cellRegion.push(region)
    return cellRegion.length - 1
  }
  const matrixAt = (...corner: number[]): number => {
    if (high === null) return tiles
    const x = corner.reduce((sum, node) => sum + nodes[2 * node], 0) / corner.length
    const y = corner.reduce((sum, node) => sum + nodes[2 * node + 1], 0) / corner.length
    return high(x, y) ? tiles : tiles + 1
  }
  const facets = {
    innerNode: [] as number[],
    outerNode: [] as number[],
    innerCell: [] as number[],
    outerCell: [] as number[],
  }

  for (let at = 0; at < tiles; at++) {
    const [cx, cy] = [((at % columns) + 0.5) * tile, (Math.floor(at / columns) + 0.5) * tile]
    const ringsIn = Math.max(4, Math.round((radius[at] / tile) * spans))
    const ringsOut = Math.max(2, Math.round((0.5 - radius[at] / tile) * spans) + 1)
    const around = 4 * spans
    // Directions run through the nodes on the side of the square, so that tiles fit each other.
    const side = (k: number): readonly [number, number] => {
      const t = (k % spans) / spans - 0.5
      const [u, v] = [t * tile, tile / 2]
      const turn = Math.floor((k % around) / spans)
      return turn === 0 ? [u, -v] : turn === 1 ? [v, u] : turn === 2 ? [-u, v] : [-v, -u]
    }
    const inner: number[][] = []
    for (let ring = 1; ring <= ringsIn; ring++) {
      inner.push(
        Array.from({ length: around }, (_, k) => {
          const [sx, sy] = side(k)
          const size = (radius[at] * ring) / ringsIn / Math.hypot(sx, sy)
          return nodeAt(cx + sx * size, cy + sy * size, `p${at}`)
        }),
      )
    }
    const outer: number[][] = []
    for (let ring = 0; ring <= ringsOut; ring++) {
      outer.push(
        Array.from({ length: around }, (_, k) => {
          const [sx, sy] = side(k)
          const size = radius[at] / Math.hypot(sx, sy)
          const t = ring / ringsOut
          return nodeAt(cx + sx * (size + t * (1 - size)), cy + sy * (size + t * (1 - size)), "m")
        }),
      )
    }
    const centre = nodeAt(cx, cy, `p${at}`)
    const lastInner: number[] = []
    const firstOuter: number[] = []
    for (let k = 0; k < around; k++) {
      const next = (k + 1) % around
      addCell(centre, inner[0][k], inner[0][next], at)
      for (let ring = 1; ring < ringsIn; ring++) {
        lastInner[k] = addCell(inner[ring - 1][k], inner[ring][k], inner[ring][next], at)
        addCell(inner[ring - 1][k], inner[ring][next], inner[ring - 1][next], at)
      }
      for (let ring = 0; ring < ringsOut; ring++) {
        const [a, b, c, d] = [outer[ring][k], outer[ring + 1][k], outer[ring + 1][next], outer[ring][next]]
        const region = matrixAt(a, b, c, d)
        addCell(a, b, c, region)
        const cell = addCell(a, c, d, region)
        if (ring === 0) firstOuter[k] = cell
      }
      facets.innerNode.push(inner[ringsIn - 1][k], inner[ringsIn - 1][next])
      facets.outerNode.push(outer[0][k], outer[0][next])
      facets.innerCell.push(lastInner[k])
      facets.outerCell.push(firstOuter[k])
    }
  }

  const [right, top] = [columns * tile, rows * tile]
  for (let row = 0; row < separatorRows; row++) {
    for (let column = 0; column < columns * spans; column++) {
      const at = (i: number, j: number) => nodeAt((i * tile) / spans, top + (j * separator) / separatorRows, "m")
      const [a, b, c, d] = [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)]
      addCell(a, b, c, regions.length - 1)
      addCell(a, c, d, regions.length - 1)
    }
  }

  const mesh = {
    nodes: Float64Array.from(nodes),
    cellToNode: Int32Array.from(cells),
    cellToRegion: Int32Array.from(cellRegion),
  }
  const near = (value: number, wanted: number) => Math.abs(value - wanted) < 1e-9
  return {
    dimension: 2,
    ...mesh,
    regions,
    interfaces: {
      innerNode: Int32Array.from(facets.innerNode),
      outerNode: Int32Array.from(facets.outerNode),
      innerCell: Int32Array.from(facets.innerCell),
      outerCell: Int32Array.from(facets.outerCell),
    },
    boundaries: {
      collector: sidesWhere(mesh, (_, y) => near(y, 0)),
      lithium: sidesWhere(mesh, (_, y) => near(y, top + separator)),
      outer: sidesWhere(mesh, (x, y) => near(y, 0) || (near(x, 0) && y <= top) || (near(x, right) && y <= top)),
    },
  }
}

/** Sides of cells whose two ends satisfy a condition that only boundary sides satisfy. */
const sidesWhere = (
  { nodes, cellToNode, cellToRegion }: Pick<Mesh, "nodes" | "cellToNode" | "cellToRegion">,
  on: (x: number, y: number) => boolean,
): FacetSet => {
  const facetToNode: number[] = []
  const facetToCell: number[] = []
  for (let cell = 0; cell < cellToRegion.length; cell++) {
    for (let side = 0; side < 3; side++) {
      const [a, b] = [cellToNode[3 * cell + side], cellToNode[3 * cell + ((side + 1) % 3)]]
      if (![a, b].every((node) => on(nodes[2 * node], nodes[2 * node + 1]))) continue
      facetToNode.push(a, b)
      facetToCell.push(cell)
    }
  }
  return { facetToNode: Int32Array.from(facetToNode), facetToCell: Int32Array.from(facetToCell) }
}
