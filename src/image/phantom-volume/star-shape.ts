import type { Random } from "../../array/random.ts"

/** A direction or a point [x, y, z]. */
export type Vector = readonly [number, number, number]

/** Intervals of an edge of the cube on which a shape is tabulated */
const edge = 20
const nodes = edge + 1

/**
 * A star-convex shape as its distance from the centre to the surface in every direction, tabulated on the faces of a
 * cube; the ball of equal volume has radius 1.
 */
export interface StarShape {
  /** [face, node, node] relative to the radius of the ball of equal volume */
  readonly radius: Float64Array
  /** Least and largest of them */
  readonly least: number
  readonly largest: number
}

/** A direction, uniform over the sphere. */
export const randomDirection = (random: Random): Vector => {
  for (;;) {
    const [x, y, z] = [random.normal(), random.normal(), random.normal()]
    const length = Math.hypot(x, y, z)
    if (length > 1e-6) return [x / length, y / length, z / length]
  }
}

/**
 * A rotation, uniform over all of them, by a random unit quaternion.
 * @returns [row, column]
 * @source K. Shoemake, Graphics Gems III (1992) 124–132
 */
export const randomRotation = (random: Random): Float64Array => {
  let [w, x, y, z] = [random.normal(), random.normal(), random.normal(), random.normal()]
  const length = Math.hypot(w, x, y, z) || 1
  w /= length
  x /= length
  y /= length
  z /= length
  // biome-ignore format: a matrix
  return Float64Array.of(
    1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
    2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
    2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
  )
}

/** Σ of amplitude · P_l(direction · axis) over some axes, l = 2 … */
interface Bump {
  readonly axis: Vector
  /** [l − 2] */
  readonly amplitude: readonly number[]
}

/** Highest degree of the harmonics that roughen a shape, and axes enough to span it */
const highestDegree = 7
const axisCount = 2 * highestDegree + 1

/** Legendre polynomials of degree 2 … highestDegree, weighted and summed. */
const bumpAt = ({ axis, amplitude }: Bump, x: number, y: number, z: number): number => {
  const t = axis[0] * x + axis[1] * y + axis[2] * z
  let before = 1
  let here = t
  let sum = 0
  for (let degree = 2; degree <= highestDegree; degree++) {
    const next = ((2 * degree - 1) * t * here - (degree - 1) * before) / degree
    before = here
    here = next
    sum += amplitude[degree - 2] * here
  }
  return sum
}

/** Direction of a node of a face: 0 +x, 1 −x, 2 +y, 3 −y, 4 +z, 5 −z; not of unit length. */
const nodeDirection = (face: number, i: number, j: number): Vector => {
  const a = (2 * i) / edge - 1
  const b = (2 * j) / edge - 1
  const one = face % 2 === 0 ? 1 : -1
  return face < 2 ? [one, a, b] : face < 4 ? [a, one, b] : [a, b, one]
}

/**
 * A rough ellipsoid: axes of random ratio, times 1 + Σ of spherical harmonics of degree 2 … 7 with random
 * coefficients that fall as 1/l (as zonal harmonics about random axes).
 * @param elongation  largest ratio of two axes, ≥ 1
 * @param roughness   standard deviation of the relative radius, ≥ 0
 */
export const randomStarShape = (elongation: number, roughness: number, random: Random): StarShape => {
  const ratio = 1 + (elongation - 1) * random.uniform()
  const middle = ratio ** random.uniform()
  const axes = [1, middle, ratio].map((axis) => axis / Math.cbrt(middle * ratio))
  const degrees = Array.from({ length: highestDegree - 1 }, (_, k) => k + 2)
  const power = degrees.reduce((sum, degree) => sum + 1 / degree ** 2, 0)
  // The mean square of P_l over the sphere is 1/(2l + 1): all axes together give degree l the deviation 1/l.
  const bumps: readonly Bump[] = Array.from({ length: axisCount }, () => ({
    axis: randomDirection(random),
    amplitude: degrees.map(
      (degree) => (roughness * random.normal() * Math.sqrt((2 * degree + 1) / (axisCount * power))) / degree,
    ),
  }))

  const radius = new Float64Array(6 * nodes * nodes)
  let volume = 0
  let solid = 0
  for (let face = 0, n = 0; face < 6; face++)
    for (let j = 0; j < nodes; j++)
      for (let i = 0; i < nodes; i++, n++) {
        const [dx, dy, dz] = nodeDirection(face, i, j)
        const length = Math.hypot(dx, dy, dz)
        const [x, y, z] = [dx / length, dy / length, dz / length]
        let rough = 1
        for (const bump of bumps) rough += bumpAt(bump, x, y, z)
        const smooth = 1 / Math.hypot(x / axes[0], y / axes[1], z / axes[2])
        radius[n] = smooth * Math.max(0.3, rough)
        // Trapezoidal weights; the solid angle of an area of the face falls as the cube of the distance.
        const weight = (i % edge === 0 ? 0.5 : 1) * (j % edge === 0 ? 0.5 : 1) * length ** -3
        volume += weight * radius[n] ** 3
        solid += weight
      }
  const unit = Math.cbrt(solid / volume)
  let [least, largest] = [Number.POSITIVE_INFINITY, 0]
  for (let n = 0; n < radius.length; n++) {
    radius[n] *= unit
    least = Math.min(least, radius[n])
    largest = Math.max(largest, radius[n])
  }
  return { radius, least, largest }
}

/** Distance from the centre to the surface toward a point that is not the centre, in the frame of the shape. */
export const radiusToward = ({ radius }: StarShape, x: number, y: number, z: number): number => {
  const [ax, ay, az] = [Math.abs(x), Math.abs(y), Math.abs(z)]
  let face: number
  let a: number
  let b: number
  let size: number
  if (ax >= ay && ax >= az) {
    face = x >= 0 ? 0 : 1
    size = ax
    a = y
    b = z
  } else if (ay >= az) {
    face = y >= 0 ? 2 : 3
    size = ay
    a = x
    b = z
  } else {
    face = z >= 0 ? 4 : 5
    size = az
    a = x
    b = y
  }
  if (size === 0) return radius[0]
  const u = ((a / size + 1) * edge) / 2
  const v = ((b / size + 1) * edge) / 2
  const i = Math.min(edge - 1, Math.floor(u))
  const j = Math.min(edge - 1, Math.floor(v))
  const s = u - i
  const t = v - j
  const n = i + nodes * (j + nodes * face)
  return (
    (radius[n] * (1 - s) + radius[n + 1] * s) * (1 - t) + (radius[n + nodes] * (1 - s) + radius[n + nodes + 1] * s) * t
  )
}
