import { simplexGeometry } from "../../../src/fem/simplex.ts"
import { squareMesh } from "../square-mesh.ts"
import type { Wave } from "./wave.ts"

/** Side of the square [m] */
export const side = 10e-6
/** Wavenumbers p, q in units of 1/side. */
export const wave = (amplitude: number, p: number, q: number, phase: number): Wave => ({
  amplitude,
  wavenumber: [p / side, q / side],
  phase: [phase, 0.7 - phase],
})

/** Distorted triangles of the square. @param count cells along a side */
export const square = (count: number) => {
  const made = squareMesh(side, side, count, count)
  const { mesh } = made
  return { ...made, geometry: simplexGeometry(2, mesh.nodes, mesh.cellToNode), nodeCount: mesh.nodes.length / 2 }
}
