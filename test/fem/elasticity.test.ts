import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { analyse, factorise } from "../../src/algebra/direct.ts"
import { assemblyPattern, multiplyInto } from "../../src/algebra/pattern.ts"
import { seededRandom } from "../../src/array/random.ts"
import { addStiffness, divergenceCoupling } from "../../src/fem/elasticity.ts"
import { linearElement, quadraticElement } from "../../src/fem/element.ts"
import { quadraticNodes, quadraticPositions } from "../../src/fem/numbering.ts"
import { simplexGeometry } from "../../src/fem/simplex.ts"
import { moduli } from "../../src/laws/elasticity.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"

const none = { facetToNode: new Int32Array(0), facetToCell: new Int32Array(0) }

/** Unit square or cube of simplices whose inner nodes are moved at random. */
const distorted = (dimension: 2 | 3, count: number): Mesh => {
  const random = seededRandom(4)
  const side = count + 1
  const nodes: number[] = []
  for (let node = 0; node < side ** dimension; node++) {
    const place = Array.from({ length: dimension }, (_, axis) => Math.floor(node / side ** axis) % side)
    const inner = place.every((k) => k > 0 && k < count)
    for (const k of place) nodes.push((k + (inner ? 0.35 * (2 * random.uniform() - 1) : 0)) / count)
  }
  // Kuhn's division: one simplex for every order in which the axes are walked
  const orders =
    dimension === 2
      ? [
          [0, 1],
          [1, 0],
        ]
      : [
          [0, 1, 2],
          [1, 2, 0],
          [2, 0, 1],
          [0, 2, 1],
          [2, 1, 0],
          [1, 0, 2],
        ]
  const cells: number[] = []
  for (let node = 0; node < side ** dimension; node++) {
    if (orders[0].some((axis) => Math.floor(node / side ** axis) % side === count)) continue
    orders.forEach((order, k) => {
      const path = [node]
      for (const axis of order) path.push(path[path.length - 1] + side ** axis)
      // Every second half of the orders is an odd permutation
      if (k >= orders.length / 2) [path[0], path[1]] = [path[1], path[0]]
      cells.push(...path)
    })
  }
  const empty = new Int32Array(0)
  return {
    dimension,
    nodes: Float64Array.from(nodes),
    cellToNode: Int32Array.from(cells),
    cellToRegion: new Int32Array(cells.length / (dimension + 1)),
    regions: [{ kind: "matrix", name: "high", particle: -1 }],
    interfaces: { innerNode: empty, outerNode: empty, innerCell: empty, outerCell: empty },
    boundaries: { collector: none, lithium: none, outer: none },
  }
}

const elasticity = { young: 3, poisson: 0.3 }
const own = moduli(elasticity)

/** All stiffness of the body, with its nodes of order 1 or 2. */
const assembled = (dimension: 2 | 3, order: 1 | 2) => {
  const mesh = distorted(dimension, 3)
  const numbering = quadraticNodes(mesh)
  const element = order === 1 ? linearElement(dimension) : quadraticElement(dimension)
  const positions = order === 1 ? mesh.nodes : quadraticPositions(mesh, numbering)
  const cellToNode = order === 1 ? mesh.cellToNode : numbering.cellToNode
  const geometry = simplexGeometry(dimension, mesh.nodes, mesh.cellToNode)
  const cells = Int32Array.from(mesh.cellToRegion.keys())
  const perElement = element.nodesPerCell * dimension
  const dofs = Int32Array.from(
    { length: cells.length * perElement },
    (_, k) => cellToNode[Math.floor(k / dimension)] * dimension + (k % dimension),
  )
  const { pattern, positions: places } = assemblyPattern(positions.length, [{ dofs, perElement }])
  const values = new Float64Array(pattern.columnIndex.length)
  addStiffness(geometry, element, cells, () => own, places[0], values)
  const onEdge = (dof: number): boolean => {
    const first = dof - (dof % dimension)
    return positions.subarray(first, first + dimension).some((x) => x < 1e-12 || x > 1 - 1e-12)
  }
  return { mesh, element, geometry, cells, dofs, perElement, positions, stiffness: { pattern, values }, onEdge }
}

const linearField = (dimension: number, positions: Float64Array, gradient: readonly number[]): Float64Array =>
  positions.map((_, dof) => {
    const first = dof - (dof % dimension)
    let sum = 0.1
    for (let axis = 0; axis < dimension; axis++)
      sum += gradient[(dof % dimension) * dimension + axis] * positions[first + axis]
    return sum
  })

const gradients = (dimension: number) =>
  fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: dimension ** 2, maxLength: dimension ** 2 })

const kinds = ([2, 3] as const).flatMap((dimension) => ([1, 2] as const).map((order) => ({ dimension, order })))

describe.each(kinds)("elasticity in $dimension dimensions, order $order", ({ dimension, order }) => {
  const body = assembled(dimension, order)
  const { stiffness, positions, onEdge } = body
  const { pattern, values } = stiffness
  const size = positions.length

  it("passes the patch test: a linear field on the edge is reproduced inside to round-off", () => {
    // Rows of the edge become identities
    const fixed = values.slice()
    for (let row = 0; row < size; row++)
      if (onEdge(row))
        for (let at = pattern.rowStart[row]; at < pattern.rowStart[row + 1]; at++)
          fixed[at] = pattern.columnIndex[at] === row ? 1 : 0
    const factor = factorise(analyse(pattern, "general"), fixed)
    fc.assert(
      fc.property(gradients(dimension), (gradient) => {
        const exact = linearField(dimension, positions, gradient)
        const found = exact.map((value, dof) => (onEdge(dof) ? value : 0))
        factor.solveInto(found, found)
        expect(found.some((_, dof) => !onEdge(dof))).toBe(true)
        found.forEach((value, dof) => {
          expect(Math.abs(value - exact[dof])).toBeLessThan(1e-12)
        })
      }),
      { numRuns: 20 },
    )
  })

  it("leaves translations and rotations without force", () => {
    const spin = Array.from({ length: dimension ** 2 }, (_, k) => {
      const [row, column] = [Math.floor(k / dimension), k % dimension]
      return row === column ? 0 : (row < column ? 1 : -1) * (1 + row + column)
    })
    const force = new Float64Array(size)
    multiplyInto(stiffness, linearField(dimension, positions, spin), force)
    expect(Math.max(...force.map(Math.abs))).toBeLessThan(1e-13)
  })

  it("is symmetric, and stores ½ σ:ε of a uniform strain", () => {
    const transposed = new Map<number, number>()
    for (let row = 0; row < size; row++)
      for (let at = pattern.rowStart[row]; at < pattern.rowStart[row + 1]; at++)
        transposed.set(pattern.columnIndex[at] * size + row, values[at])
    for (let row = 0; row < size; row++)
      for (let at = pattern.rowStart[row]; at < pattern.rowStart[row + 1]; at++)
        expect(Math.abs(values[at] - transposed.get(row * size + pattern.columnIndex[at])!)).toBeLessThan(1e-13)
    // Stretch along the first axis alone: ½ (λ + 2μ) ε²
    const field = linearField(dimension, positions, [0.2, ...new Array(dimension ** 2 - 1).fill(0)])
    const force = new Float64Array(size)
    multiplyInto(stiffness, field, force)
    const energy = field.reduce((sum, value, dof) => sum + (value * force[dof]) / 2, 0)
    expect(energy).toBeCloseTo((0.2 ** 2 * (own.lambda + 2 * own.shear)) / 2, 13)
  })

  it("lets a free body swell without stress", () => {
    const { mesh, element, geometry, cells, dofs, perElement } = body
    const swelling = 0.03
    const vertices = dimension + 1
    const coupling = divergenceCoupling(geometry, element, cells, () => own.bulk)
    const force = new Float64Array(size)
    // Plane strain holds the third direction, so that the plane stretches by (1 + ν) of the linear swelling
    const stretch = (swelling / 3) * (dimension === 2 ? 1 + elasticity.poisson : 1)
    const field = positions.map((x) => stretch * x)
    multiplyInto(stiffness, field, force)
    const largest = Math.max(...force.map(Math.abs))
    for (let k = 0; k < mesh.cellToRegion.length; k++)
      for (let row = 0; row < perElement; row++)
        for (let v = 0; v < vertices; v++)
          force[dofs[k * perElement + row]] -= coupling[(k * perElement + row) * vertices + v] * swelling
    expect(largest).toBeGreaterThan(1e-3)
    expect(Math.max(...force.map(Math.abs))).toBeLessThan(1e-13)
  })
})
