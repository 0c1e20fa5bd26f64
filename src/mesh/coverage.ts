import type { Mesh } from "./mesh.ts"

/** Share of each particle's surface (contacts included) that faces the named matrix. [particle] */
export const coverage = (mesh: Mesh, regionName: string): Float64Array => {
  const { innerNode, innerCell, outerCell } = mesh.interfaces
  const particles = mesh.regions.reduce((count, region) => Math.max(count, region.particle + 1), 0)
  const covered = new Float64Array(particles)
  const whole = new Float64Array(particles)
  for (let facet = 0; facet < innerCell.length; facet++) {
    const a = 2 * innerNode[2 * facet]
    const b = 2 * innerNode[2 * facet + 1]
    const length = Math.hypot(mesh.nodes[b] - mesh.nodes[a], mesh.nodes[b + 1] - mesh.nodes[a + 1])
    const inner = mesh.regions[mesh.cellToRegion[innerCell[facet]]].particle
    const outer = mesh.regions[mesh.cellToRegion[outerCell[facet]]]
    whole[inner] += length
    if (outer.name === regionName) covered[inner] += length
    if (outer.particle >= 0) whole[outer.particle] += length
  }
  return covered.map((length, particle) => length / whole[particle])
}

/**
 * The straight cut whose left side covers the wanted shares of the perimeters of two circles.
 *
 * A share c asks for the circle's centre to lie −R cos(πc) to the left of the cut. For a column of equal, evenly
 * spaced circles the distances of those in between follow linearly: 0.75 and 0.25 give 0.50 for the middle one of
 * three; 0.80 and 0.20 give 0.633, 0.50, 0.367 for five.
 * @param first, last  circles [m] with the wanted `share` of each, in (0, 1)
 * @returns a point on the cut [m] and its angle clockwise from the vertical [rad], null where the circles are too close
 */
export const cutForCoverage = (
  first: CoveredCircle,
  last: CoveredCircle,
): { readonly through: readonly [number, number]; readonly angle: number } | null => {
  const dx = last.centre[0] - first.centre[0]
  const dy = last.centre[1] - first.centre[1]
  const distance = Math.hypot(dx, dy)
  const firstOffset = -first.radius * Math.cos(Math.PI * first.share)
  const lastOffset = -last.radius * Math.cos(Math.PI * last.share)
  const sine = (lastOffset - firstOffset) / distance
  if (!(Math.abs(sine) < 1)) return null
  // The cut runs from the first circle towards the last, turned so that the offset grows by lastOffset − firstOffset.
  const angle = Math.atan2(dx, dy) + Math.asin(sine)
  const left = [-Math.cos(angle), Math.sin(angle)]
  return { through: [first.centre[0] - firstOffset * left[0], first.centre[1] - firstOffset * left[1]], angle }
}

export interface CoveredCircle {
  readonly centre: readonly [number, number]
  readonly radius: number
  readonly share: number
}
