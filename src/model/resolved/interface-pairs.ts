import { nodalFacetQuadrature } from "../../fem/quadrature.ts"
import { facetNormalInto } from "../../fem/simplex.ts"
import { interfaceCount, type Mesh, particleCount } from "../../mesh/mesh.ts"
import type { Bodies } from "./bodies.ts"

/**
 * Node pairs of the particle surfaces: one for every doubled quadratic node, with its share of the surface and its
 * mean normal. Cohesion and contact act between the two nodes.
 */
export interface InterfacePairs {
  readonly dimension: 2 | 3
  readonly count: number
  /** [pair] quadratic node on the particle's side */
  readonly inner: Int32Array
  /** [pair] quadratic node on the other side */
  readonly outer: Int32Array
  /** [pair, dimension] [m] */
  readonly position: Float64Array
  /** [pair] surface that belongs to the pair [m], [m²] in 3-D */
  readonly weight: Float64Array
  /** [pair, dimension, dimension] rows: unit normal out of the particle, then tangents */
  readonly frame: Float64Array
  /** [pair] particle of the inner side */
  readonly particle: Int32Array
  /** [pair] region of the outer side */
  readonly outerRegion: Int32Array
  /** [pair] 1 for carbon/binder (cohesive), 0 for another particle (contact only) */
  readonly cohesive: Uint8Array
  /** [pair, 2·dimension] displacement unknowns: inner, then outer; −1 where fixed */
  readonly dofs: Int32Array
  /** [facet, point of the rule] pair, −1 where the facet's outer side has no stiffness */
  readonly facetToPair: Int32Array
  /** [particle] cohesive surface [m], [m²] in 3-D */
  readonly cohesiveArea: Float64Array
}

/** Collects the pairs of all particle–carbon/binder and particle–particle facets. */
export const createInterfacePairs = (mesh: Mesh, bodies: Bodies): InterfacePairs => {
  const { dimension, interfaces } = mesh
  const rule = nodalFacetQuadrature((dimension - 1) as 1 | 2)
  const perFacet = rule.weights.length
  const facets = interfaceCount(mesh)
  const facetToPair = new Int32Array(facets * perFacet).fill(-1)
  const known = new Map<number, number>()
  const inner: number[] = []
  const outer: number[] = []
  const weight: number[] = []
  const normals: number[] = []
  const position: number[] = []
  const particle: number[] = []
  const outerRegion: number[] = []
  const cohesive: number[] = []
  const normal = new Float64Array(dimension)
  for (let facet = 0; facet < facets; facet++) {
    const outside = mesh.regions[mesh.cellToRegion[interfaces.outerCell[facet]]].kind
    if (outside !== "matrix" && outside !== "particle") continue
    const size = facetNormalInto(dimension, mesh.nodes, interfaces.innerNode, facet, normal)
    if (pointsInward(mesh, facet, normal)) for (let axis = 0; axis < dimension; axis++) normal[axis] = -normal[axis]
    for (let q = 0; q < perFacet; q++) {
      const [a, b] = [
        facetNode(mesh, bodies, interfaces.innerNode, facet, q),
        facetNode(mesh, bodies, interfaces.outerNode, facet, q),
      ]
      const key = a * bodies.nodes.nodeCount + b
      let pair = known.get(key)
      if (pair === undefined) {
        pair = inner.length
        known.set(key, pair)
        inner.push(a)
        outer.push(b)
        weight.push(0)
        for (let axis = 0; axis < dimension; axis++) normals.push(0)
        position.push(...facetPoint(mesh, interfaces.innerNode, facet, q))
        particle.push(mesh.regions[mesh.cellToRegion[interfaces.innerCell[facet]]].particle)
        outerRegion.push(mesh.cellToRegion[interfaces.outerCell[facet]])
        cohesive.push(outside === "matrix" ? 1 : 0)
      }
      facetToPair[facet * perFacet + q] = pair
      weight[pair] += size * rule.weights[q]
      for (let axis = 0; axis < dimension; axis++)
        normals[pair * dimension + axis] += size * rule.weights[q] * normal[axis]
    }
  }
  const count = inner.length
  const dofs = new Int32Array(count * 2 * dimension)
  for (let pair = 0; pair < count; pair++)
    for (let axis = 0; axis < dimension; axis++) {
      dofs[pair * 2 * dimension + axis] = bodies.nodeToUnknown[inner[pair] * dimension + axis]
      dofs[pair * 2 * dimension + dimension + axis] = bodies.nodeToUnknown[outer[pair] * dimension + axis]
    }
  const cohesiveArea = new Float64Array(particleCount(mesh))
  for (let pair = 0; pair < count; pair++) if (cohesive[pair]) cohesiveArea[particle[pair]] += weight[pair]
  return {
    dimension,
    count,
    inner: Int32Array.from(inner),
    outer: Int32Array.from(outer),
    position: Float64Array.from(position),
    weight: Float64Array.from(weight),
    frame: frames(dimension, Float64Array.from(normals)),
    particle: Int32Array.from(particle),
    outerRegion: Int32Array.from(outerRegion),
    cohesive: Uint8Array.from(cohesive),
    dofs,
    facetToPair,
    cohesiveArea,
  }
}

/** Quadratic node at point q of a facet: its vertices first, then its edges. */
const facetNode = (mesh: Mesh, bodies: Bodies, nodes: Int32Array, facet: number, q: number): number => {
  const { dimension } = mesh
  const at = facet * dimension
  if (q < dimension) return nodes[at + q]
  const edge = q - dimension
  return bodies.nodes.between(nodes[at + edge], nodes[at + ((edge + 1) % dimension)])
}

/** Place of the quadratic node at point q of a facet. */
const facetPoint = ({ dimension, nodes }: Mesh, facetToNode: Int32Array, facet: number, q: number): number[] => {
  const vertex = (v: number): number => facetToNode[facet * dimension + (v % dimension)]
  const ends = q < dimension ? [vertex(q), vertex(q)] : [vertex(q - dimension), vertex(q - dimension + 1)]
  return Array.from(
    { length: dimension },
    (_, axis) => (nodes[ends[0] * dimension + axis] + nodes[ends[1] * dimension + axis]) / 2,
  )
}

const pointsInward = (mesh: Mesh, facet: number, normal: Float64Array): boolean => {
  const { dimension, nodes, interfaces, cellToNode } = mesh
  const start = interfaces.innerNode[facet * dimension]
  const vertices = dimension + 1
  let along = 0
  for (let v = 0; v < vertices; v++) {
    const node = cellToNode[interfaces.innerCell[facet] * vertices + v]
    for (let axis = 0; axis < dimension; axis++)
      along += normal[axis] * (nodes[node * dimension + axis] - nodes[start * dimension + axis])
  }
  return along > 0
}

/** Orthonormal frames whose first row is the direction of the given vectors. */
const frames = (dimension: 2 | 3, normals: Float64Array): Float64Array => {
  const count = normals.length / dimension
  const out = new Float64Array(count * dimension * dimension)
  for (let pair = 0; pair < count; pair++) {
    const own = normals.subarray(pair * dimension, (pair + 1) * dimension)
    const length = Math.hypot(...own)
    const n = own.map((component) => component / length)
    const at = pair * dimension * dimension
    out.set(n, at)
    if (dimension === 2) {
      out[at + 2] = -n[1]
      out[at + 3] = n[0]
      continue
    }
    const axis = Math.abs(n[0]) < 0.6 ? [1, 0, 0] : [0, 1, 0]
    const cross = (p: ArrayLike<number>, q: ArrayLike<number>): number[] => [
      p[1] * q[2] - p[2] * q[1],
      p[2] * q[0] - p[0] * q[2],
      p[0] * q[1] - p[1] * q[0],
    ]
    const t = cross(n, axis)
    const size = Math.hypot(...t)
    const first = t.map((component) => component / size)
    out.set(first, at + 3)
    out.set(cross(n, first), at + 6)
  }
  return out
}
