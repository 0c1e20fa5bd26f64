import { seededRandom } from "../../src/array/random.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"

/** A square (or rectangle) of triangles whose inner nodes are moved at random, so that no symmetry hides an error. */
export interface SquareMesh {
  readonly mesh: Mesh
  /** [node] 1 on the outer edge */
  readonly boundary: Uint8Array
  readonly cells: Int32Array
}

/**
 * @param columns cells along x
 * @param rows    cells along y
 * @param jitter  largest shift of inner nodes over the spacing
 */
export const squareMesh = (width: number, height: number, columns: number, rows: number, jitter = 0.2): SquareMesh => {
  const random = seededRandom(11)
  const nodes: number[] = []
  const boundary = new Uint8Array((columns + 1) * (rows + 1))
  for (let j = 0; j <= rows; j++)
    for (let i = 0; i <= columns; i++) {
      const edge = i === 0 || j === 0 || i === columns || j === rows
      boundary[nodes.length / 2] = edge ? 1 : 0
      const shift = (): number => (edge ? 0 : jitter * (2 * random.uniform() - 1))
      nodes.push((width * (i + shift())) / columns, (height * (j + shift())) / rows)
    }
  const cells: number[] = []
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const a = j * (columns + 1) + i
      const [b, c, d] = [a + 1, a + columns + 1, a + columns + 2]
      if ((i + j) % 2 === 0) cells.push(a, b, d, a, d, c)
      else cells.push(a, b, c, b, d, c)
    }
  const count = cells.length / 3
  const none = { facetToNode: new Int32Array(0), facetToCell: new Int32Array(0) }
  return {
    mesh: {
      dimension: 2,
      nodes: Float64Array.from(nodes),
      cellToNode: Int32Array.from(cells),
      cellToRegion: new Int32Array(count),
      regions: [{ kind: "matrix", name: "high", particle: -1 }],
      interfaces: {
        innerNode: new Int32Array(0),
        outerNode: new Int32Array(0),
        innerCell: new Int32Array(0),
        outerCell: new Int32Array(0),
      },
      boundaries: { collector: none, lithium: none, outer: none },
    },
    boundary,
    cells: Int32Array.from({ length: count }, (_, cell) => cell),
  }
}
