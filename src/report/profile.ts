import { cellCount } from "../mesh/mesh.ts"
import type { Layout } from "./layout.ts"

/** Values along a line through a particle. */
export interface LineProfile {
  /** [point] from the centroid, ascending [m] */
  readonly place: Float64Array
  /** [point] */
  readonly value: Float64Array
}

/** Parts of equal width from the middle of a particle to its surface */
export const profileBins = 10

/** Middles of the parts: 0 in the middle, 1 at the surface. */
export const profilePlaces: Float64Array = Float64Array.from(
  { length: profileBins },
  (_, bin) => (bin + 0.5) / profileBins,
)

/** Barycentric coordinates of the middles of the nine equal parts of a triangle */
const samples: readonly (readonly [number, number])[] = [
  [1, 1],
  [4, 1],
  [7, 1],
  [1, 4],
  [4, 4],
  [1, 7],
  [2, 2],
  [5, 2],
  [2, 5],
].map(([b, c]) => [b / 9, c / 9])

/**
 * Mean of a field over what is equally deep below the surface, from the middle of each particle outwards: place
 * r = 1 − depth/(largest depth), in a disc the radius over that of the disc. Area means; nine points stand for a cell.
 * @param values [node]; NaN where the field is not defined
 * @returns      [particle][bin]; NaN in parts that hold no point with a finite value
 */
export const depthProfiles = (layout: Layout, values: Float64Array): readonly Float64Array[] => {
  const { mesh } = layout
  const count = layout.area.length
  const surface = surfaceNodes(layout)
  const deepest = new Float64Array(count)
  const points: { readonly particle: number; readonly depth: number; readonly area: number; readonly value: number }[] =
    []
  for (let cell = 0; cell < cellCount(mesh); cell++) {
    const { particle } = mesh.regions[mesh.cellToRegion[cell]]
    if (particle < 0) continue
    const [a, b, c] = mesh.cellToNode.subarray(3 * cell, 3 * cell + 3)
    const [ax, ay] = [mesh.nodes[2 * a], mesh.nodes[2 * a + 1]]
    const [ux, uy] = [mesh.nodes[2 * b] - ax, mesh.nodes[2 * b + 1] - ay]
    const [vx, vy] = [mesh.nodes[2 * c] - ax, mesh.nodes[2 * c + 1] - ay]
    const area = Math.abs(ux * vy - vx * uy) / 2
    for (const [u, v] of samples) {
      const depth = distanceTo(layout, surface[particle], ax + u * ux + v * vx, ay + u * uy + v * vy)
      const value = values[a] + u * (values[b] - values[a]) + v * (values[c] - values[a])
      points.push({ particle, depth, area, value })
      deepest[particle] = Math.max(deepest[particle], depth)
    }
  }
  const sum = new Float64Array(count * profileBins)
  const weight = new Float64Array(count * profileBins)
  for (const { particle, depth, area, value } of points) {
    if (!Number.isFinite(value)) continue
    const place = 1 - depth / deepest[particle]
    const bin = particle * profileBins + Math.min(profileBins - 1, Math.floor(place * profileBins))
    sum[bin] += area * value
    weight[bin] += area
  }
  return Array.from({ length: count }, (_, particle) =>
    Float64Array.from({ length: profileBins }, (_, bin) => {
      const at = particle * profileBins + bin
      return weight[at] > 0 ? sum[at] / weight[at] : Number.NaN
    }),
  )
}

/** Facets of each particle's surface as pairs of nodes on its own side. */
const surfaceNodes = ({ mesh, area }: Layout): readonly (readonly number[])[] => {
  const surface: number[][] = Array.from(area, () => [])
  const { innerNode, outerNode, innerCell, outerCell } = mesh.interfaces
  for (let facet = 0; facet < innerCell.length; facet++) {
    for (const [cell, nodes] of [
      [innerCell[facet], innerNode],
      [outerCell[facet], outerNode],
    ] as const) {
      const { particle } = mesh.regions[mesh.cellToRegion[cell]]
      if (particle >= 0) surface[particle].push(nodes[2 * facet], nodes[2 * facet + 1])
    }
  }
  return surface
}

/** Distance of a point from the nearest of some facets [m]. */
const distanceTo = ({ mesh }: Layout, facets: readonly number[], x: number, y: number): number => {
  let nearest = Number.POSITIVE_INFINITY
  for (let at = 0; at < facets.length; at += 2) {
    const [ax, ay] = [mesh.nodes[2 * facets[at]], mesh.nodes[2 * facets[at] + 1]]
    const [dx, dy] = [mesh.nodes[2 * facets[at + 1]] - ax, mesh.nodes[2 * facets[at + 1] + 1] - ay]
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
    nearest = Math.min(nearest, Math.hypot(x - ax - along * dx, y - ay - along * dy))
  }
  return nearest
}

/**
 * A field along the horizontal line through the centroid of each particle, where it crosses the edges of its cells.
 * @param values [node]
 * @returns      [particle]
 */
export const crossProfiles = (layout: Layout, values: Float64Array): readonly LineProfile[] => {
  const { mesh, centroid, area } = layout
  const points: [number, number][][] = Array.from(area, () => [])
  for (let cell = 0; cell < cellCount(mesh); cell++) {
    const { particle } = mesh.regions[mesh.cellToRegion[cell]]
    if (particle < 0) continue
    const level = centroid[2 * particle + 1]
    for (let side = 0; side < 3; side++) {
      const [a, b] = [mesh.cellToNode[3 * cell + side], mesh.cellToNode[3 * cell + ((side + 1) % 3)]]
      const [low, high] = [mesh.nodes[2 * a + 1] - level, mesh.nodes[2 * b + 1] - level]
      if (low > 0 === high > 0) continue
      const share = low / (low - high)
      const x = mesh.nodes[2 * a] + share * (mesh.nodes[2 * b] - mesh.nodes[2 * a])
      const value = values[a] + share * (values[b] - values[a])
      if (Number.isFinite(value)) points[particle].push([x - centroid[2 * particle], value])
    }
  }
  return points.map((crossings) => {
    crossings.sort((a, b) => a[0] - b[0])
    // Neighbours cross their common edge at the same point.
    const kept = crossings.filter(([x], at) => at === 0 || x - crossings[at - 1][0] > 1e-12)
    return { place: Float64Array.from(kept, ([x]) => x), value: Float64Array.from(kept, ([, value]) => value) }
  })
}
