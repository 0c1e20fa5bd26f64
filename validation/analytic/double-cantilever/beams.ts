import type { FacetSet, Mesh } from "../../../src/mesh/mesh.ts"

/** Two arms on one another, bonded from the tip of the notch on and held at their far end. */
export interface Beams {
  readonly mesh: Mesh
  /** [facet, 2] vertices of the loaded ends, first those of the lower arm, upwards in y */
  readonly ends: readonly [Int32Array, Int32Array]
}

/**
 * Triangles of equal size, diagonals alternating.
 * @param columns cells along, so that the tip falls on a column of nodes
 * @param rows    cells across one arm
 */
export const beams = (length: number, thickness: number, notch: number, columns: number, rows: number): Beams => {
  const perRow = columns + 1
  const perArm = perRow * (rows + 1)
  const nodes: number[] = []
  const cells: number[] = []
  const cellToRegion: number[] = []
  const below = new Int32Array(columns)
  const above = new Int32Array(columns)
  for (let arm = 0; arm < 2; arm++) {
    for (let j = 0; j <= rows; j++)
      for (let i = 0; i <= columns; i++)
        nodes.push((length * i) / columns, (thickness * j) / rows - (arm === 0 ? thickness : 0))
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const a = arm * perArm + j * perRow + i
        const [b, c, d] = [a + 1, a + perRow, a + perRow + 1]
        const cell = cellToRegion.length
        const falling = (i + j) % 2 === 1
        if (falling) cells.push(a, b, c, b, d, c)
        else cells.push(a, b, d, a, d, c)
        cellToRegion.push(arm, arm)
        // The upper triangle of a pair holds its top edge, the lower one its bottom edge
        if (arm === 0 && j === rows - 1) below[i] = cell + 1
        if (arm === 1 && j === 0) above[i] = cell
      }
  }
  const tip = Math.round((notch / length) * columns)
  const innerNode: number[] = []
  const outerNode: number[] = []
  const top = rows * perRow
  for (let i = tip; i < columns; i++) {
    innerNode.push(top + i + 1, top + i)
    outerNode.push(perArm + i + 1, perArm + i)
  }
  const column = (i: number, arm: number): Int32Array =>
    Int32Array.from({ length: 2 * rows }, (_, k) => arm * perArm + ((k + 1) >> 1) * perRow + i)
  const held = Int32Array.from([...column(columns, 0), ...column(columns, 1)])
  const none: FacetSet = { facetToNode: new Int32Array(0), facetToCell: new Int32Array(0) }
  return {
    mesh: {
      dimension: 2,
      nodes: Float64Array.from(nodes),
      cellToNode: Int32Array.from(cells),
      cellToRegion: Int32Array.from(cellToRegion),
      regions: [
        { kind: "particle", name: "particle 1", particle: 0 },
        { kind: "matrix", name: "high", particle: -1 },
      ],
      interfaces: {
        innerNode: Int32Array.from(innerNode),
        outerNode: Int32Array.from(outerNode),
        innerCell: below.slice(tip),
        outerCell: above.slice(tip),
      },
      boundaries: {
        collector: none,
        lithium: none,
        outer: { facetToNode: held, facetToCell: new Int32Array(held.length / 2) },
      },
    },
    ends: [column(0, 0), column(0, 1)],
  }
}
