import { bendLengths, type Curve, clearances, resample } from "./curves.ts"
import { polylineCrossings } from "./polyline-crossings.ts"
import type { MeshProblem } from "./problem.ts"
import { refine } from "./refinement.ts"
import { constrain } from "./segments.ts"
import { type SizeFunction, sizeFunction } from "./sizing.ts"
import { Triangulation } from "./triangulation.ts"

/** How fine a mesh is. */
export interface Resolution {
  /**
   * Edge length at particle surfaces, > 0; down to 0.8 of it where they bend sharply, as short as the gap (over
   * `gapEdges`) where surfaces face each other across less. A circle's perimeter is right to (length/radius)²/24. [m]
   */
  readonly interfaceLength: number
  /** Growth of the edge length per unit distance from the surfaces, 0.05–0.5; 0.25 is a good start. */
  readonly growth: number
  /** Edge length far from surfaces, ≥ interfaceLength; single edges may be half as long again [m] */
  readonly maximumLength: number
  /** Halves all lengths everywhere that many times, the growth per distance with them: four times the cells (default 0). */
  readonly refine?: number
  /** Edges across the narrowest gap, ligament or neck, > 0 (default 1). */
  readonly gapEdges?: number
}

/** Smallest angle that refinement aims at, away from sharper corners of the input [rad]: 26°. */
export const angleGoal = (26 * Math.PI) / 180
const vertexLimit = 4_000_000

/** Triangles, each with the part of the domain it belongs to; interfaces are not yet doubled. */
export interface Parts {
  /** [vertex, 2] [m] */
  readonly position: Float64Array
  /** [triangle, 3] counter-clockwise */
  readonly cellToVertex: Int32Array
  /** [triangle] code that the curves around it give: a particle if ≥ 0, −1 where they give none */
  readonly cellToCode: Int32Array
  /** [triangle] connected piece between the curves */
  readonly cellToPiece: Int32Array
}

/** Edges span at most this part of the radius of curvature (a circle gets 18, its perimeter is right to 0.5 %), */
const bendShare = 0.35
/** but bends alone never ask for less than this part of the interface length. */
const smallestBendShare = 0.8

/** Lengths a resolution means after its refinements. */
export const lengthScale = (resolution: Resolution): number => 2 ** -(resolution.refine ?? 0)

/** Spacing at which curves should be given so that gaps and sizes along them are seen [m] */
export const curveSpacing = (resolution: Resolution): number =>
  (resolution.interfaceLength * lengthScale(resolution)) / 12

/** Checks lengths and growth. */
export const resolutionProblem = (resolution: Resolution): MeshProblem | null => {
  const bad = (field: string, value: number, expected: string): MeshProblem => ({
    kind: "bad-value",
    field,
    value,
    expected,
  })
  const { interfaceLength, growth, maximumLength, gapEdges } = resolution
  if (!(interfaceLength > 0)) return bad("interfaceLength", interfaceLength, "a positive length")
  if (!(maximumLength >= interfaceLength)) return bad("maximumLength", maximumLength, "at least interfaceLength")
  if (!(growth > 0 && growth <= 1)) return bad("growth", growth, "a number in (0, 1]")
  if (gapEdges !== undefined && !(gapEdges > 0)) return bad("gapEdges", gapEdges, "a positive number")
  return null
}

/**
 * Triangles between curves in the rectangle [0, width] × [0, height] (separator included); the rectangle's sides
 * must be among the curves.
 */
export const meshCurves = (
  curves: readonly Curve[],
  width: number,
  height: number,
  resolution: Resolution,
): Parts | MeshProblem => {
  const size = sizes(curves, width, height, resolution)
  const sampled = sampleApart(curves, size)
  if ("kind" in sampled) return sampled
  const expected = sampled.reduce((sum, points) => sum + points.length / 2, 0)
  const mesh = new Triangulation(0, 0, width, height, 4 * expected)
  const vertices = sampled.map((points) => insertAll(mesh, points))
  for (let c = 0; c < curves.length; c++) {
    const chain = vertices[c]
    const last = curves[c].closed ? chain.length : chain.length - 1
    for (let k = 0; k < last; k++) {
      const a = chain[k]
      const b = chain[(k + 1) % chain.length]
      if (a === b) continue
      const crossed = constrain(mesh, a, b, c + 1)
      if (crossed !== null) return { kind: "boundaries-cross", at: [mesh.x(crossed.from), mesh.y(crossed.from)] }
    }
  }
  const outcome = refine(mesh, { size, minimumAngle: angleGoal, vertexLimit })
  if (outcome.exhausted) return { kind: "too-many-vertices", limit: vertexLimit }
  return { ...flood(mesh, curves), position: mesh.position.slice(0, 2 * mesh.vertexCount) }
}

/** Samples curves, those that come to cross ever more finely. */
const sampleApart = (curves: readonly Curve[], size: SizeFunction): Float64Array[] | MeshProblem => {
  const fineness = new Float64Array(curves.length).fill(1)
  const sampled = curves.map((curve) => resample(curve, size))
  for (let round = 0; ; round++) {
    const crossings = polylineCrossings(sampled.map((points, c) => ({ points, closed: curves[c].closed })))
    if (crossings.length === 0) return sampled
    if (round === finestRound) return { kind: "boundaries-cross", at: crossings[0].at }
    for (const c of new Set(crossings.flatMap(({ first, second }) => [first, second]))) {
      fineness[c] *= 2
      sampled[c] = resample(curves[c], size, fineness[c])
    }
  }
}
const finestRound = 5

const insertAll = (mesh: Triangulation, points: Float64Array): Int32Array => {
  const out = new Int32Array(points.length / 2)
  for (let k = 0; k < out.length; k++) {
    out[k] = mesh.insert(points[2 * k], points[2 * k + 1])
    if (out[k] < 0) throw new RangeError(`curve point (${points[2 * k]}, ${points[2 * k + 1]}) is outside the domain`)
  }
  return out
}

const sizes = (curves: readonly Curve[], width: number, height: number, resolution: Resolution): SizeFunction => {
  const scale = lengthScale(resolution)
  const gapEdges = resolution.gapEdges ?? 1
  const reach = resolution.interfaceLength * gapEdges
  const clear = clearances(curves, reach)
  const position: number[] = []
  const length: number[] = []
  curves.forEach((curve, c) => {
    const bends = bendLengths(curve, resolution.interfaceLength, bendShare, smallestBendShare)
    for (let k = 0; k < curve.points.length / 2; k++) {
      const narrow = clear[c][k] < reach ? clear[c][k] / gapEdges : Infinity
      const wanted = Math.min(curve.length, narrow, bends[k])
      if (wanted === Infinity) continue
      position.push(curve.points[2 * k], curve.points[2 * k + 1])
      length.push(wanted * scale)
    }
  })
  const extent = { x0: 0, y0: 0, x1: width, y1: height }
  const sources = { position: Float64Array.from(position), length: Float64Array.from(length) }
  return sizeFunction(
    sources,
    extent,
    resolution.growth * scale,
    resolution.maximumLength * scale,
    (resolution.interfaceLength * scale) / 2,
  )
}

/** Spreads the sides of the curves over the triangles between them. */
const flood = (mesh: Triangulation, curves: readonly Curve[]): Omit<Parts, "position"> => {
  const count = mesh.triangleCount
  const cellToPiece = new Int32Array(count).fill(-1)
  const pieceToCode: number[] = []
  const stack: number[] = []
  for (let seed = 0; seed < count; seed++) {
    if (cellToPiece[seed] >= 0) continue
    const piece = pieceToCode.length
    pieceToCode.push(-1)
    cellToPiece[seed] = piece
    stack.push(seed)
    while (stack.length > 0) {
      const triangle = stack.pop()!
      for (let edge = 3 * triangle; edge < 3 * triangle + 3; edge++) {
        const mark = mesh.mark[edge]
        if (mark !== 0) {
          const { left, right } = curves[Math.abs(mark) - 1]
          const code = mark > 0 ? left : right
          if (code !== -1) pieceToCode[piece] = code
          continue
        }
        const neighbour = (mesh.twin[edge] / 3) | 0
        if (cellToPiece[neighbour] >= 0) continue
        cellToPiece[neighbour] = piece
        stack.push(neighbour)
      }
    }
  }
  return {
    cellToVertex: mesh.origin.slice(0, 3 * count),
    cellToPiece,
    cellToCode: cellToPiece.map((piece) => pieceToCode[piece]),
  }
}
