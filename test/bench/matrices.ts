import { assemblyPattern, type SparseMatrix, type SparsePattern } from "../../src/algebra/pattern.ts"
import { seededRandom } from "../../src/array/random.ts"

/** Corners of a perturbed triangulation of the unit square. */
interface Triangulation {
  /** [node, 2] */
  readonly points: Float64Array
  /** [cell, 3] counter-clockwise */
  readonly cells: Int32Array
}

/** `side`² squares, halved along alternating diagonals, inner nodes moved by up to 0.15 of the spacing. */
export const perturbedSquare = (side: number, seed = 1): Triangulation => {
  const random = seededRandom(seed)
  const across = side + 1
  const points = new Float64Array(2 * across * across)
  for (let j = 0; j < across; j++)
    for (let i = 0; i < across; i++) {
      const inside = i > 0 && j > 0 && i < side && j < side ? 0.3 : 0
      points[2 * (j * across + i)] = (i + inside * (random.uniform() - 0.5)) / side
      points[2 * (j * across + i) + 1] = (j + inside * (random.uniform() - 0.5)) / side
    }
  const cells = new Int32Array(6 * side * side)
  let at = 0
  for (let j = 0; j < side; j++)
    for (let i = 0; i < side; i++) {
      const a = j * across + i
      const [b, c, d] = [a + 1, a + across, a + across + 1]
      cells.set((i + j) % 2 ? [a, b, c, b, d, c] : [a, b, d, a, d, c], at)
      at += 6
    }
  return { points, cells }
}

/** Edges of a triangulation as further nodes. @returns [cell, 6] corners, then the middles opposite to them */
const withMiddles = ({ points, cells }: Triangulation): { readonly nodes: Int32Array; readonly count: number } => {
  const middles = new Map<number, number>()
  let count = points.length / 2
  const corners = count
  const nodes = new Int32Array(2 * cells.length)
  for (let c = 0; c < cells.length / 3; c++)
    for (let k = 0; k < 3; k++) {
      const [p, q] = [cells[3 * c + ((k + 1) % 3)], cells[3 * c + ((k + 2) % 3)]]
      const key = Math.min(p, q) * corners + Math.max(p, q)
      let node = middles.get(key)
      if (node === undefined) {
        node = count++
        middles.set(key, node)
      }
      nodes[6 * c + k] = cells[3 * c + k]
      nodes[6 * c + 3 + k] = node
    }
  return { nodes, count }
}

const discs = [
  [0.3, 0.25, 0.18],
  [0.7, 0.5, 0.2],
  [0.3, 0.75, 0.18],
] as const

/**
 * Plane-strain stiffness of a square of 2 GPa with three discs of 140 GPa, ν = 0.3; springs of the softer modulus hold
 * every node by a share of 1e-3 of one element in place of constraints, so that all nodes stay unknowns.
 * @param order 1: linear, 2: quadratic triangles (straight edges)
 */
export const elasticity = (side: number, order: 1 | 2, seed = 1): SparseMatrix => {
  const mesh = perturbedSquare(side, seed)
  const { points, cells } = mesh
  const per = order === 1 ? 3 : 6
  const { nodes, count } = order === 1 ? { nodes: cells, count: points.length / 2 } : withMiddles(mesh)
  const cellCount = cells.length / 3
  const dofs = new Int32Array(2 * nodes.length)
  for (let i = 0; i < nodes.length; i++) {
    dofs[2 * i] = 2 * nodes[i]
    dofs[2 * i + 1] = 2 * nodes[i] + 1
  }
  const { pattern, positions } = assemblyPattern(2 * count, [{ dofs, perElement: 2 * per }])
  const values = new Float64Array(pattern.columnIndex.length)
  const corner = new Float64Array(6)
  const shape = new Float64Array(2 * per)
  const quadrature = order === 1 ? [[1 / 3, 1 / 3]] : [[2 / 3, 1 / 6], [1 / 6, 2 / 3], [1 / 6, 1 / 6]] // biome-ignore format: one line
  for (let c = 0; c < cellCount; c++) {
    for (let k = 0; k < 3; k++) {
      corner[2 * k] = points[2 * cells[3 * c + k]]
      corner[2 * k + 1] = points[2 * cells[3 * c + k] + 1]
    }
    const [x0, y0, x1, y1, x2, y2] = corner
    const jacobian = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    // Gradients of the barycentric coordinates.
    const gradient = [y1 - y2, x2 - x1, y2 - y0, x0 - x2, y0 - y1, x1 - x0].map((g) => g / jacobian)
    const [mx, my] = [(x0 + x1 + x2) / 3, (y0 + y1 + y2) / 3]
    const stiff = discs.some(([x, y, radius]) => Math.hypot(mx - x, my - y) < radius)
    const modulus = stiff ? 140e9 : 2e9
    const [lambda, shear] = [(modulus * 0.3) / (1.3 * 0.4), modulus / 2.6]
    for (const [xi, eta] of quadrature) {
      const bary = [1 - xi - eta, xi, eta]
      for (let k = 0; k < 3; k++)
        for (let d = 0; d < 2; d++) {
          if (order === 1) shape[2 * k + d] = gradient[2 * k + d]
          else {
            const [p, q] = [(k + 1) % 3, (k + 2) % 3]
            shape[2 * k + d] = (4 * bary[k] - 1) * gradient[2 * k + d]
            shape[2 * (k + 3) + d] = 4 * (bary[p] * gradient[2 * q + d] + bary[q] * gradient[2 * p + d])
          }
        }
      const weight = jacobian / 2 / quadrature.length
      for (let a = 0; a < per; a++)
        for (let b = 0; b < per; b++) {
          const [ax, ay, bx, by] = [shape[2 * a], shape[2 * a + 1], shape[2 * b], shape[2 * b + 1]]
          const block = [
            (lambda + 2 * shear) * ax * bx + shear * ay * by,
            lambda * ax * by + shear * ay * bx,
            lambda * ay * bx + shear * ax * by,
            (lambda + 2 * shear) * ay * by + shear * ax * bx,
          ]
          for (let k = 0; k < 4; k++) {
            const [i, j] = [2 * a + (k >> 1), 2 * b + (k & 1)]
            values[positions[0][(c * 2 * per + i) * 2 * per + j]] += weight * block[k]
          }
        }
    }
  }
  for (let i = 0; i < pattern.rowCount; i++)
    for (let p = pattern.rowStart[i]; p < pattern.rowStart[i + 1]; p++)
      if (pattern.columnIndex[p] === i) values[p] += 1e-3 * 2e9
  return { pattern, values }
}

/** Laplacian on a grid with as many neighbours as there are axes twice, held at the whole boundary. */
export const laplacian = (shape: readonly number[]): SparseMatrix => {
  const size = shape.reduce((a, b) => a * b, 1)
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1))
  const rowStart = new Int32Array(size + 1)
  const columnIndex = new Int32Array(size * (2 * shape.length + 1))
  const values = new Float64Array(columnIndex.length)
  let count = 0
  const push = (column: number, value: number): void => {
    columnIndex[count] = column
    values[count++] = value
  }
  for (let i = 0; i < size; i++) {
    for (let axis = shape.length - 1; axis >= 0; axis--)
      if (Math.floor(i / strides[axis]) % shape[axis] > 0) push(i - strides[axis], -1)
    push(i, 2 * shape.length)
    for (let axis = 0; axis < shape.length; axis++)
      if (Math.floor(i / strides[axis]) % shape[axis] < shape[axis] - 1) push(i + strides[axis], -1)
    rowStart[i + 1] = count
  }
  const pattern: SparsePattern = {
    rowCount: size,
    columnCount: size,
    rowStart,
    columnIndex: columnIndex.slice(0, count),
  }
  return { pattern, values: values.slice(0, count) }
}
