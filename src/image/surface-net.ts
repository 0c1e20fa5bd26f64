import { assertLength } from "../array/assert.ts"
import { IntList } from "../array/int-list.ts"
import type { Triple } from "./brick.ts"

/** Faces of voxels between an inside and an outside, joined at the corners of voxels. */
export interface SurfaceNet {
  readonly vertexCount: number
  /** [vertex, 3] corners of voxels along x, y, z; 0 is the low corner of the first voxel [voxel] */
  readonly vertices: Float32Array
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

/**
 * All faces between voxels inside and their neighbours outside. Where every neighbour is one or the other the net is
 * closed: each edge is run through as often in one direction as in the other.
 * @param parts   [voxel] bits that tell what it is part of
 * @param inside  bits of which a voxel inside has any; no such voxel may lie at the border of the grid
 * @param outside bits of which a voxel outside has any
 */
export const surfaceNet = (shape: Triple, parts: Uint8Array, inside: number, outside: number): SurfaceNet => {
  const [nx, ny, nz] = shape
  assertLength("parts", parts, nx * ny * nz)
  const steps = [1, -1, nx, -nx, nx * ny, -nx * ny]
  const faceCount = facesBetween(shape, parts, inside, outside, steps)
  const cx = nx + 1
  const layer = cx * (ny + 1)
  const cornerOffsets = Int32Array.from(faceCorners.flatMap((four) => four.map(([x, y, z]) => x + cx * y + layer * z)))
  // Vertices at the corners below a layer of voxels and above it; 0 where there is none yet.
  const vertexAt = new Int32Array(2 * layer)
  const places = new IntList()
  const corners = new Int32Array(4 * faceCount)
  const inner = new Int32Array(faceCount)
  const outer = new Int32Array(faceCount)
  const direction = new Uint8Array(faceCount)
  let face = 0
  let vertexCount = 0
  for (let z = 0, i = 0; z < nz; z++) {
    vertexAt.copyWithin(0, layer)
    vertexAt.fill(0, layer)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        if ((parts[i] & inside) === 0) continue
        const low = x + cx * y
        for (let d = 0; d < 6; d++) {
          const o = i + steps[d]
          if ((parts[o] & outside) === 0) continue
          for (let k = 0; k < 4; k++) {
            const corner = low + cornerOffsets[4 * d + k]
            let vertex = vertexAt[corner]
            if (vertex === 0) {
              places.push(corner + layer * z)
              vertex = ++vertexCount
              vertexAt[corner] = vertex
            }
            corners[4 * face + k] = vertex - 1
          }
          inner[face] = i
          outer[face] = o
          direction[face++] = d
        }
      }
  }
  const vertices = new Float32Array(3 * vertexCount)
  const cornerOf = places.values
  for (let v = 0; v < vertexCount; v++) {
    const x = cornerOf[v] % cx
    const rest = (cornerOf[v] - x) / cx
    vertices[3 * v] = x
    vertices[3 * v + 1] = rest % (ny + 1)
    vertices[3 * v + 2] = Math.floor(rest / (ny + 1))
  }
  return {
    vertexCount,
    vertices,
    faceCount,
    corners,
    inner,
    outer,
    direction,
    ...linksOf(vertexCount, corners, direction),
  }
}

/** Counts the faces of a net, so that its arrays need not grow. */
const facesBetween = (
  [nx, ny, nz]: Triple,
  parts: Uint8Array,
  inside: number,
  outside: number,
  steps: readonly number[],
): number => {
  let count = 0
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      const edgeRow = z === 0 || y === 0 || z === nz - 1 || y === ny - 1
      for (let x = 0; x < nx; x++, i++) {
        if ((parts[i] & inside) === 0) continue
        if (edgeRow || x === 0 || x === nx - 1) throw new RangeError(`voxel ${x}, ${y}, ${z} lies at the border`)
        for (let d = 0; d < 6; d++) if ((parts[i + steps[d]] & outside) !== 0) count++
      }
    }
  return count
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
  // What is taken moves down within the slots.
  const linkStart = new Int32Array(vertexCount + 1)
  let at = 0
  for (let v = 0; v < vertexCount; v++) {
    for (let s = 6 * v; s < 6 * v + 6; s++) if (slots[s] >= 0) slots[at++] = slots[s]
    linkStart[v + 1] = at
  }
  return { linkStart, links: slots.subarray(0, at) }
}

/**
 * A field of vectors on the vertices, smoothed along the surface: each pass moves every value by a share of the way to
 * the mean of its neighbours. n passes act like a Gaussian of standard deviation √(n · share / 2) edges.
 * @param field [vertex, 3]
 * @param share in (0, 1)
 */
export const diffused = (
  net: SurfaceNet,
  field: Float64Array | Float32Array,
  passes: number,
  share = 0.5,
): Float64Array => diffusedWithin(net, Float64Array.from(field), new Float64Array(field.length), passes, share)[0]

/**
 * As `diffused`, in two arrays that take turns.
 * @param field [vertex, 3] is lost
 * @param spare [vertex, 3] holding anything
 * @returns the one of the two that holds the result, and the other one
 */
export const diffusedWithin = (
  net: SurfaceNet,
  field: Float64Array,
  spare: Float64Array,
  passes: number,
  share = 0.5,
): readonly [Float64Array, Float64Array] => {
  const { vertexCount, linkStart, links } = net
  assertLength("field", field, 3 * vertexCount)
  assertLength("spare", spare, 3 * vertexCount)
  let from = field
  let to = spare
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
  return [from, to]
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
  return diffusedWithin(net, normals, new Float64Array(normals.length), passes)[0]
}

/** As `faceAreas`, from normals that are there already. @param smooth [vertex, 3] as `smoothNormals` gives them */
export const faceAreasWith = (net: SurfaceNet, spacing: Triple, smooth: Float64Array): Float64Array => {
  const { corners, direction } = net
  const [dx, dy, dz] = spacing
  const size = [dy * dz, dx * dz, dx * dy]
  const areas = new Float64Array(direction.length)
  for (let f = 0; f < areas.length; f++) {
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
    const axis = axisOf(direction[f])
    const along = signOf(direction[f]) * (axis === 0 ? x : axis === 1 ? y : z)
    if (length > 0 && along > 0) areas[f] = (size[axis] * along) / length
  }
  return areas
}
