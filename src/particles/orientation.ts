import { eigenSymmetric } from "../algebra/eigen.ts"
import type { Triple } from "../image/brick.ts"

/** Entries xx, yy, zz, xy, xz, yz of a symmetric tensor. */
export type SymmetricTensor = readonly [number, number, number, number, number, number]

/** Orthogonal axes, longest first. */
export interface PrincipalAxes {
  /** Second moment along each axis, descending [m²] */
  readonly moments: Triple
  /** Unit vectors of the axes; their sign means nothing */
  readonly axes: readonly [Triple, Triple, Triple]
}

/** Axes of a tensor of second moments. */
export const principalAxes = ([xx, yy, zz, xy, xz, yz]: SymmetricTensor): PrincipalAxes => {
  const { values, vectors } = eigenSymmetric(3, Float64Array.of(xx, xy, xz, xy, yy, yz, xz, yz, zz))
  const vector = (k: number): Triple => [vectors[3 * k], vectors[3 * k + 1], vectors[3 * k + 2]]
  return { moments: [values[2], values[1], values[0]], axes: [vector(2), vector(1), vector(0)] }
}

/** Longest / shortest axis of the ellipsoid of equal second moments. */
export const elongationOf = ({ moments }: PrincipalAxes): number => Math.sqrt(moments[0] / moments[2])

/** Yaw, pitch and roll [deg]; NaN where they are not defined. */
export interface Attitude {
  readonly yaw: number
  readonly pitch: number
  readonly roll: number
}

/** Axes whose lengths differ by less than this share cannot be told apart, so that they have no directions. */
export const equalAxes = 0.01

/** Components below this are zero in the rules of sign. */
const nothing = 1e-9

const degrees = 180 / Math.PI

/**
 * Angles of the turn that brings x, y, z onto the long, middle and short axis: about z by yaw, about the new y by pitch,
 * about the newest x by roll, each right-handed. The long axis is
 * (cos yaw cos pitch, sin yaw cos pitch, −sin pitch).
 *
 * Axes have no heads, so that four turns tell the same. The one returned has yaw and roll in (−90°, 90°]: the long axis
 * points to +x, where it has no x to +y, and where it lies along z to −z (pitch 90°, yaw 0°: roll holds the rest).
 * Where the long and the middle axis are equal to one hundredth, there is no long direction and no angle: NaN; where the
 * middle and the short axis are, roll is NaN.
 */
export const attitudeOf = ({ moments, axes }: PrincipalAxes): Attitude => {
  const apart = (a: number, b: number): boolean => Math.sqrt(a / b) >= 1 + equalAxes
  if (!apart(moments[0], moments[1])) return { yaw: Number.NaN, pitch: Number.NaN, roll: Number.NaN }
  const [x, y, z] = axes[0].map((value) => (Math.abs(value) < nothing ? 0 : value))
  const sign = x !== 0 ? Math.sign(x) : y !== 0 ? Math.sign(y) : -Math.sign(z)
  const vertical = x === 0 && y === 0
  const yaw = vertical ? 0 : Math.atan2(sign * y, sign * x)
  // Plus zero, so that no angle is minus zero.
  const pitch = Math.asin(Math.max(-1, Math.min(1, -sign * z))) + 0
  if (!apart(moments[1], moments[2])) return { yaw: yaw * degrees, pitch: pitch * degrees, roll: Number.NaN }
  const [u, v, w] = axes[1]
  const across = v * Math.cos(yaw) - u * Math.sin(yaw)
  const up = (u * Math.cos(yaw) + v * Math.sin(yaw)) * Math.sin(pitch) + w * Math.cos(pitch)
  const roll = Math.abs(across) < nothing ? Math.PI / 2 : Math.atan(up / across) + 0
  return { yaw: yaw * degrees, pitch: pitch * degrees, roll: roll * degrees }
}

/** Direction of the long axis, undefined where the long and the middle axis are equal as `attitudeOf` takes it. */
export const longDirection = (axes: PrincipalAxes): Triple | undefined =>
  Math.sqrt(axes.moments[0] / axes.moments[1]) >= 1 + equalAxes ? axes.axes[0] : undefined

/**
 * Degree of alignment of headless directions in space: the largest eigenvalue of the mean of a ⊗ a, rescaled from
 * ⅓ … 1 to 0 (isotropic) … 1 (parallel). What has no direction counts as isotropic; NaN of nothing.
 */
export const spatialAlignment = (directions: readonly (Triple | undefined)[]): number => {
  if (directions.length === 0) return Number.NaN
  const sums: [number, number, number, number, number, number] = [0, 0, 0, 0, 0, 0]
  for (const direction of directions) {
    const [x, y, z] = direction ?? [0, 0, 0]
    const rest = direction ? 0 : 1 / 3
    ;[x * x + rest, y * y + rest, z * z + rest, x * y, x * z, y * z].forEach((value, k) => {
      sums[k] += value / directions.length
    })
  }
  return Math.max(0, (3 * principalAxes(sums).moments[0] - 1) / 2)
}
