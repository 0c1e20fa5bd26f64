import type { Random } from "../../array/random.ts"
import type { PhantomDamage } from "./settings.ts"
import { randomDirection, type Vector } from "./star-shape.ts"

/** A crack: a bent sheet about a plane, between two relative radii and within an angle about a direction in the plane. */
export interface Sheet {
  readonly normal: Vector
  /** Of the plane from the centre [voxel] */
  readonly offset: number
  /** Direction in the plane, and the cosine of the half angle about it; −1 for the whole plane */
  readonly middle: Vector
  readonly cosine: number
  /** Distance from the centre over that of the surface: where the crack begins and ends */
  readonly from: number
  readonly to: number
  /** Half of the width at the centre [voxel], and which share of it is lost toward the end */
  readonly half: number
  readonly taper: number
}

/** The damage of one particle, in the frame of the volume about its centre. */
export interface Cracks {
  /** Radius of the hollow core, relative to the particle's; 0 for none */
  readonly core: number
  readonly sheets: readonly Sheet[]
}

/** Narrowest crack that is drawn [voxel] */
const narrowest = 1.2

const crossed = (a: Vector, b: Vector): Vector => {
  const [x, y, z] = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
  const length = Math.hypot(x, y, z)
  return length < 1e-9 ? [1, 0, 0] : [x / length, y / length, z / length]
}

/** Cracks that run outward from the centre like the faces of wedges. */
const radialSheets = (damage: PhantomDamage, half: number, random: Random): readonly Sheet[] =>
  Array.from({ length: random.integer(damage.radialCracks + 1) }, () => {
    const middle = randomDirection(random)
    const normal = crossed(middle, randomDirection(random))
    return {
      normal,
      offset: 0,
      middle,
      cosine: Math.cos((25 + 50 * random.uniform()) * (Math.PI / 180)),
      from: 0,
      to: random.uniform() < damage.openShare ? 1.2 : 0.4 + 0.45 * random.uniform(),
      half: half * (0.5 + 0.5 * random.uniform()),
      taper: 0.6,
    }
  })

/** Planes that break a particle through, wide open. */
const breakingSheets = (radius: number, half: number, random: Random): readonly Sheet[] =>
  Array.from({ length: 2 + random.integer(3) }, () => {
    const normal = randomDirection(random)
    return {
      normal,
      offset: radius * 0.9 * (random.uniform() - 0.5),
      middle: crossed(normal, randomDirection(random)),
      cosine: -1,
      from: 0,
      to: 2,
      half: half * (1 + random.uniform()),
      taper: 0,
    }
  })

/**
 * The damage of a particle, drawn at random; null for a sound one.
 * @param radius [voxel]
 * @param width  of the widest cracks [voxel]
 */
export const randomCracks = (damage: PhantomDamage, radius: number, width: number, random: Random): Cracks | null => {
  const draw = random.uniform()
  const half = Math.max(narrowest, width) / 2
  const isShattered = draw < damage.shatteredShare
  if (!isShattered && draw >= damage.shatteredShare + damage.crackedShare) return null
  const core = damage.core * random.uniform() ** 1.5
  const radial = radialSheets(damage, half, random).map((sheet) => ({
    ...sheet,
    half: Math.max(narrowest / 2, sheet.half),
  }))
  return { core, sheets: isShattered ? [...radial, ...breakingSheets(radius, half, random)] : radial }
}

/**
 * Whether a voxel of a particle lies in its damage.
 * @param x,y,z     from the centre [voxel]
 * @param share     distance from the centre over that of the surface
 * @param bend      how far sheets are bent here [voxel]
 * @param lump      how much larger the core is here, relative to itself
 */
export const isCracked = (
  { core, sheets }: Cracks,
  x: number,
  y: number,
  z: number,
  share: number,
  bend: number,
  lump: number,
): boolean => {
  if (share < core * (1 + lump)) return true
  for (let k = 0; k < sheets.length; k++) {
    const { normal, offset, middle, cosine, from, to, half, taper } = sheets[k]
    if (share < from || share > to) continue
    const height = x * normal[0] + y * normal[1] + z * normal[2] - offset
    const relative = share / to
    if (Math.abs(height + bend) > half * (1 - taper * relative * relative)) continue
    const along = x * middle[0] + y * middle[1] + z * middle[2]
    const inPlane = Math.sqrt(Math.max(0, x * x + y * y + z * z - height * height))
    if (along >= cosine * inPlane) return true
  }
  return false
}
