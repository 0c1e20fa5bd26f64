import type { Triple } from "./brick.ts"
import type { SurfaceMesh } from "./surface-mesh.ts"
import { diffusedWithin, type SurfaceNet } from "./surface-net.ts"

/** Way to the neighbours' mean in one pass; the variance of a pass is half of it, in square edges. */
const share = 0.75

/** Passes that smooth the steps of voxels away: a Gaussian of 1.4 voxels. */
const stepPasses = 5

/**
 * Smoothed twice and subtracted, 2 G − G²: takes what G takes from short waves, and leaves curvature nearly alone.
 * @param once  [vertex, 3] smoothed
 * @param spare [vertex, 3] holding anything
 */
const sharpened = (net: SurfaceNet, once: Float64Array, spare: Float64Array, passes: number): Float64Array => {
  const [twice, other] = diffusedWithin(net, once.slice(), spare, passes, share)
  for (let i = 0; i < twice.length; i++) twice[i] = 2 * once[i] - twice[i]
  // The result must not lie in the spare one, which the caller goes on using.
  if (twice !== spare) return twice
  other.set(twice)
  return other
}

/** Vertices of a net diffused as far as the steps of its voxels ask, and a spare array. */
const withoutSteps = (net: SurfaceNet) =>
  diffusedWithin(net, Float64Array.from(net.vertices), new Float64Array(net.vertices.length), stepPasses, share)

/** [vertex, 3] vertices of a net on the smooth surface behind the steps of its voxels [voxel]. */
export const smoothVertices = (net: SurfaceNet): Float64Array => {
  const [once, spare] = withoutSteps(net)
  return sharpened(net, once, spare, stepPasses)
}

/** Writes the sum of the area vectors of the faces at each vertex, a quarter of each. @param out [vertex, 3] [m²] */
const vertexAreasInto = (net: SurfaceNet, vertices: Float64Array, spacing: Triple, out: Float64Array): void => {
  out.fill(0)
  const { corners, faceCount } = net
  const [sx, sy, sz] = spacing
  for (let f = 0; f < faceCount; f++) {
    const a = 3 * corners[4 * f]
    const b = 3 * corners[4 * f + 1]
    const c = 3 * corners[4 * f + 2]
    const d = 3 * corners[4 * f + 3]
    const ux = (vertices[c] - vertices[a]) * sx
    const uy = (vertices[c + 1] - vertices[a + 1]) * sy
    const uz = (vertices[c + 2] - vertices[a + 2]) * sz
    const vx = (vertices[d] - vertices[b]) * sx
    const vy = (vertices[d + 1] - vertices[b + 1]) * sy
    const vz = (vertices[d + 2] - vertices[b + 2]) * sz
    const x = (uy * vz - uz * vy) / 8
    const y = (uz * vx - ux * vz) / 8
    const z = (ux * vy - uy * vx) / 8
    for (let k = 4 * f; k < 4 * f + 4; k++) {
      const v = 3 * corners[k]
      out[v] += x
      out[v + 1] += y
      out[v + 2] += z
    }
  }
}

/**
 * Root mean square of the distance between a surface and its smoothed self, along the normals, weighted by area, about
 * the mean distance; NaN of no surface [m]. Steps of voxels are smoothed away before, so that a digitised ball has some
 * hundredths of a voxel.
 *
 * Both are smoothed by 2 G − G² with Gaussians G along the surface, which leave curved but smooth surfaces alone.
 * @param length standard deviation of the Gaussian of the smoothed self [m]
 */
export const roughness = (net: SurfaceNet, spacing: Triple, length: number): number => {
  if (net.faceCount === 0) return Number.NaN
  const voxel = Math.cbrt(spacing[0] * spacing[1] * spacing[2])
  const passes = Math.max(stepPasses, Math.ceil((length / voxel) ** 2 / (share / 2)))
  const [once, spare] = withoutSteps(net)
  const fine = sharpened(net, once, spare, stepPasses)
  const [further, rest] = diffusedWithin(net, once, spare, passes - stepPasses, share)
  const coarse = sharpened(net, further, rest, passes)
  const normals = further
  vertexAreasInto(net, fine, spacing, normals)
  let weight = 0
  let sum = 0
  let squares = 0
  for (let v = 0; v < normals.length; v += 3) {
    const size = Math.hypot(normals[v], normals[v + 1], normals[v + 2])
    if (!(size > 0)) continue
    let along = 0
    for (let a = 0; a < 3; a++) along += normals[v + a] * (fine[v + a] - coarse[v + a]) * spacing[a]
    weight += size
    sum += along
    squares += (along * along) / size
  }
  return weight > 0 ? Math.sqrt(Math.max(0, squares / weight - (sum / weight) ** 2)) : Number.NaN
}

/**
 * A closed net as a smooth surface of triangles that encloses a given volume.
 * @param origin  where the low corner of the first voxel lies [m]
 * @param volume  of what is enclosed; the smooth surface is scaled about its centre to it [m³]
 */
export const surfaceMeshOf = (net: SurfaceNet, spacing: Triple, origin: Triple, volume: number): SurfaceMesh => {
  const vertices = smoothVertices(net)
  for (let i = 0; i < vertices.length; i++) vertices[i] *= spacing[i % 3]
  const { corners, faceCount, vertexCount } = net
  const triangles = new Int32Array(6 * faceCount)
  const squaredLength = (a: number, b: number): number =>
    (vertices[3 * a] - vertices[3 * b]) ** 2 +
    (vertices[3 * a + 1] - vertices[3 * b + 1]) ** 2 +
    (vertices[3 * a + 2] - vertices[3 * b + 2]) ** 2
  for (let f = 0; f < faceCount; f++) {
    const [a, b, c, d] = corners.subarray(4 * f, 4 * f + 4)
    triangles.set(squaredLength(a, c) <= squaredLength(b, d) ? [a, b, c, a, c, d] : [a, b, d, b, c, d], 6 * f)
  }
  const centre: [number, number, number] = [0, 0, 0]
  for (let i = 0; i < vertices.length; i++) centre[i % 3] += vertices[i] / vertexCount
  for (let i = 0; i < vertices.length; i++) vertices[i] -= centre[i % 3]
  const scale = Math.cbrt(volume / enclosedVolume({ vertices, triangles }))
  for (let i = 0; i < vertices.length; i++) vertices[i] = vertices[i] * scale + centre[i % 3] + origin[i % 3]
  return { vertices, triangles }
}

/** Volume within a closed surface whose triangles run counter-clockwise seen from outside [m³]. */
export const enclosedVolume = ({ vertices, triangles }: SurfaceMesh): number => {
  let sum = 0
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t], 3 * triangles[t + 1], 3 * triangles[t + 2]]
    sum +=
      vertices[a] * (vertices[b + 1] * vertices[c + 2] - vertices[b + 2] * vertices[c + 1]) +
      vertices[a + 1] * (vertices[b + 2] * vertices[c] - vertices[b] * vertices[c + 2]) +
      vertices[a + 2] * (vertices[b] * vertices[c + 1] - vertices[b + 1] * vertices[c])
  }
  return sum / 6
}
