import { assemblyPattern, multiplyInto, type SparsePattern } from "../../../src/algebra/pattern.ts"
import { quadraticElement } from "../../../src/fem/element.ts"
import { quadraticPositions } from "../../../src/fem/numbering.ts"
import { quadrature } from "../../../src/fem/quadrature.ts"
import { cohesiveUpdateInto, failureOpening, fractureDissipation } from "../../../src/laws/cohesion.ts"
import type { Bodies } from "../../../src/model/resolved/bodies.ts"
import type { InterfacePairs } from "../../../src/model/resolved/interface-pairs.ts"
import { type CohesivePoints, openingsInto, pairForceInto } from "../../../src/model/resolved/mechanics.ts"
import { sparseOperator } from "../../../src/solve/linear-operator.ts"
import { createNewton } from "../../../src/solve/newton.ts"
import { elasticParts } from "../elastic-parts.ts"
import { type Beams, beams } from "./beams.ts"
import type { DoubleCantilever } from "./solution.ts"

/** A state of the pulled beams. */
export interface PullState {
  /** Work-conjugate distance of the loaded ends [m] */
  readonly opening: number
  /** P [N/m] */
  readonly load: number
  /** From the loaded ends to where the bond opens to δ_f, linear between the pairs [m] */
  readonly crack: number
  /** Length over which the bond softens [m] */
  readonly processZone: number
  /** What damage has dissipated [J/m] */
  readonly dissipated: number
}

/** What the bond does at given openings; its tractions and tangents are read after `update`. */
type Bond = Pick<CohesivePoints, "traction" | "tangent"> & { readonly update: (opening: Float64Array) => void }

/** Two bonded beams whose ends are held apart, with the product's stiffness and interface pairs. */
export interface BondedBeams {
  readonly pairs: InterfacePairs
  /** [pair] distance from the loaded ends [m] */
  readonly along: Float64Array
  /** [pair, 2] at the last equilibrium [m] */
  readonly opening: Float64Array
  /** Equilibrium at a distance of the ends; returns the load. @throws where there is none [m] → [N/m] */
  readonly holdAt: (wanted: number) => number
  /** Distance from the ends to where the opening falls below a value [m] */
  readonly frontOf: (value: number) => number
}

/**
 * The ends carry the parabolic shear of beam theory; their opening is its work-conjugate mean, and the load an unknown.
 * @param columns cells along the whole length
 * @param rows    cells across one arm
 * @param bondOf  the bond of the pairs
 */
export const bondedBeams = (
  problem: DoubleCantilever,
  length: number,
  columns: number,
  rows: number,
  bondOf: (pairs: InterfacePairs) => Bond,
): BondedBeams => {
  const made = beams(length, problem.thickness, problem.crack, columns, rows)
  const { bodies, pairs } = elasticParts(made.mesh, problem, problem)
  const { cohesion: law } = problem
  const bond = bondOf(pairs)
  const { unknownCount: count, stiffness: bulk } = bodies
  const load = endLoad(made, problem.thickness, bodies)
  const bordered = Int32Array.from([...load.keys(), count])
  const { pattern, positions } = assemblyPattern(count + 1, [
    { dofs: pairs.dofs, perElement: 4 },
    { dofs: bodies.elementDofs, perElement: 12 },
    { dofs: bordered, perElement: bordered.length },
  ])
  const operator = sparseOperator(pattern, "general")
  const { values } = operator.matrix
  const constant = new Float64Array(values.length)
  const place = placeIn(pattern)
  const { rowStart, columnIndex } = bulk.pattern
  for (let row = 0; row < count; row++)
    for (let at = rowStart[row]; at < rowStart[row + 1]; at++) constant[place(row, columnIndex[at])] = bulk.values[at]
  // The modulus turns the constraint's row into a force
  for (const [unknown, share] of load) {
    constant[place(unknown, count)] = -share
    constant[place(count, unknown)] = problem.young * share
  }
  const opening = new Float64Array(pairs.count * 2)
  let held = 0
  const force = new Float64Array(2)
  const block = new Float64Array(4)
  const inner = new Float64Array(count)
  const newton = createNewton(
    {
      jacobian: operator,
      residualScale: () => law.strength * problem.thickness,
      evaluateInto: (x, residual) => {
        const displacement = x.subarray(0, count)
        multiplyInto(bulk, displacement, inner)
        residual.set(inner)
        residual[count] = -problem.young * held
        for (const [unknown, share] of load) {
          residual[unknown] -= share * x[count]
          residual[count] += problem.young * share * x[unknown]
        }
        openingsInto(pairs, displacement, opening)
        bond.update(opening)
        values.set(constant)
        for (let pair = 0; pair < pairs.count; pair++) {
          pairForceInto(pairs, bond, pair, force, block)
          for (let r = 0; r < 4; r++) {
            const row = pairs.dofs[4 * pair + r]
            if (row < 0) continue
            residual[row] += r < 2 ? -force[r] : force[r - 2]
            for (let c = 0; c < 4; c++) {
              const at = positions[0][(4 * pair + r) * 4 + c]
              if (at >= 0) values[at] += (r < 2 === c < 2 ? 1 : -1) * block[(r % 2) * 2 + (c % 2)]
            }
          }
        }
      },
    },
    { residualTolerance: 1e-9, maximumIterations: 40 },
  )
  const nodes = quadraticPositions(made.mesh, bodies.nodes)
  const along = Float64Array.from(pairs.inner, (node) => nodes[2 * node])
  const order = [...along.keys()].sort((a, b) => along[a] - along[b])
  const x = new Float64Array(count + 1)
  return {
    pairs,
    along,
    opening,
    holdAt: (wanted) => {
      held = wanted
      const outcome = newton.solve(x)
      if (!outcome.converged) throw new Error(`double cantilever opened by ${wanted} m: ${outcome.reason}`)
      return x[count]
    },
    frontOf: (value) => {
      const k = order.findIndex((pair) => opening[2 * pair] < value)
      if (k === 0) return problem.crack
      const [a, b] = [order[k - 1], order[k]]
      const share = (opening[2 * a] - value) / (opening[2 * a] - opening[2 * b])
      return along[a] + share * (along[b] - along[a])
    },
  }
}

/** Pulls two beams apart, opening prescribed step by step, with the product's cohesive law point by point. */
export const pull = (
  problem: DoubleCantilever,
  length: number,
  columns: number,
  rows: number,
  openings: readonly number[],
): readonly PullState[] => {
  const { cohesion: law } = problem
  let before: Float64Array = new Float64Array(0)
  let damage: Float64Array = before
  const { pairs, holdAt, frontOf } = bondedBeams(problem, length, columns, rows, ({ count }) => {
    const traction = new Float64Array(count * 2)
    const tangent = new Float64Array(count * 4)
    before = new Float64Array(count)
    damage = new Float64Array(count)
    return {
      traction,
      tangent,
      update: (opening) => cohesiveUpdateInto(law, 2, opening, before, 1, traction, tangent, damage),
    }
  })
  return openings.map((opening) => {
    const load = holdAt(opening)
    before = damage.slice()
    const dissipated = before.reduce((sum, own, pair) => sum + pairs.weight[pair] * fractureDissipation(law, own), 0)
    const crack = frontOf(failureOpening(law))
    return { opening, load, crack, processZone: frontOf(law.strength / law.stiffness) - crack, dissipated }
  })
}

/** Displacement unknowns of the loaded ends with their shares of a unit load, the upper arm pulled up, the lower down. */
const endLoad = ({ mesh, ends }: Beams, thickness: number, bodies: Bodies): ReadonlyMap<number, number> => {
  const out = new Map<number, number>()
  const { valuesInto } = quadraticElement(1)
  const rule = quadrature(1, 5)
  const N = new Float64Array(3)
  ends.forEach((facets, arm) => {
    for (let k = 0; k < facets.length; k += 2) {
      const [a, b] = [facets[k], facets[k + 1]]
      const [from, to] = [mesh.nodes[2 * a + 1], mesh.nodes[2 * b + 1]]
      rule.weights.forEach((weight, p) => {
        const at = rule.points.subarray(2 * p, 2 * p + 2)
        valuesInto(at, N)
        const s = (at[0] * from + at[1] * to) / thickness + (arm === 0 ? 1 : 0)
        const density = (6 * s * (1 - s) * weight * (to - from)) / thickness
        ;[a, b, bodies.nodes.between(a, b)].forEach((node, own) => {
          const unknown = bodies.nodeToUnknown[2 * node + 1]
          out.set(unknown, (out.get(unknown) ?? 0) + (arm === 0 ? -1 : 1) * density * N[own])
        })
      })
    }
  })
  return out
}

const placeIn =
  ({ rowStart, columnIndex }: SparsePattern) =>
  (row: number, column: number): number => {
    let at = rowStart[row]
    while (columnIndex[at] !== column) at++
    return at
  }
