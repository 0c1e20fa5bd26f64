/** Area, centre and second moments of plane regions, collected piece by piece. */
export interface PlaneMoments {
  /** [region] [m²] */
  readonly area: Float64Array
  /** [region] centre [m] */
  readonly x: Float64Array
  readonly z: Float64Array
  /** [region] longest / shortest axis of the ellipse of equal second moments */
  readonly elongation: Float64Array
  /** [region] long axis against x toward z, in (−π/2, π/2] [rad]; NaN where the axes are equal */
  readonly angle: Float64Array
}

/**
 * Axes of a symmetric tensor ((xx, xz), (xz, zz)): ratio of the ellipse's axes and direction of the long one.
 * Axes that are equal to 1e-4 have no direction: NaN.
 */
export const planeAxes = (xx: number, zz: number, xz: number): { elongation: number; angle: number } => {
  const mean = (xx + zz) / 2
  const spread = Math.hypot((xx - zz) / 2, xz)
  const isotropic = !(spread > 1e-4 * mean)
  return {
    elongation: Math.sqrt((mean + spread) / (mean - spread)),
    angle: isotropic ? Number.NaN : 0.5 * Math.atan2(2 * xz, xx - zz),
  }
}

/** Sums of 1, x, z, x², z², xz over a region → its moments. */
export const momentsFrom = (sums: Float64Array, regionCount: number): PlaneMoments => {
  const [area, x, z, elongation, angle] = Array.from({ length: 5 }, () => new Float64Array(regionCount))
  for (let r = 0; r < regionCount; r++) {
    const [s, sx, sz, sxx, szz, sxz] = sums.subarray(6 * r, 6 * r + 6)
    area[r] = s
    x[r] = sx / s
    z[r] = sz / s
    const axes = planeAxes(sxx / s - x[r] * x[r], szz / s - z[r] * z[r], sxz / s - x[r] * z[r])
    elongation[r] = axes.elongation
    angle[r] = axes.angle
  }
  return { area, x, z, elongation, angle }
}
