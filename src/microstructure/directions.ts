/** Directions in which the surface of a round particle is parted into patches, each seen along several rays. */
export interface DirectionSet {
  readonly dimension: 2 | 3
  /** Of directions, so of patches */
  readonly count: number
  /** [direction, 3] unit vectors; y is 0 in the plane */
  readonly direction: Float64Array
  /** [ray, 3] unit vectors, those of a patch side by side */
  readonly ray: Float64Array
  /** [direction + 1] first ray of each */
  readonly start: Int32Array
  /** [ray] share of the whole surface */
  readonly share: Float64Array
  /** [border, 2] patches that meet */
  readonly border: Int32Array
  /** [border] of the unit sphere, 1 in the plane */
  readonly borderLength: Float64Array
  /** [border] between both directions [rad] */
  readonly borderAngle: Float64Array
}

/**
 * Equal arcs around a circle in the plane y = 0, the first one's middle along x.
 * @param count  of patches, ≥ 4; a multiple of 4 for mirrored layouts to have mirrored patches
 * @param rays   of each patch, evenly spread
 */
export const planarDirections = (count = 16, rays = 8): DirectionSet => {
  if (!(Number.isInteger(count) && count >= 4))
    throw new RangeError(`${count} patches of a circle, at least 4 expected`)
  const step = (2 * Math.PI) / count
  const around = (angle: number): readonly number[] => [Math.cos(angle), 0, Math.sin(angle)]
  const each = <T>(make: (k: number) => T): T[] => Array.from({ length: count }, (_, k) => make(k))
  return {
    dimension: 2,
    count,
    direction: Float64Array.from(each((k) => around(k * step)).flat()),
    ray: Float64Array.from(
      each((k) => Array.from({ length: rays }, (_, r) => around(k * step + ((r + 0.5) / rays - 0.5) * step))).flat(2),
    ),
    start: Int32Array.from({ length: count + 1 }, (_, k) => k * rays),
    share: new Float64Array(count * rays).fill(1 / (count * rays)),
    border: Int32Array.from(each((k) => [k, (k + 1) % count]).flat()),
    borderLength: new Float64Array(count).fill(1),
    borderAngle: new Float64Array(count).fill(step),
  }
}

const dot = (a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number =>
  a[3 * i] * b[3 * j] + a[3 * i + 1] * b[3 * j + 1] + a[3 * i + 2] * b[3 * j + 2]

/** The direction nearest to a vector of any length. */
export const nearestDirection = (
  { direction, count }: Pick<DirectionSet, "direction" | "count">,
  x: number,
  y: number,
  z: number,
): number => {
  let nearest = 0
  let most = Number.NEGATIVE_INFINITY
  for (let k = 0; k < count; k++) {
    const along = direction[3 * k] * x + direction[3 * k + 1] * y + direction[3 * k + 2] * z
    if (along > most) {
      most = along
      nearest = k
    }
  }
  return nearest
}

/** Solid angle of the rectangle [0, a] × [0, b] at distance 1. */
const cornerAngle = (a: number, b: number): number => Math.atan2(a * b, Math.sqrt(1 + a * a + b * b))

/** The 6 directions along the axes and the 8 towards the corners of a cube. */
const axesAndCorners = (): Float64Array => {
  const found: number[] = []
  for (let axis = 0; axis < 3; axis++)
    for (const sign of [-1, 1]) found.push(...[0, 1, 2].map((each) => (each === axis ? sign : 0)))
  const c = 1 / Math.sqrt(3)
  for (const z of [-c, c]) for (const y of [-c, c]) for (const x of [-c, c]) found.push(x, y, z)
  return Float64Array.from(found)
}

/**
 * 14 patches of a ball: the parts of its surface nearest to the 6 axes and the 8 corners of a cube. Patches and rays map
 * onto themselves when axes are exchanged or turned round.
 * @param edge rays along an edge of the cube, even
 */
export const spatialDirections = (edge = 8): DirectionSet => {
  if (!(edge >= 4 && edge % 2 === 0)) throw new RangeError(`${edge} rays along an edge, an even number from 4 expected`)
  const direction = axesAndCorners()
  const count = direction.length / 3
  const ofPatch: number[][] = Array.from({ length: count }, () => [])
  const place = (k: number): number => Math.tan((Math.PI / 4) * ((2 * k) / edge - 1))
  for (let axis = 0; axis < 3; axis++)
    for (const sign of [-1, 1])
      for (let v = 0; v < edge; v++)
        for (let u = 0; u < edge; u++) {
          const [a0, a1, b0, b1] = [place(u), place(u + 1), place(v), place(v + 1)]
          const solid = cornerAngle(a1, b1) - cornerAngle(a0, b1) - cornerAngle(a1, b0) + cornerAngle(a0, b0)
          const [a, b] = [place(u + 0.5), place(v + 0.5)]
          const at = [0, 0, 0]
          at[axis] = sign
          at[(axis + 1) % 3] = a
          at[(axis + 2) % 3] = b
          const length = Math.hypot(...at)
          const patch = nearestDirection({ direction, count }, at[0], at[1], at[2])
          ofPatch[patch].push(at[0] / length, at[1] / length, at[2] / length, solid / (4 * Math.PI))
        }
  const rays = ofPatch.flatMap((list) =>
    Array.from({ length: list.length / 4 }, (_, r) => list.slice(4 * r, 4 * r + 4)),
  )
  const start = new Int32Array(count + 1)
  for (let k = 0; k < count; k++) start[k + 1] = start[k] + ofPatch[k].length / 4
  return {
    dimension: 3,
    count,
    direction,
    ray: Float64Array.from(rays.flatMap((ray) => ray.slice(0, 3))),
    start,
    share: Float64Array.from(rays, (ray) => ray[3]),
    ...bordersOf(direction),
  }
}

/** Steps around the circle between two directions on which a border is measured. */
const borderSteps = 1440

/** Borders between the parts of a sphere nearest to each direction: arcs on the planes halfway between two of them. */
const bordersOf = (direction: Float64Array): Pick<DirectionSet, "border" | "borderLength" | "borderAngle"> => {
  const count = direction.length / 3
  const border: number[] = []
  const lengths: number[] = []
  const angles: number[] = []
  for (let a = 0; a < count; a++)
    for (let b = a + 1; b < count; b++) {
      const cosine = dot(direction, a, direction, b)
      if (cosine < -0.999) continue
      const sum = [0, 1, 2].map((k) => direction[3 * a + k] + direction[3 * b + k])
      const middle = sum.map((value) => value / Math.hypot(...sum))
      const apart = [0, 1, 2].map((k) => direction[3 * a + k] - direction[3 * b + k])
      const across = [
        middle[1] * apart[2] - middle[2] * apart[1],
        middle[2] * apart[0] - middle[0] * apart[2],
        middle[0] * apart[1] - middle[1] * apart[0],
      ]
      const size = Math.hypot(...across)
      let steps = 0
      for (let s = 0; s < borderSteps; s++) {
        const angle = (2 * Math.PI * (s + 0.5)) / borderSteps
        const at = [0, 1, 2].map((k) => middle[k] * Math.cos(angle) + (across[k] / size) * Math.sin(angle))
        const own = dot(at, 0, direction, a)
        let isNearest = true
        for (let c = 0; c < count; c++) if (c !== a && c !== b && dot(at, 0, direction, c) > own) isNearest = false
        if (isNearest) steps++
      }
      if (steps === 0) continue
      border.push(a, b)
      lengths.push((2 * Math.PI * steps) / borderSteps)
      angles.push(Math.acos(cosine))
    }
  return {
    border: Int32Array.from(border),
    borderLength: Float64Array.from(lengths),
    borderAngle: Float64Array.from(angles),
  }
}
