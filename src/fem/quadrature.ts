/** Points and weights on the reference simplex; the weights sum to one, so multiply by the cell's volume. */
export interface Quadrature {
  /** [point, dimension + 1] barycentric coordinates */
  readonly points: Float64Array
  /** [point] */
  readonly weights: Float64Array
}

const rule = (points: readonly (readonly number[])[], weights: readonly number[]): Quadrature => ({
  points: Float64Array.from(points.flat()),
  weights: Float64Array.from(weights),
})

/** All distinct permutations of one barycentric triple or quadruple. */
const orbit = (point: readonly number[]): number[][] => {
  if (point.length === 1) return [[...point]]
  const seen = new Map<string, number[]>()
  point.forEach((first, position) => {
    for (const rest of orbit(point.filter((_, other) => other !== position))) {
      const permuted = [first, ...rest]
      seen.set(permuted.join(), permuted)
    }
  })
  return [...seen.values()]
}

const symmetricRule = (...orbits: readonly (readonly [number, readonly number[]])[]): Quadrature => {
  const points = orbits.flatMap(([weight, point]) => orbit(point).map((p) => [weight, ...p]))
  return rule(
    points.map(([, ...p]) => p),
    points.map(([weight]) => weight),
  )
}

const gauss2 = 0.5 - Math.sqrt(1 / 12)
const gauss3 = 0.5 - Math.sqrt(3 / 20)
const tet2 = (5 - Math.sqrt(5)) / 20

/**
 * Interior rule exact for polynomials up to `degree` (1, 2 or 4 on triangles; 1 or 2 on tetrahedra; 1, 3 or 5 on
 * segments; the next higher one is taken).
 * @throws when no rule of that degree is tabulated
 * @source A. H. Stroud, Approximate Calculation of Multiple Integrals (1971); D. A. Dunavant, Int. J. Numer. Meth.
 * Engng 21 (1985) 1129
 */
export const quadrature = (dimension: 1 | 2 | 3, degree: number): Quadrature => {
  if (dimension === 1) {
    if (degree <= 1) return rule([[0.5, 0.5]], [1])
    if (degree <= 3) return symmetricRule([0.5, [gauss2, 1 - gauss2]])
    if (degree <= 5) return symmetricRule([4 / 9, [0.5, 0.5]], [5 / 18, [gauss3, 1 - gauss3]])
  }
  if (dimension === 2) {
    if (degree <= 1) return symmetricRule([1, [1 / 3, 1 / 3, 1 / 3]])
    if (degree <= 2) return symmetricRule([1 / 3, [2 / 3, 1 / 6, 1 / 6]])
    if (degree <= 4) {
      const a = 0.445948490915965
      const b = 0.091576213509771
      return symmetricRule([0.223381589678011, [a, a, 1 - 2 * a]], [0.109951743655322, [b, b, 1 - 2 * b]])
    }
  }
  if (dimension === 3) {
    if (degree <= 1) return symmetricRule([1, [0.25, 0.25, 0.25, 0.25]])
    if (degree <= 2) return symmetricRule([0.25, [1 - 3 * tet2, tet2, tet2, tet2]])
  }
  throw new RangeError(`no quadrature of degree ${degree} in ${dimension} dimensions`)
}

/**
 * Rule whose points are the nodes of a quadratic facet, weights positive: Simpson on an edge (degree 3); on a
 * triangle the vertex rule of its four sub-triangles (degree 1). Interface laws are evaluated at nodes, which keeps
 * stiff cohesive springs free of traction oscillations.
 * @source J. C. J. Schellekens, R. de Borst, Int. J. Numer. Meth. Engng 36 (1993) 43 (nodal integration of interfaces)
 */
export const nodalFacetQuadrature = (facetDimension: 1 | 2): Quadrature =>
  facetDimension === 1
    ? rule(
        [
          [1, 0],
          [0, 1],
          [0.5, 0.5],
        ],
        [1 / 6, 1 / 6, 2 / 3],
      )
    : rule(
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
          [0.5, 0.5, 0],
          [0, 0.5, 0.5],
          [0.5, 0, 0.5],
        ],
        [1 / 12, 1 / 12, 1 / 12, 1 / 4, 1 / 4, 1 / 4],
      )
