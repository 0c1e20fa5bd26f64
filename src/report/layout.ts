import { cellCount, type Mesh, type Region } from "../mesh/mesh.ts"
import { px } from "./drawing.ts"
import { type Coverage, coverageOf, particleAreas, regionRings } from "./outline.ts"
import { boundsOf, pathOf, toX, toY, type View } from "./view.ts"

export interface Bounds {
  /** [m] */
  readonly minimum: readonly [number, number]
  readonly maximum: readonly [number, number]
}

/** What the pictures of a 2-D mesh share, worked out once. */
export interface Layout {
  readonly mesh: Mesh
  /** [region][ring] nodes */
  readonly rings: readonly (readonly Int32Array[])[]
  readonly coverage: Coverage
  /** [particle] [m²] */
  readonly area: Float64Array
  /** [particle, 2] [m] */
  readonly centroid: Float64Array
  /** [particle] distance of the centroid from the collector [m] */
  readonly depth: Float64Array
  readonly bounds: Bounds
  /** Particles and matrix, without the separator */
  readonly electrode: Bounds
}

export const layoutOf = (mesh: Mesh): Layout => {
  const { area, centroid } = particleAreas(mesh)
  const electrodeNodes = function* () {
    for (let cell = 0; cell < cellCount(mesh); cell++) {
      if (mesh.regions[mesh.cellToRegion[cell]].kind === "separator") continue
      yield* mesh.cellToNode.subarray(3 * cell, 3 * cell + 3)
    }
  }
  return {
    mesh,
    rings: regionRings(mesh),
    coverage: coverageOf(mesh),
    area,
    centroid,
    depth: depthOf(mesh, centroid),
    bounds: boundsOf(mesh),
    electrode: boundsOf(mesh, electrodeNodes()),
  }
}

/** Distance of points from the nearest node of the collector; from the bottom of the mesh where there is none. */
const depthOf = (mesh: Mesh, points: Float64Array): Float64Array => {
  const collector = mesh.boundaries.collector.facetToNode
  const bottom = boundsOf(mesh).minimum[1]
  return Float64Array.from({ length: points.length / 2 }, (_, point) => {
    if (collector.length === 0) return points[2 * point + 1] - bottom
    let nearest = Number.POSITIVE_INFINITY
    for (const node of collector) {
      const distance = Math.hypot(
        points[2 * point] - mesh.nodes[2 * node],
        points[2 * point + 1] - mesh.nodes[2 * node + 1],
      )
      if (distance < nearest) nearest = distance
    }
    return nearest
  })
}

/** Whether a matrix region is the well conducting one, by its name. */
const isHigh = (region: Region): boolean => /high/i.test(region.name)

/** Paper of a region that no field is drawn on. */
export const regionFill = (region: Region, strong: boolean): string => {
  if (region.kind === "separator") return strong ? "#e6eff7" : "#f4f8fb"
  if (region.kind === "void") return "#ffffff"
  if (region.kind === "particle") return strong ? "#c9cdd4" : "#f1f2f4"
  if (isHigh(region)) return strong ? "#8d949e" : "#dfe2e6"
  return strong ? "#d3d7dc" : "#eceef1"
}

/** Fills of all regions of some kinds. */
export const regionShapes = (
  layout: Layout,
  view: View,
  fillOf: (region: Region) => string | null,
  stroke = "none",
): string => {
  const byFill = new Map<string, string[]>()
  layout.mesh.regions.forEach((region, at) => {
    const fill = fillOf(region)
    if (fill === null) return
    const path = layout.rings[at].map((ring) => pathOf(layout.mesh, view, ring, true)).join("")
    byFill.set(fill, [...(byFill.get(fill) ?? []), path])
  })
  return [...byFill]
    .map(
      ([fill, paths]) =>
        `<path d="${paths.join("")}" fill="${fill}" fill-rule="evenodd"` +
        // A stroke of the same colour closes the hair line between neighbours.
        `${stroke === "same" ? ` stroke="${fill}" stroke-width="0.6"` : ""}/>`,
    )
    .join("")
}

/** Outlines of all particles as one path. */
export const particleOutlines = (layout: Layout, view: View, colour: string, width: number): string => {
  const paths = layout.mesh.regions.flatMap((region, at) =>
    region.kind === "particle" ? layout.rings[at].map((ring) => pathOf(layout.mesh, view, ring, true)) : [],
  )
  return `<path d="${paths.join("")}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"/>`
}

/** Collector and lithium as thick lines just outside the domain. */
export const electrodes = (layout: Layout, view: View): string => {
  const lineOf = (facets: Int32Array, colour: string) => {
    if (facets.length === 0) return ""
    const paths: string[] = []
    for (let facet = 0; facet < facets.length / 2; facet++) {
      const [a, b] = [facets[2 * facet], facets[2 * facet + 1]]
      const [ax, ay] = [toX(view, layout.mesh.nodes[2 * a]), toY(view, layout.mesh.nodes[2 * a + 1])]
      const [bx, by] = [toX(view, layout.mesh.nodes[2 * b]), toY(view, layout.mesh.nodes[2 * b + 1])]
      // The boundary is positively oriented, so that in the picture (y down) outside lies to the left of b − a.
      // A view that leaves the separator out leaves the lithium out.
      if (
        ![ax, bx].every((x) => x > -1 && x < view.width + 1) ||
        ![ay, by].every((y) => y > -1 && y < view.height + 1)
      ) {
        continue
      }
      const length = Math.hypot(bx - ax, by - ay) || 1
      const [nx, ny] = [-(by - ay) / length, (bx - ax) / length]
      paths.push(`M${px(ax + 2 * nx)} ${px(ay + 2 * ny)}L${px(bx + 2 * nx)} ${px(by + 2 * ny)}`)
    }
    return `<path d="${paths.join("")}" stroke="${colour}" stroke-width="4" fill="none"/>`
  }
  return (
    lineOf(layout.mesh.boundaries.collector.facetToNode, collectorColour) +
    lineOf(layout.mesh.boundaries.lithium.facetToNode, lithiumColour)
  )
}

export const collectorColour = "#7a5230"
export const lithiumColour = "#6f8fa8"
