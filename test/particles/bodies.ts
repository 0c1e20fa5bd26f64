import type { Triple } from "../../src/image/brick.ts"
import type { ParticleCrop } from "../../src/particles/crop.ts"

/** A body about the origin, with what is known of it exactly. */
export interface Body {
  readonly inside: (x: number, y: number, z: number) => boolean
  /** No point of it is farther from the origin */
  readonly reach: number
  readonly volume: number
  readonly area: number
}

/** Three perpendicular unit vectors; the first is the long axis. */
export type Frame = readonly [Triple, Triple, Triple]

export const upright: Frame = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]

const dot = (a: Triple, x: number, y: number, z: number): number => a[0] * x + a[1] * y + a[2] * z

export const ball = (radius: number): Body => ({
  inside: (x, y, z) => x * x + y * y + z * z <= radius * radius,
  reach: radius,
  volume: (4 / 3) * Math.PI * radius ** 3,
  area: 4 * Math.PI * radius ** 2,
})

/** Area of an ellipsoid by the midpoint rule, good to 1e-4. */
const ellipsoidArea = (a: number, b: number, c: number): number => {
  const count = 200
  let sum = 0
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++) {
      const [t, p] = [(Math.PI * (i + 0.5)) / count, (2 * Math.PI * (j + 0.5)) / count]
      const [s, u] = [Math.sin(t), Math.cos(t)]
      sum += s * Math.hypot(b * c * s * Math.cos(p), a * c * s * Math.sin(p), a * b * u)
    }
  return (sum * 2 * Math.PI * Math.PI) / count ** 2
}

export const ellipsoid = (a: number, b: number, c: number, [p, q, r]: Frame = upright): Body => ({
  inside: (x, y, z) => (dot(p, x, y, z) / a) ** 2 + (dot(q, x, y, z) / b) ** 2 + (dot(r, x, y, z) / c) ** 2 <= 1,
  reach: Math.max(a, b, c),
  volume: (4 / 3) * Math.PI * a * b * c,
  area: ellipsoidArea(a, b, c),
})

/** A cylinder of a half length between two half balls. */
export const capsule = (radius: number, half: number, [p]: Frame = upright): Body => ({
  inside: (x, y, z) => {
    const along = dot(p, x, y, z)
    const beyond = Math.max(0, Math.abs(along) - half)
    return x * x + y * y + z * z - along * along + beyond * beyond <= radius * radius
  },
  reach: radius + half,
  volume: (4 / 3) * Math.PI * radius ** 3 + 2 * Math.PI * radius ** 2 * half,
  area: 4 * Math.PI * radius ** 2 + 4 * Math.PI * radius * half,
})

/** Longest / shortest axis of the ellipsoid that has the second moments of a capsule. */
export const capsuleElongation = (radius: number, half: number): number => {
  const [cylinder, ends] = [2 * Math.PI * radius ** 2 * half, (4 / 3) * Math.PI * radius ** 3]
  const along = (cylinder * half * half) / 3 + ends * (half * half + (3 / 4) * half * radius + (radius * radius) / 5)
  const across = (cylinder * radius * radius) / 4 + (ends * radius * radius) / 5
  return Math.sqrt(along / across)
}

/** A turn that is even over all turns for even numbers in [0, 1). */
export const frameOf = (u: number, v: number, w: number): Frame => {
  const [a, b] = [Math.sqrt(1 - u), Math.sqrt(u)]
  const [p, q] = [2 * Math.PI * v, 2 * Math.PI * w]
  const [x, y, z, s] = [a * Math.sin(p), a * Math.cos(p), b * Math.sin(q), b * Math.cos(q)]
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y + z * s), 2 * (x * z - y * s)],
    [2 * (x * y - z * s), 1 - 2 * (x * x + z * z), 2 * (y * z + x * s)],
    [2 * (x * z + y * s), 2 * (y * z - x * s), 1 - 2 * (x * x + y * y)],
  ]
}

/** A volume drawn by a function of the position of voxel centres; the crop of one label is the whole of it. */
export const drawnCrop = (
  shape: Triple,
  spacing: Triple,
  labelAt: (x: number, y: number, z: number) => number,
  rest: Partial<ParticleCrop> = {},
): ParticleCrop => {
  const labels = new Int32Array(shape[0] * shape[1] * shape[2])
  for (let z = 0, i = 0; z < shape[2]; z++)
    for (let y = 0; y < shape[1]; y++)
      for (let x = 0; x < shape[0]; x++, i++)
        labels[i] = labelAt((x + 0.5) * spacing[0], (y + 0.5) * spacing[1], (z + 0.5) * spacing[2])
  return { shape, spacing, from: [0, 0, 0], whole: shape, label: 1, labels, ...rest }
}

/**
 * One body in the middle of a volume that leaves a margin.
 * @param shift of its centre from the middle [voxel]
 */
export const bodyCrop = (
  body: Body,
  { spacing = [1, 1, 1], shift = [0, 0, 0], margin = 3 }: { spacing?: Triple; shift?: Triple; margin?: number } = {},
): ParticleCrop & { readonly centre: Triple } => {
  const shape = spacing.map((edge) => 2 * (Math.ceil(body.reach / edge + 0.5) + margin)) as unknown as Triple
  const centre = spacing.map((edge, a) => (shape[a] / 2 + shift[a]) * edge) as unknown as Triple
  const crop = drawnCrop(shape, spacing, (x, y, z) =>
    body.inside(x - centre[0], y - centre[1], z - centre[2]) ? 1 : 0,
  )
  return { ...crop, centre }
}

/** A stream of even numbers in [0, 1) for the shapes of one seed. */
export const evenNumbers = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
