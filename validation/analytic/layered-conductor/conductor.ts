import { simplexGeometry } from "../../../src/fem/simplex.ts"
import { constantExchangeCurrent } from "../../../src/laws/exchange-current.ts"
import type { Mesh } from "../../../src/mesh/mesh.ts"
import { createElectrochemistry, type Drive } from "../../../src/model/resolved/electrochemistry.ts"
import { backwardEuler } from "../../../src/solve/bdf.ts"
import type { SparseOperator } from "../../../src/solve/linear-operator.ts"
import { createNewton } from "../../../src/solve/newton.ts"
import { matrix, referenceParameters } from "../reference-cell.ts"
import { squareMesh } from "../square-mesh.ts"

/** A block of carbon/binder between the collector (first column of nodes) and a far face (last column). */
export interface Block {
  readonly width: number
  readonly height: number
  readonly columns: number
  readonly rows: number
  /** Columns and rows of nodes that are kept straight, because layers meet there: place by index [m] */
  readonly straightColumns?: ReadonlyMap<number, number>
  readonly straightRows?: ReadonlyMap<number, number>
  /** Name of the material at a point of the straight block */
  readonly name: (x: number, y: number) => string
  /** [S/m] */
  readonly conductivity: Readonly<Record<string, number>>
  /** Where a point of the block really lies; the block itself when absent */
  readonly place?: (x: number, y: number) => readonly [number, number]
}

/** What the far face does. */
export type FarFace =
  /** Takes this current, evenly over its length [A/m] */
  | { readonly kind: "current"; readonly total: number }
  /** Lies this much below the collector [V] */
  | { readonly kind: "drop"; readonly voltage: number }

export interface Conduction {
  /** Current out of the collector [A/m] */
  readonly current: number
  /** [node of the block, column fastest] φ − φ of the collector [V] */
  readonly potential: Float64Array
  readonly nodes: Float64Array
}

/**
 * Electron conduction by the product's electrochemistry. Nothing reacts (i₀ = 0), so that electrons are all there is; a
 * particle and a separator, which every half-cell has, lie apart and at rest.
 */
export const conduct = (block: Block, far: FarFace): Conduction => {
  const mesh = blockMesh(block)
  const { columns, rows } = block
  const parameters = {
    ...referenceParameters,
    mechanics: false,
    active: { ...referenceParameters.active, exchangeCurrent: constantExchangeCurrent(0) },
    matrices: Object.fromEntries(Object.entries(block.conductivity).map(([name, value]) => [name, matrix(value, 0)])),
  }
  const scale = far.kind === "current" ? far.total : 1
  const electrochemistry = createElectrochemistry(
    mesh,
    simplexGeometry(2, mesh.nodes, mesh.cellToNode),
    parameters,
    scale,
  )
  const { unknowns, system } = electrochemistry
  const start = electrochemistry.initial()
  // Without a reaction only an imposed voltage fixes the potential; the current then follows
  const drive: Drive = { kind: "voltage", voltage: start[unknowns.voltage] }
  electrochemistry.setStep({ formula: backwardEuler, step: 1, drive, previous: start, older: start })
  const unknownOf = (column: number, row: number): number =>
    unknowns.electronicOffset + unknowns.electronic.nodeToUnknown[row * (columns + 1) + column]
  const { matrix: jacobian } = system.jacobian as SparseOperator
  const { rowStart, columnIndex } = jacobian.pattern
  const newton = createNewton(
    {
      jacobian: system.jacobian,
      residualScale: () => scale,
      evaluateInto: (x, residual) => {
        system.evaluateInto(x, residual)
        for (let row = 0; row <= rows; row++) {
          const own = unknownOf(columns, row)
          if (far.kind === "current") residual[own] += far.total * faceShare(mesh, columns, rows, row)
          else {
            residual[own] = x[own] + far.voltage
            for (let at = rowStart[own]; at < rowStart[own + 1]; at++)
              jacobian.values[at] = columnIndex[at] === own ? 1 : 0
          }
        }
      },
    },
    { residualTolerance: 1e-12, roundingTolerance: 1e-9, maximumIterations: 20 },
  )
  const x = start.slice()
  const outcome = newton.solve(x)
  if (!outcome.converged) throw new Error(`conduction: ${outcome.reason}`)
  const potential = new Float64Array((columns + 1) * (rows + 1))
  for (let row = 0; row <= rows; row++)
    for (let column = 1; column <= columns; column++)
      potential[row * (columns + 1) + column] = x[unknownOf(column, row)]
  return { current: electrochemistry.totals(x).collector, potential, nodes: mesh.nodes }
}

/** Share of the far face that belongs to one of its nodes. */
const faceShare = ({ nodes }: Mesh, columns: number, rows: number, row: number): number => {
  const length = (from: number): number => {
    const [a, b] = [from * (columns + 1) + columns, (from + 1) * (columns + 1) + columns]
    return Math.hypot(nodes[2 * a] - nodes[2 * b], nodes[2 * a + 1] - nodes[2 * b + 1])
  }
  let whole = 0
  for (let k = 0; k < rows; k++) whole += length(k)
  return ((row > 0 ? length(row - 1) : 0) + (row < rows ? length(row) : 0)) / (2 * whole)
}

const blockMesh = (block: Block): Mesh => {
  const { width, height, columns, rows, place } = block
  const { mesh } = squareMesh(width, height, columns, rows)
  const perRow = columns + 1
  for (let row = 0; row <= rows; row++)
    for (let column = 0; column <= columns; column++) {
      const node = row * perRow + column
      mesh.nodes[2 * node] = block.straightColumns?.get(column) ?? mesh.nodes[2 * node]
      mesh.nodes[2 * node + 1] = block.straightRows?.get(row) ?? mesh.nodes[2 * node + 1]
    }
  const names = Object.keys(block.conductivity)
  const cellToRegion = mesh.cellToRegion.map((_, cell) => {
    let [x, y] = [0, 0]
    for (let v = 0; v < 3; v++) {
      x += mesh.nodes[2 * mesh.cellToNode[3 * cell + v]] / 3
      y += mesh.nodes[2 * mesh.cellToNode[3 * cell + v] + 1] / 3
    }
    return names.indexOf(block.name(x, y))
  })
  if (place)
    for (let node = 0; node < mesh.nodes.length / 2; node++)
      mesh.nodes.set(place(mesh.nodes[2 * node], mesh.nodes[2 * node + 1]), 2 * node)
  const first = mesh.nodes.length / 2
  const apart = [0, 1].flatMap((k) => {
    const x = (2 + 2 * k) * width
    return [x, 0, x + width, 0, x, width]
  })
  const collectorNodes: number[] = []
  for (let row = rows; row > 0; row--) collectorNodes.push(row * perRow, (row - 1) * perRow)
  const none = { facetToNode: new Int32Array(0), facetToCell: new Int32Array(0) }
  const cells = cellToRegion.length
  return {
    dimension: 2,
    nodes: Float64Array.from([...mesh.nodes, ...apart]),
    cellToNode: Int32Array.from([...mesh.cellToNode, first, first + 1, first + 2, first + 3, first + 4, first + 5]),
    cellToRegion: Int32Array.from([...cellToRegion, names.length, names.length + 1]),
    regions: [
      ...names.map((name) => ({ kind: "matrix" as const, name, particle: -1 })),
      { kind: "particle", name: "particle 1", particle: 0 },
      { kind: "separator", name: "separator", particle: -1 },
    ],
    interfaces: mesh.interfaces,
    boundaries: {
      collector: { facetToNode: Int32Array.from(collectorNodes), facetToCell: new Int32Array(rows) },
      lithium: { facetToNode: Int32Array.from([first + 3, first + 4]), facetToCell: Int32Array.from([cells + 1]) },
      outer: none,
    },
  }
}
