import { arrange, type Line, type Outline } from "./arrangement.ts"
import { doubleInterfaces } from "./doubling.ts"
import { cutAngleProblem, placementProblem } from "./layout-checks.ts"
import type { Mesh, Region } from "./mesh.ts"
import { leftHalf, mirrorPartners, withMirrorImage } from "./mirror.ts"
import { outlineOf, type Shape } from "./outlines.ts"
import { curveSpacing, meshCurves, type Parts, type Resolution, resolutionProblem } from "./parts.ts"
import type { MeshProblem } from "./problem.ts"

export { type CoveredCircle, coverage, cutForCoverage } from "./coverage.ts"
export type { Shape } from "./outlines.ts"
export type { Resolution } from "./parts.ts"
export type { MeshProblem } from "./problem.ts"

/** A straight cut through the matrix. */
export interface Cut {
  /** A point on it [m] */
  readonly through: readonly [number, number]
  /** From the vertical, clockwise: the cut runs along (sin angle, cos angle) [rad] */
  readonly angle: number
  /** Name of the matrix to the left of it, seen along its direction. */
  readonly left: string
  readonly right: string
}

/** An axis-parallel part of the carbon/binder domain that is no plain matrix; particles lie on top of it. */
export interface Box {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
  readonly kind: "void" | "matrix"
  readonly name: string
}

/** Particles in a rectangular carbon/binder domain with a separator on top; the collector is at y = 0. */
export interface Layout {
  /** Of the carbon/binder domain [m] */
  readonly width: number
  readonly height: number
  /** > 0; lithium lies at y = height + separatorThickness [m] */
  readonly separatorThickness: number
  readonly particles: readonly Shape[]
  /** Later boxes lie on top of earlier ones. */
  readonly boxes?: readonly Box[]
  /**
   * From left to right. A point of the matrix takes the `left` name of the first cut that it lies to the left of,
   * and otherwise the `right` name of the last cut.
   */
  readonly cuts?: readonly Cut[]
  /** Name of the matrix where there is no cut. */
  readonly matrix: string
  /** Meshes the left half and reflects it about x = width/2; circles only, without cuts and boxes. */
  readonly mirrored?: boolean
}

/**
 * Conforming triangles for a layout, graded from the particle surfaces, with doubled interfaces.
 *
 * Circles become polygons of exactly the circle's area (to 1e-12): chord ends lie outside the circle by a twelfth of
 * (edge length)² / radius. Particle k is region "particle k + 1". Smallest angle 26° in practice, ≥ 20° by test, but
 * where a cut meets a surface (or another cut) at less than that.
 * @returns the mesh, or the reason why there is none
 */
export const meshLayout = (layout: Layout, resolution: Resolution): Mesh | MeshProblem => {
  const problem = resolutionProblem(resolution) ?? domainProblem(layout)
  if (problem !== null) return problem
  const spacing = curveSpacing(resolution)
  const outlines = layout.particles.map((shape, k) => outlineOf(shape, k, spacing, resolution.interfaceLength))
  const misplaced =
    placementProblem(layout, outlines, resolution) ??
    cutAngleProblem(layout.particles, cutLines(layout), outlines, resolution)
  if (misplaced !== null) return misplaced
  const parts =
    layout.mirrored === true ? mirroredParts(layout, outlines, resolution) : wholeParts(layout, outlines, resolution)
  if ("kind" in parts) return parts
  const { regions, cellToRegion } = nameParts(parts, layout)
  const { position, cellToVertex } = parts
  return doubleInterfaces(
    { position, cellToVertex, cellToRegion, regions },
    { width: layout.width, height: layout.height, top: topOf(layout) },
  )
}

const topOf = (layout: Layout): number => layout.height + layout.separatorThickness

const wholeParts = (layout: Layout, outlines: readonly Outline[], resolution: Resolution): Parts | MeshProblem => {
  const lines = [...borders(layout), ...(layout.boxes ?? []).flatMap(boxLines), ...cutLines(layout)]
  const curves = arrange(lines, outlines, curveSpacing(resolution))
  return meshCurves(curves, layout.width, topOf(layout), resolution)
}

const mirroredParts = (layout: Layout, outlines: readonly Outline[], resolution: Resolution): Parts | MeshProblem => {
  if ((layout.cuts ?? []).length > 0 || (layout.boxes ?? []).length > 0) return { kind: "not-mirrored", particle: -1 }
  const partner = mirrorPartners(layout.particles, layout.width)
  if ("kind" in partner) return partner
  const width = layout.width / 2
  const reaching = outlines.filter(({ points }) => points.some((value, k) => k % 2 === 0 && value < width))
  const curves = leftHalf(arrange(borders({ ...layout, width }), reaching, curveSpacing(resolution)), width)
  const half = meshCurves(curves, width, topOf(layout), resolution)
  return "kind" in half ? half : withMirrorImage(half, layout.width, partner)
}

const domainProblem = (layout: Layout): MeshProblem | null => {
  for (const field of ["width", "height", "separatorThickness"] as const) {
    if (!(layout[field] > 0 && layout[field] < Infinity)) {
      return { kind: "bad-value", field, value: layout[field], expected: "a positive length" }
    }
  }
  return null
}

const borders = ({ width, height, separatorThickness }: Layout): Line[] => {
  const top = height + separatorThickness
  const line = (ax: number, ay: number, bx: number, by: number): Line => ({ ax, ay, bx, by })
  return [
    line(0, 0, width, 0),
    { ...line(width, 0, width, height), throughParticles: true },
    line(width, height, width, top),
    line(width, top, 0, top),
    line(0, top, 0, height),
    line(0, height, 0, 0),
    line(0, height, width, height),
  ]
}

const boxLines = ({ x0, y0, x1, y1 }: Box): Line[] => [
  { ax: x0, ay: y0, bx: x1, by: y0 },
  { ax: x1, ay: y0, bx: x1, by: y1 },
  { ax: x1, ay: y1, bx: x0, by: y1 },
  { ax: x0, ay: y1, bx: x0, by: y0 },
]

/** Cuts clipped to the carbon/binder domain. */
const cutLines = ({ cuts, width, height }: Layout): Line[] =>
  (cuts ?? []).flatMap(({ through: [x, y], angle }) => {
    const ux = Math.sin(angle)
    const uy = Math.cos(angle)
    let from = -Infinity
    let to = Infinity
    for (const [at, along, end] of [
      [x, ux, width],
      [y, uy, height],
    ]) {
      if (Math.abs(along) < 1e-12) {
        if (at <= 0 || at >= end) return []
        continue
      }
      from = Math.max(from, Math.min(-at / along, (end - at) / along))
      to = Math.min(to, Math.max(-at / along, (end - at) / along))
    }
    if (!(from < to)) return []
    const on = (value: number, end: number): number =>
      Math.abs(value) < 1e-12 * end ? 0 : Math.abs(value - end) < 1e-12 * end ? end : value
    return [
      {
        ax: on(x + from * ux, width),
        ay: on(y + from * uy, height),
        bx: on(x + to * ux, width),
        by: on(y + to * uy, height),
      },
    ]
  })

const leftOf = ({ through, angle }: Cut, x: number, y: number): boolean =>
  Math.sin(angle) * (y - through[1]) - Math.cos(angle) * (x - through[0]) > 0

const matrixName = (layout: Layout, x: number, y: number): string => {
  const cuts = layout.cuts ?? []
  const first = cuts.find((cut) => leftOf(cut, x, y))
  return first?.left ?? cuts.at(-1)?.right ?? layout.matrix
}

/** Regions of a layout, and each cell's; a piece takes the name found in the middle of its largest triangle. */
const nameParts = (parts: Parts, layout: Layout): { regions: readonly Region[]; cellToRegion: Int32Array } => {
  const regions: Region[] = layout.particles.map((_, particle) => ({
    kind: "particle",
    name: `particle ${particle + 1}`,
    particle,
  }))
  const regionOf = (kind: Region["kind"], name: string): number => {
    const known = regions.findIndex((region) => region.kind === kind && region.name === name)
    return known >= 0 ? known : regions.push({ kind, name, particle: -1 }) - 1
  }
  const { position, cellToVertex, cellToPiece, cellToCode } = parts
  const largest = new Map<number, { area: number; x: number; y: number }>()
  for (let cell = 0; cell < cellToPiece.length; cell++) {
    if (cellToCode[cell] >= 0) continue
    const [a, b, c] = [0, 1, 2].map((k) => 2 * cellToVertex[3 * cell + k])
    const area =
      (position[b] - position[a]) * (position[c + 1] - position[a + 1]) -
      (position[c] - position[a]) * (position[b + 1] - position[a + 1])
    if (area <= (largest.get(cellToPiece[cell])?.area ?? 0)) continue
    largest.set(cellToPiece[cell], {
      area,
      x: (position[a] + position[b] + position[c]) / 3,
      y: (position[a + 1] + position[b + 1] + position[c + 1]) / 3,
    })
  }
  const pieceToRegion = new Map<number, number>()
  for (const [piece, { x, y }] of largest) {
    const box = (layout.boxes ?? []).findLast(({ x0, y0, x1, y1 }) => x > x0 && x < x1 && y > y0 && y < y1)
    pieceToRegion.set(
      piece,
      y > layout.height
        ? regionOf("separator", "separator")
        : box !== undefined
          ? regionOf(box.kind, box.name)
          : regionOf("matrix", matrixName(layout, x, y)),
    )
  }
  const cellToRegion = cellToCode.map((particle, cell) =>
    particle >= 0 ? particle : (pieceToRegion.get(cellToPiece[cell]) ?? -1),
  )
  return { regions, cellToRegion }
}
