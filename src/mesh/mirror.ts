import type { Curve } from "./curves.ts"
import type { Shape } from "./outlines.ts"
import type { Parts } from "./parts.ts"
import type { MeshProblem } from "./problem.ts"

/** Relative difference up to which two circles count as mirror images. */
const slack = 1e-9

/** The mirror image of each circle about x = width/2, or the first that has none. [particle] */
export const mirrorPartners = (particles: readonly Shape[], width: number): Int32Array | MeshProblem => {
  const out = new Int32Array(particles.length)
  for (let p = 0; p < particles.length; p++) {
    const one = particles[p]
    out[p] = particles.findIndex(
      (other) =>
        one.kind === "circle" &&
        other.kind === "circle" &&
        Math.abs(one.radius - other.radius) <= slack * width &&
        Math.abs(one.centre[0] + other.centre[0] - width) <= slack * width &&
        Math.abs(one.centre[1] - other.centre[1]) <= slack * width,
    )
    if (out[p] < 0) return { kind: "not-mirrored", particle: p }
  }
  return out
}

/** Curves of the left half alone: surfaces right of the axis are left out. */
export const leftHalf = (curves: readonly Curve[], axis: number): Curve[] =>
  curves.filter(({ points, left }) => left < 0 || points[2 * Math.floor(points.length / 4)] <= axis)

/** The left half and its mirror image, joined along x = width/2; pieces without a code are kept apart. */
export const withMirrorImage = (half: Parts, width: number, partner: Int32Array): Parts => {
  const { position, cellToVertex, cellToCode, cellToPiece } = half
  const axis = width / 2
  const image = new Int32Array(position.length / 2)
  const mirrored: number[] = []
  for (let vertex = 0; vertex < image.length; vertex++) {
    const x = position[2 * vertex]
    image[vertex] = x === axis ? vertex : image.length + mirrored.length / 2
    if (x !== axis) mirrored.push(width - x, position[2 * vertex + 1])
  }
  const cells = cellToCode.length
  const pieces = cellToPiece.reduce((count, piece) => Math.max(count, piece + 1), 0)
  const join = (left: Int32Array, right: Int32Array): Int32Array => {
    const out = new Int32Array(left.length + right.length)
    out.set(left)
    out.set(right, left.length)
    return out
  }
  const reflected = new Int32Array(3 * cells)
  for (let cell = 0; cell < cells; cell++) {
    for (let k = 0; k < 3; k++) reflected[3 * cell + k] = image[cellToVertex[3 * cell + 2 - k]]
  }
  const all = new Float64Array(position.length + mirrored.length)
  all.set(position)
  all.set(mirrored, position.length)
  return {
    position: all,
    cellToVertex: join(cellToVertex, reflected),
    cellToCode: join(
      cellToCode,
      cellToCode.map((code) => (code >= 0 ? partner[code] : code)),
    ),
    cellToPiece: join(
      cellToPiece,
      cellToPiece.map((piece) => piece + pieces),
    ),
  }
}
