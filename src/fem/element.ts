/** A Lagrange element on a simplex, written in barycentric coordinates, for any dimension. */
export interface Element {
  readonly order: 1 | 2
  readonly dimension: 1 | 2 | 3
  readonly nodesPerCell: number
  /** Vertex pairs that carry the mid-edge nodes, in the order in which those follow the vertices. */
  readonly edges: readonly (readonly [number, number])[]
  /** Writes N_a at barycentric coordinates. @param out [nodesPerCell] */
  readonly valuesInto: (barycentric: ArrayLike<number>, out: Float64Array) => void
  /** Writes ∂N_a/∂λ_v, row-major. @param out [nodesPerCell, dimension + 1] */
  readonly slopesInto: (barycentric: ArrayLike<number>, out: Float64Array) => void
}

const edgesOf = (dimension: 1 | 2 | 3): readonly (readonly [number, number])[] =>
  dimension === 1
    ? [[0, 1]]
    : dimension === 2
      ? [
          [0, 1],
          [1, 2],
          [2, 0],
        ]
      : [
          [0, 1],
          [1, 2],
          [2, 0],
          [0, 3],
          [1, 3],
          [2, 3],
        ]

/** Linear element: N_v = λ_v. */
export const linearElement = (dimension: 1 | 2 | 3): Element => {
  const vertices = dimension + 1
  return {
    order: 1,
    dimension,
    nodesPerCell: vertices,
    edges: [],
    valuesInto: (barycentric, out) => {
      for (let v = 0; v < vertices; v++) out[v] = barycentric[v]
    },
    slopesInto: (_, out) => {
      out.fill(0)
      for (let v = 0; v < vertices; v++) out[v * vertices + v] = 1
    },
  }
}

/**
 * Quadratic element: N_v = λ_v (2 λ_v − 1) at vertices, 4 λ_a λ_b on the edge a–b.
 * @source T. J. R. Hughes, The Finite Element Method (2000), §3.I
 */
export const quadraticElement = (dimension: 1 | 2 | 3): Element => {
  const vertices = dimension + 1
  const edges = edgesOf(dimension)
  return {
    order: 2,
    dimension,
    nodesPerCell: vertices + edges.length,
    edges,
    valuesInto: (barycentric, out) => {
      for (let v = 0; v < vertices; v++) out[v] = barycentric[v] * (2 * barycentric[v] - 1)
      for (let e = 0; e < edges.length; e++) {
        const [a, b] = edges[e]
        out[vertices + e] = 4 * barycentric[a] * barycentric[b]
      }
    },
    slopesInto: (barycentric, out) => {
      out.fill(0)
      for (let v = 0; v < vertices; v++) out[v * vertices + v] = 4 * barycentric[v] - 1
      for (let e = 0; e < edges.length; e++) {
        const [a, b] = edges[e]
        out[(vertices + e) * vertices + a] = 4 * barycentric[b]
        out[(vertices + e) * vertices + b] = 4 * barycentric[a]
      }
    },
  }
}
