/** A circle in the plane of x and z. */
export interface Circle {
  /** x, and z from the collector [m] */
  readonly centre: readonly [number, number]
  readonly radius: number
}

/** A straight cut through the carbon/binder; what lies to its left, seen along it, and to its right conducts well or not. */
export interface PlanarCut {
  /** A point on it: x and z [m] */
  readonly through: readonly [number, number]
  /** From the vertical, clockwise: the cut runs along (sin angle, cos angle) [rad] */
  readonly angle: number
  readonly isLeftHigh: boolean
  readonly isRightHigh: boolean
}

/** Circles in a rectangle filled with carbon/binder, the collector below, the separator on top. */
export interface PlanarElectrode {
  /** [m] */
  readonly width: number
  readonly height: number
  readonly circles: readonly Circle[]
  /** A point takes the left side of the first cut that it lies to the left of, else the right side of the last one. */
  readonly cuts: readonly PlanarCut[]
  /** Where there is no cut */
  readonly isHigh: boolean
  /** Share of electrolyte in the carbon/binder, and b in D_eff = D ε^b within it */
  readonly carbonBinderPorosity: number
  readonly bruggeman: number
}

/** How finely an electrode is parted. */
export interface PlanarResolution {
  /** Patches a circle; cuts add some */
  readonly patches: number
  /** Of the grid on which conduction is solved [m] */
  readonly cell: number
  readonly layerCount: number
}

/** Six cells across the narrowest gap, layers of half a radius, 24 patches: fewer make potentials in poor
 * conductors wrong by more than a tenth. */
export const defaultPlanarResolution = (electrode: PlanarElectrode): PlanarResolution => {
  const gap = narrowestGap(electrode)
  const { width, height, circles } = electrode
  const mean = circles.reduce((sum, { radius }) => sum + radius, 0) / circles.length
  // 250 000 cells at most: narrower gaps are seen more coarsely.
  const cell = Math.max(Math.min(gap / 6, mean / 25), Math.sqrt((width * height) / 250_000))
  return { patches: 24, cell, layerCount: Math.max(4, Math.round((2 * height) / mean)) }
}

/** Narrowest free width between circles, and between circles and borders [m]. */
export const narrowestGap = ({ width, height, circles }: PlanarElectrode): number => {
  let least = Number.POSITIVE_INFINITY
  circles.forEach(({ centre: [x, z], radius }, i) => {
    least = Math.min(least, x - radius, width - x - radius, z - radius, height - z - radius)
    for (const { centre, radius: other } of circles.slice(i + 1))
      least = Math.min(least, Math.hypot(centre[0] - x, centre[1] - z) - radius - other)
  })
  return least
}

/** Whether a point lies in carbon/binder that conducts well. */
export const conductsWell = ({ cuts, isHigh }: PlanarElectrode, x: number, z: number): boolean => {
  const first = cuts.find(
    ({ through, angle }) => Math.sin(angle) * (z - through[1]) - Math.cos(angle) * (x - through[0]) > 0,
  )
  return first?.isLeftHigh ?? cuts.at(-1)?.isRightHigh ?? isHigh
}
