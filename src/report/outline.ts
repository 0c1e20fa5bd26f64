import { cellCount, type Mesh, particleCount } from "../mesh/mesh.ts"

/** Closed rings of nodes around each region: [region][ring] → nodes, positively oriented (holes negatively). */
export const regionRings = (mesh: Mesh): readonly (readonly Int32Array[])[] => {
  const nodes = mesh.nodes.length / mesh.dimension
  // A directed edge a→b is on the border of its region when no cell of that region has b→a.
  const edges: Map<number, number>[] = mesh.regions.map(() => new Map())
  for (let cell = 0; cell < cellCount(mesh); cell++) {
    const border = edges[mesh.cellToRegion[cell]]
    for (let side = 0; side < 3; side++) {
      const a = mesh.cellToNode[3 * cell + side]
      const b = mesh.cellToNode[3 * cell + ((side + 1) % 3)]
      const opposite = b * nodes + a
      if (border.has(opposite)) border.delete(opposite)
      else border.set(a * nodes + b, b)
    }
  }
  return edges.map((border) => ringsOf(border, nodes))
}

/** Walks directed edges into closed rings; at a node where rings touch, any way out closes one of them. */
const ringsOf = (border: ReadonlyMap<number, number>, nodes: number): readonly Int32Array[] => {
  const ways = new Map<number, number[]>()
  for (const [key, to] of border) {
    const from = Math.floor(key / nodes)
    const known = ways.get(from)
    if (known === undefined) ways.set(from, [to])
    else known.push(to)
  }
  const rings: Int32Array[] = []
  for (const [start, exits] of ways) {
    while (exits.length > 0) {
      const ring = [start]
      let here = exits.pop() as number
      while (here !== start) {
        ring.push(here)
        const next = ways.get(here)?.pop()
        if (next === undefined) break
        here = next
      }
      rings.push(Int32Array.from(ring))
    }
  }
  return rings
}

/** What of a particle's perimeter touches which region. */
export interface Coverage {
  /** Names of the outer regions that occur. */
  readonly regions: readonly string[]
  /** [particle, region] share of the perimeter */
  readonly share: Float64Array
  /** [particle] [m] */
  readonly perimeter: Float64Array
}

/** Shares of each particle's interface by the region on its outer side (2-D). */
export const coverageOf = (mesh: Mesh): Coverage => {
  const count = particleCount(mesh)
  const names = mesh.regions.map(({ kind, name }) => (kind === "particle" ? "particles" : name))
  const regions = [...new Set(names)]
  const share = new Float64Array(count * regions.length)
  const perimeter = new Float64Array(count)
  const { innerNode, innerCell, outerCell } = mesh.interfaces
  for (let facet = 0; facet < innerCell.length; facet++) {
    const [a, b] = [innerNode[2 * facet], innerNode[2 * facet + 1]]
    const length = Math.hypot(mesh.nodes[2 * a] - mesh.nodes[2 * b], mesh.nodes[2 * a + 1] - mesh.nodes[2 * b + 1])
    const outer = mesh.cellToRegion[outerCell[facet]]
    for (const [own, other] of [
      [mesh.cellToRegion[innerCell[facet]], outer],
      [outer, mesh.cellToRegion[innerCell[facet]]],
    ]) {
      const particle = mesh.regions[own].particle
      if (particle < 0) continue
      perimeter[particle] += length
      share[particle * regions.length + regions.indexOf(names[other])] += length
    }
  }
  for (let particle = 0; particle < count; particle++) {
    for (let region = 0; region < regions.length; region++) {
      share[particle * regions.length + region] /= perimeter[particle] || 1
    }
  }
  const used = regions.filter((_, region) => share.some((part, at) => at % regions.length === region && part > 0))
  return {
    regions: used,
    share: Float64Array.from({ length: count * used.length }, (_, at) => {
      const particle = Math.floor(at / used.length)
      return share[particle * regions.length + regions.indexOf(used[at % used.length])]
    }),
    perimeter,
  }
}

/** Area and centroid of each particle: [particle] [m²], [particle, 2] [m]. */
export const particleAreas = (mesh: Mesh): { readonly area: Float64Array; readonly centroid: Float64Array } => {
  const count = particleCount(mesh)
  const area = new Float64Array(count)
  const centroid = new Float64Array(2 * count)
  for (let cell = 0; cell < cellCount(mesh); cell++) {
    const particle = mesh.regions[mesh.cellToRegion[cell]].particle
    if (particle < 0) continue
    const [a, b, c] = mesh.cellToNode.subarray(3 * cell, 3 * cell + 3)
    const x = (node: number) => mesh.nodes[2 * node]
    const y = (node: number) => mesh.nodes[2 * node + 1]
    const part = Math.abs((x(b) - x(a)) * (y(c) - y(a)) - (x(c) - x(a)) * (y(b) - y(a))) / 2
    area[particle] += part
    centroid[2 * particle] += (part * (x(a) + x(b) + x(c))) / 3
    centroid[2 * particle + 1] += (part * (y(a) + y(b) + y(c))) / 3
  }
  for (let particle = 0; particle < count; particle++) {
    centroid[2 * particle] /= area[particle] || 1
    centroid[2 * particle + 1] /= area[particle] || 1
  }
  return { area, centroid }
}
