/** Volumes and constant barycentric gradients of straight-sided simplices. */
export interface SimplexGeometry {
  readonly dimension: 2 | 3
  /** [cell] [m²] in 2-D, [m³] in 3-D */
  readonly volume: Float64Array
  /** [cell, vertex, dimension] ∇λ_v [1/m] */
  readonly gradient: Float64Array
  /** [cell, vertex, vertex] ∫ ∇λ_v·∇λ_w, the conduction matrix of a unit conductor */
  readonly conduction: Float64Array
}

/**
 * Geometry of every cell.
 * @param nodes      [node, dimension] [m]
 * @param cellToNode [cell, dimension + 1], positively oriented
 * @throws when a cell is flat or inverted
 */
export const simplexGeometry = (dimension: 2 | 3, nodes: Float64Array, cellToNode: Int32Array): SimplexGeometry => {
  const vertices = dimension + 1
  const cells = cellToNode.length / vertices
  const volume = new Float64Array(cells)
  const gradient = new Float64Array(cells * vertices * dimension)
  for (let cell = 0; cell < cells; cell++) {
    const at = cell * vertices
    const measure =
      dimension === 2
        ? triangleInto(nodes, cellToNode, at, gradient, at * 2)
        : tetrahedronInto(nodes, cellToNode, at, gradient, at * 3)
    if (!(measure > 0)) throw new RangeError(`cell ${cell} has volume ${measure}`)
    volume[cell] = measure
  }
  return { dimension, volume, gradient, conduction: conductionMatrices(dimension, volume, gradient) }
}

const conductionMatrices = (dimension: 2 | 3, volume: Float64Array, gradient: Float64Array): Float64Array => {
  const vertices = dimension + 1
  const out = new Float64Array(volume.length * vertices * vertices)
  for (let cell = 0; cell < volume.length; cell++)
    for (let v = 0; v < vertices; v++)
      for (let w = 0; w < vertices; w++) {
        const a = (cell * vertices + v) * dimension
        const b = (cell * vertices + w) * dimension
        let dot = 0
        for (let axis = 0; axis < dimension; axis++) dot += gradient[a + axis] * gradient[b + axis]
        out[(cell * vertices + v) * vertices + w] = dot * volume[cell]
      }
  return out
}

const triangleInto = (nodes: Float64Array, cells: Int32Array, at: number, out: Float64Array, to: number): number => {
  const a = cells[at] * 2
  const b = cells[at + 1] * 2
  const c = cells[at + 2] * 2
  const bx = nodes[b] - nodes[a]
  const by = nodes[b + 1] - nodes[a + 1]
  const cx = nodes[c] - nodes[a]
  const cy = nodes[c + 1] - nodes[a + 1]
  const twice = bx * cy - by * cx
  out[to + 2] = cy / twice
  out[to + 3] = -cx / twice
  out[to + 4] = -by / twice
  out[to + 5] = bx / twice
  out[to] = -out[to + 2] - out[to + 4]
  out[to + 1] = -out[to + 3] - out[to + 5]
  return twice / 2
}

const tetrahedronInto = (nodes: Float64Array, cells: Int32Array, at: number, out: Float64Array, to: number): number => {
  const o = cells[at] * 3
  const edge = new Float64Array(9)
  for (let v = 0; v < 3; v++)
    for (let axis = 0; axis < 3; axis++) edge[v * 3 + axis] = nodes[cells[at + v + 1] * 3 + axis] - nodes[o + axis]
  const cross = (p: number, q: number, axis: number): number => {
    const j = (axis + 1) % 3
    const k = (axis + 2) % 3
    return edge[p + j] * edge[q + k] - edge[p + k] * edge[q + j]
  }
  let six = 0
  for (let axis = 0; axis < 3; axis++) six += edge[axis] * cross(3, 6, axis)
  for (let axis = 0; axis < 3; axis++) {
    const g1 = cross(3, 6, axis) / six
    const g2 = cross(6, 0, axis) / six
    const g3 = cross(0, 3, axis) / six
    out[to + axis] = -g1 - g2 - g3
    out[to + 3 + axis] = g1
    out[to + 6 + axis] = g2
    out[to + 9 + axis] = g3
  }
  return six / 6
}

/**
 * Measure and unit normal of one facet, pointing to the right of an edge (out of a positively oriented 2-D cell) or
 * along the right-hand rule of a triangle.
 * @param normal [dimension], written
 * @returns length [m] or area [m²]
 */
export const facetNormalInto = (
  dimension: 2 | 3,
  nodes: Float64Array,
  facetToNode: Int32Array,
  facet: number,
  normal: Float64Array,
): number => {
  const at = facet * dimension
  const a = facetToNode[at] * dimension
  const b = facetToNode[at + 1] * dimension
  if (dimension === 2) {
    const x = nodes[b] - nodes[a]
    const y = nodes[b + 1] - nodes[a + 1]
    const length = Math.hypot(x, y)
    normal[0] = y / length
    normal[1] = -x / length
    return length
  }
  const c = facetToNode[at + 2] * 3
  const u = [nodes[b] - nodes[a], nodes[b + 1] - nodes[a + 1], nodes[b + 2] - nodes[a + 2]]
  const v = [nodes[c] - nodes[a], nodes[c + 1] - nodes[a + 1], nodes[c + 2] - nodes[a + 2]]
  const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
  const twice = Math.hypot(n[0], n[1], n[2])
  for (let axis = 0; axis < 3; axis++) normal[axis] = n[axis] / twice
  return twice / 2
}
