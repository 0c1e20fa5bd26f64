import { assertLength } from "../array/assert.ts"
import type { Triple } from "./brick.ts"

/** Faces of voxels between an inside and an outside, joined at the corners of voxels. */
export interface SurfaceNet {
  readonly vertexCount: number
  /** [vertex, 3] corners of voxels along x, y, z; 0 is the low corner of the first voxel [voxel] */
  readonly vertices: Float64Array
  readonly faceCount: number
  /** [face, 4] its vertices, counter-clockwise seen from outside */
  readonly corners: Int32Array
  /** [face] voxel within */
  readonly inner: Int32Array
  /** [face] voxel without */
  readonly outer: Int32Array
  /** [face] where the outer voxel lies: +x, −x, +y, −y, +z, −z */
  readonly direction: Uint8Array
  /** [vertex + 1] first entry of each vertex in `links` */
  readonly linkStart: Int32Array
  /** Vertices at the other ends of the edges of a vertex, at most six */
  readonly links: Int32Array
}

/** [direction] axis and sign of a face's normal. */
export const axisOf = (direction: number): 0 | 1 | 2 => (direction >> 1) as 0 | 1 | 2
export const signOf = (direction: number): 1 | -1 => ((direction & 1) === 0 ? 1 : -1)

/** [direction] corners of a face, counter-clockwise from outside, as offsets from the voxel's low corner. */
const faceCorners: readonly (readonly Triple[])[] = [
  [
    [1, 0, 0],
    [1, 1, 0],
    [1, 1, 1],
    [1, 0, 1],
  ],
  [
    [0, 0, 0],
    [0, 0, 1],
    [0, 1, 1],
    [0, 1, 0],
  ],
  [
    [0, 1, 0],
    [0, 1, 1],
    [1, 1, 1],
    [1, 1, 0],
  ],
  [
    [0, 0, 0],
    [1, 0, 0],
    [1, 0, 1],
    [0, 0, 1],
  ],
  [
    [0, 0, 1],
    [1, 0, 1],
    [1, 1, 1],
    [0, 1, 1],
  ],
  [
    [0, 0, 0],
    [0, 1, 0],
    [1, 1, 0],
    [1, 0, 0],
  ],
]

/** [direction, 4] in which direction each edge of a face runs from its corner. */
const edgeDirections = faceCorners.map((corners) =>
  corners.map((from, k) => {
    const to = corners[(k + 1) % 4]
    const axis = [0, 1, 2].find((a) => from[a] !== to[a])!
    return 2 * axis + (to[axis] > from[axis] ? 0 : 1)
  }),
)

const grown = (array: Int32Array): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(2 * array.length)
  larger.set(array)
  return larger
}

/**
 * All faces between voxels inside and their neighbours outside. Where every neighbour is one or the other the net is
 * closed: each edge is run through as often in one direction as in the other.
 * @param inside  [voxel] not 0 where inside; no such voxel may lie at the border of the grid
 * @param outside [voxel] not 0 where outside
 */
export const surfaceNet = (shape: Triple, inside: Uint8Array, outside: Uint8Array): SurfaceNet => {
  const [nx, ny, nz] = shape
  assertLength("inside", inside, nx * ny * nz)
  assertLength("outside", outside, nx * ny * nz)
  const [cx, cxy] = [nx + 1, (nx + 1) * (ny + 1)]
  const steps = [1, -1, nx, -nx, nx * ny, -nx * ny]
  const cornerOffsets = Int32Array.from(faceCorners.flatMap((four) => four.map(([x, y, z]) => x + cx * y + cxy * z)))
  const vertexAt = new Int32Array(cxy * (nz + 1))
  let corners: Int32Array = new Int32Array(4 * 1024)
  let inner: Int32Array = new Int32Array(1024)
  let outer: Int32Array = new Int32Array(1024)
  let directions: Int32Array = new Int32Array(1024)
  let cornerOf: Int32Array = new Int32Array(1024)
  let faceCount = 0
  let vertexCount = 0
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      const edgeRow = z === 0 || y === 0 || z === nz - 1 || y === ny - 1
      for (let x = 0; x < nx; x++, i++) {
        if (inside[i] === 0) continue
        if (edgeRow || x === 0 || x === nx - 1) throw new RangeError(`voxel ${x}, ${y}, ${z} lies at the border`)
        const low = x + cx * y + cxy * z
        for (let d = 0; d < 6; d++) {
          const o = i + steps[d]
          if (outside[o] === 0) continue
          if (faceCount === inner.length) {
            corners = grown(corners)
            inner = grown(inner)
            outer = grown(outer)
            directions = grown(directions)
          }
          for (let k = 0; k < 4; k++) {
            const corner = low + cornerOffsets[4 * d + k]
            let vertex = vertexAt[corner]
            if (vertex === 0) {
              if (vertexCount === cornerOf.length) cornerOf = grown(cornerOf)
              cornerOf[vertexCount] = corner
              vertex = ++vertexCount
              vertexAt[corner] = vertex
            }
            corners[4 * faceCount + k] = vertex - 1
          }
          inner[faceCount] = i
          outer[faceCount] = o
          directions[faceCount++] = d
        }
      }
    }
  const vertices = new Float64Array(3 * vertexCount)
  for (let v = 0; v < vertexCount; v++) {
    const x = cornerOf[v] % cx
    const rest = (cornerOf[v] - x) / cx
    vertices[3 * v] = x
    vertices[3 * v + 1] = rest % (ny + 1)
    vertices[3 * v + 2] = Math.floor(rest / (ny + 1))
  }
  corners = corners.slice(0, 4 * faceCount)
  const direction = Uint8Array.from(directions.subarray(0, faceCount))
  return {
    vertexCount,
    vertices,
    faceCount,
    corners,
    inner: inner.slice(0, faceCount),
    outer: outer.slice(0, faceCount),
    direction,
    ...linksOf(vertexCount, corners, direction),
  }
}

const linksOf = (vertexCount: number, corners: Int32Array, direction: Uint8Array) => {
  // One slot a direction: an edge that several faces share is met several times.
  const slots = new Int32Array(6 * vertexCount).fill(-1)
  for (let f = 0; f < direction.length; f++) {
    const along = edgeDirections[direction[f]]
    for (let k = 0; k < 4; k++) {
      const a = corners[4 * f + k]
      const b = corners[4 * f + ((k + 1) & 3)]
      slots[6 * a + along[k]] = b
      slots[6 * b + (along[k] ^ 1)] = a
    }
  }
  const linkStart = new Int32Array(vertexCount + 1)
  const links = new Int32Array(6 * vertexCount)
  let at = 0
  for (let v = 0; v < vertexCount; v++) {
    for (let s = 6 * v; s < 6 * v + 6; s++) if (slots[s] >= 0) links[at++] = slots[s]
    linkStart[v + 1] = at
  }
  return { linkStart, links: links.slice(0, at) }
}

/**
 * A field of vectors on the vertices, smoothed along the surface: each pass moves every value by a share of the way to
 * the mean of its neighbours. n passes act like a Gaussian of standard deviation √(n · share / 2) edges.
 * @param field [vertex, 3]
 * @param share in (0, 1)
 */
export const diffused = (net: SurfaceNet, field: Float64Array, passes: number, share = 0.5): Float64Array => {
  const { vertexCount, linkStart, links } = net
  assertLength("field", field, 3 * vertexCount)
  let from = field.slice()
  let to = new Float64Array(field.length)
  for (let pass = 0; pass < passes; pass++) {
    for (let v = 0, start = 0; v < vertexCount; v++) {
      const end = linkStart[v + 1]
      let x = 0
      let y = 0
      let z = 0
      for (let e = start; e < end; e++) {
        const n = 3 * links[e]
        x += from[n]
        y += from[n + 1]
        z += from[n + 2]
      }
      const scale = share / (end - start)
      const kept = 1 - share
      to[3 * v] = kept * from[3 * v] + scale * x
      to[3 * v + 1] = kept * from[3 * v + 1] + scale * y
      to[3 * v + 2] = kept * from[3 * v + 2] + scale * z
      start = end
    }
    const swap = from
    from = to
    to = swap
  }
  return from
}

/**
 * [face] area of the smooth surface that each face stands for: its own area times the cosine between its normal and the
 * normals of its surroundings, smoothed along the surface. The sum over a digitised ball, ellipsoid or capsule of at
 * least ten voxels of radius is right to 1 %; a single face has little meaning. Sharp edges lose area as if they were
 * rounded with a radius of about √(passes)/2 voxels. [m²]
 *
 * @param spacing voxel edges along x, y, z [m]
 * @param passes  of smoothing: more average away the steps of voxels, fewer keep narrow cracks apart
 * @source A. Lenoir, R. Malgouyres, M. Revenu, DGCI (1996), LNCS 1176, 197–208: area from faces and estimated normals
 */
export const faceAreas = (net: SurfaceNet, spacing: Triple, passes: number): Float64Array =>
  faceAreasWith(net, spacing, smoothNormals(net, spacing, passes))

/**
 * [vertex, 3] sum of the faces around each vertex as vectors, smoothed along the surface: where the smooth surface points,
 * of any length [m²].
 */
export const smoothNormals = (net: SurfaceNet, spacing: Triple, passes: number): Float64Array => {
  const { vertexCount, faceCount, corners, direction } = net
  const [dx, dy, dz] = spacing
  const size = [dy * dz, dx * dz, dx * dy]
  const normals = new Float64Array(3 * vertexCount)
  for (let f = 0; f < faceCount; f++) {
    const axis = axisOf(direction[f])
    const area = signOf(direction[f]) * size[axis]
    for (let k = 0; k < 4; k++) normals[3 * corners[4 * f + k] + axis] += area
  }
  return diffused(net, normals, passes)
}

/** As `faceAreas`, from normals that are there already. @param smooth [vertex, 3] as `smoothNormals` gives them */
export const faceAreasWith = (net: SurfaceNet, spacing: Triple, smooth: Float64Array): Float64Array => {
  const { corners, direction } = net
  const [dx, dy, dz] = spacing
  const size = [dy * dz, dx * dz, dx * dy]
  return Float64Array.from(direction, (d, f) => {
    let x = 0
    let y = 0
    let z = 0
    for (let k = 4 * f; k < 4 * f + 4; k++) {
      const v = 3 * corners[k]
      x += smooth[v]
      y += smooth[v + 1]
      z += smooth[v + 2]
    }
    const length = Math.sqrt(x * x + y * y + z * z)
    const axis = axisOf(d)
    const along = signOf(d) * (axis === 0 ? x : axis === 1 ? y : z)
    return length > 0 && along > 0 ? (size[axis] * along) / length : 0
  })
}
