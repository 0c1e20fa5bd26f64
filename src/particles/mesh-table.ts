import { densityWindow, geometryColumns, outOfPlane } from "./geometry-columns.ts"
import { momentsFrom } from "./plane-moments.ts"
import type { ParticleTable } from "./table.ts"

/**
 * What is read of a plane mesh; `Mesh` of the mesh room is one. Stated here because that room may use this one, not
 * the other way round.
 */
export interface ParticleMesh {
  readonly dimension: 2 | 3
  /** [node, 2] [m] */
  readonly nodes: Float64Array
  /** [cell, 3] */
  readonly cellToNode: Int32Array
  /** [cell] */
  readonly cellToRegion: Int32Array
  readonly regions: readonly {
    readonly kind: "particle" | "matrix" | "separator" | "void"
    /** −1 where the region is no particle */
    readonly particle: number
  }[]
  readonly interfaces: {
    /** [facet, 2] */
    readonly innerNode: Int32Array
    /** [facet] */
    readonly innerCell: Int32Array
    readonly outerCell: Int32Array
  }
}

/** Adds ∫ 1, x, z, x², z², xz over a triangle (vertices a, b, c) to six sums. */
const addTriangle = (
  [ax, az]: readonly [number, number],
  [bx, bz]: readonly [number, number],
  [cx, cz]: readonly [number, number],
  sums: Float64Array,
): void => {
  const area = ((bx - ax) * (cz - az) - (cx - ax) * (bz - az)) / 2
  const [sx, sz] = [ax + bx + cx, az + bz + cz]
  sums[0] += area
  sums[1] += (area * sx) / 3
  sums[2] += (area * sz) / 3
  // ∫ uv = A/12 (Σuᵢ Σvᵢ + Σuᵢvᵢ), exact for a linear triangle.
  sums[3] += (area / 12) * (sx * sx + ax * ax + bx * bx + cx * cx)
  sums[4] += (area / 12) * (sz * sz + az * az + bz * bz + cz * cz)
  sums[5] += (area / 12) * (sx * sz + ax * az + bx * bz + cx * cz)
}

interface Box {
  readonly x0: number
  readonly x1: number
  readonly z0: number
  readonly z1: number
}

/** Area of a triangle inside a box (Sutherland–Hodgman). */
const clippedArea = (corners: readonly (readonly [number, number])[], box: Box): number => {
  let polygon = corners
  const sides: readonly (readonly [0 | 1, 1 | -1, number])[] = [
    [0, 1, box.x0],
    [0, -1, box.x1],
    [1, 1, box.z0],
    [1, -1, box.z1],
  ]
  for (const [axis, sign, limit] of sides) {
    const next: (readonly [number, number])[] = []
    for (let k = 0; k < polygon.length; k++) {
      const p = polygon[k]
      const q = polygon[(k + 1) % polygon.length]
      const [dp, dq] = [sign * (p[axis] - limit), sign * (q[axis] - limit)]
      if (dp >= 0) next.push(p)
      if (dp > 0 !== dq > 0 && dp !== dq) {
        const t = dp / (dp - dq)
        next.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])])
      }
    }
    polygon = next
  }
  let twice = 0
  for (let k = 0; k < polygon.length; k++) {
    const [p, q] = [polygon[k], polygon[(k + 1) % polygon.length]]
    twice += p[0] * q[1] - q[0] * p[1]
  }
  return Math.abs(twice) / 2
}

/** Squared distance of a point from a segment. */
const squaredDistance = (px: number, pz: number, ax: number, az: number, bx: number, bz: number): number => {
  const [dx, dz] = [bx - ax, bz - az]
  const t = Math.max(0, Math.min(1, ((px - ax) * dx + (pz - az) * dz) / (dx * dx + dz * dz || 1)))
  return (px - ax - t * dx) ** 2 + (pz - az - t * dz) ** 2
}

/** Edges of the particle's cells that no other of its cells shares: [edge, 4] x, z of both ends [m]. */
const surfaceEdges = (mesh: ParticleMesh, cells: readonly number[]): Float64Array => {
  const once = new Map<string, readonly [number, number]>()
  for (const cell of cells)
    for (let k = 0; k < 3; k++) {
      const [a, b] = [mesh.cellToNode[3 * cell + k], mesh.cellToNode[3 * cell + ((k + 1) % 3)]]
      const key = a < b ? `${a} ${b}` : `${b} ${a}`
      if (!once.delete(key)) once.set(key, [a, b])
    }
  const out = new Float64Array(4 * once.size)
  ;[...once.values()].forEach(([a, b], e) => {
    out.set([mesh.nodes[2 * a], mesh.nodes[2 * a + 1], mesh.nodes[2 * b], mesh.nodes[2 * b + 1]], 4 * e)
  })
  return out
}

const edgeDistance = (first: Float64Array, second: Float64Array): number => {
  let least = Number.POSITIVE_INFINITY
  const sweep = (points: Float64Array, edges: Float64Array): void => {
    for (let p = 0; p < points.length; p += 4)
      for (let e = 0; e < edges.length; e += 4) {
        const d = squaredDistance(points[p], points[p + 1], edges[e], edges[e + 1], edges[e + 2], edges[e + 3])
        if (d < least) least = d
      }
  }
  sweep(first, second)
  sweep(second, first)
  return Math.sqrt(least)
}

/**
 * The geometric attributes of the particles of a plane mesh, with the names and definitions of `particleTable`.
 * Z is the height above the lowest node, where the collector lies. Attributes of the image (gray values, cracks) are
 * missing until the caller adds them, and so is what no plane gives.
 */
export const particleTableFromMesh = (mesh: ParticleMesh): ParticleTable => {
  if (mesh.dimension !== 2) throw new RangeError(`a plane mesh is needed, this one has ${mesh.dimension} dimensions`)
  const count = mesh.regions.reduce((most, { particle }) => Math.max(most, particle + 1), 0)
  const { nodes, cellToNode, cellToRegion, regions, interfaces } = mesh
  const corner = (node: number): readonly [number, number] => [nodes[2 * node], nodes[2 * node + 1]]
  const corners = (cell: number) =>
    [corner(cellToNode[3 * cell]), corner(cellToNode[3 * cell + 1]), corner(cellToNode[3 * cell + 2])] as const
  const cells: number[][] = Array.from({ length: count }, () => [])
  const sums = new Float64Array(6 * count)
  let bottom = Number.POSITIVE_INFINITY
  for (let node = 1; node < nodes.length; node += 2) bottom = Math.min(bottom, nodes[node])
  for (let cell = 0; cell < cellToRegion.length; cell++) {
    const { particle } = regions[cellToRegion[cell]]
    if (particle < 0) continue
    cells[particle].push(cell)
    addTriangle(...corners(cell), sums.subarray(6 * particle, 6 * particle + 6))
  }
  const moments = momentsFrom(sums, count)
  const surfaces = cells.map((own) => surfaceEdges(mesh, own))
  const perimeter = Float64Array.from(surfaces, (edges) => {
    let length = 0
    for (let e = 0; e < edges.length; e += 4) length += Math.hypot(edges[e + 2] - edges[e], edges[e + 3] - edges[e + 1])
    return length
  })

  const touching = new Float64Array(count)
  const wetted = new Float64Array(count)
  const open = new Float64Array(count)
  for (let f = 0; f < interfaces.innerCell.length; f++) {
    const [a, b] = [interfaces.innerNode[2 * f], interfaces.innerNode[2 * f + 1]]
    const length = Math.hypot(nodes[2 * b] - nodes[2 * a], nodes[2 * b + 1] - nodes[2 * a + 1])
    const inner = regions[cellToRegion[interfaces.innerCell[f]]]
    const outer = regions[cellToRegion[interfaces.outerCell[f]]]
    if (outer.kind === "particle") {
      touching[inner.particle] += length
      touching[outer.particle] += length
    } else if (outer.kind === "matrix") wetted[inner.particle] += length
    else open[inner.particle] += length
  }
  const share = (lengths: Float64Array): Float64Array => lengths.map((length, k) => length / perimeter[k])

  const surfaceDistance = new Float64Array(count * count)
  for (let i = 0; i < count; i++)
    for (let j = i + 1; j < count; j++) {
      surfaceDistance[i * count + j] = edgeDistance(surfaces[i], surfaces[j])
      surfaceDistance[j * count + i] = surfaceDistance[i * count + j]
    }

  const density = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    const half = densityWindow / 2
    const [x, z] = [moments.x[k], moments.z[k]]
    const box: Box = { x0: x - half, x1: x + half, z0: z - half, z1: z + half }
    let filled = 0
    let whole = 0
    for (let cell = 0; cell < cellToRegion.length; cell++) {
      const { kind } = regions[cellToRegion[cell]]
      if (kind === "separator") continue
      const part = clippedArea(corners(cell), box)
      whole += part
      if (kind === "particle") filled += part
    }
    density[k] = filled / whole
  }

  const height = moments.z.map((z) => z - bottom)
  const columns = geometryColumns({
    ...moments,
    z: height,
    perimeter,
    enclosed: moments.area,
    contact: share(touching),
    contactMatrix: share(wetted),
    density,
    surfaceDistance,
  })
  const at = columns.findIndex(({ name }) => name === "ContactCB") + 1
  const voids = { name: "ContactVoid", unit: "", values: share(open), planeAnalogue: "share of the perimeter" }
  const noImage = ["EDensity", "Homogeneity", "SurfaceInner", "Damage"]
  return {
    particleCount: count,
    columns: [...columns.slice(0, at), voids, ...columns.slice(at)],
    missing: [
      ...outOfPlane,
      ...noImage.map((name) => ({ name, reason: "a mesh has no gray values and no cracks" })),
      { name: "RoughInner", reason: "not measured on meshes" },
      { name: "RoughOuter", reason: "not measured on meshes" },
    ],
    cut: new Uint8Array(count),
  }
}
