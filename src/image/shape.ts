/** What is needed of a plane region to judge whether it looks like one particle. */
export interface RegionShape {
  /** Pixels */
  readonly area: number
  /** Centre of gravity [pixel], pixel centres at whole numbers */
  readonly x: number
  readonly y: number
  /** Area / area of the convex hull, ≤ 1 */
  readonly solidity: number
  /** Longest / shortest axis of the ellipse of equal second moments, ≥ 1 */
  readonly elongation: number
  /** Direction of the long axis against x, −π/2 … π/2 [rad] */
  readonly angle: number
}

/** Area of the convex hull of pixels taken as unit squares (Andrew's monotone chain) [pixel]. */
export const hullArea = (pixels: Int32Array, width: number): number => {
  const leftmost = new Map<number, number>()
  const rightmost = new Map<number, number>()
  for (const pixel of pixels) {
    const x = pixel % width
    const y = (pixel - x) / width
    if (!(x >= (leftmost.get(y) ?? Number.POSITIVE_INFINITY))) leftmost.set(y, x)
    if (!(x <= (rightmost.get(y) ?? Number.NEGATIVE_INFINITY))) rightmost.set(y, x)
  }
  const corners: [number, number][] = []
  for (const [y, x] of leftmost) corners.push([x, y], [x, y + 1])
  for (const [y, x] of rightmost) corners.push([x + 1, y], [x + 1, y + 1])
  corners.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const chain = (points: [number, number][]): [number, number][] => {
    const hull: [number, number][] = []
    for (const p of points) {
      while (hull.length > 1) {
        const [a, b] = [hull[hull.length - 2], hull[hull.length - 1]]
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break
        hull.pop()
      }
      hull.push(p)
    }
    hull.pop()
    return hull
  }
  const hull = [...chain(corners), ...chain([...corners].reverse())]
  let twice = 0
  for (let i = 0; i < hull.length; i++) {
    const [a, b] = [hull[i], hull[(i + 1) % hull.length]]
    twice += a[0] * b[1] - a[1] * b[0]
  }
  return twice / 2
}

/** Shape of a region given by its pixel indices; one pixel is a unit square, so that thin regions stay finite. */
export const regionShape = (pixels: Int32Array, width: number): RegionShape => {
  const area = pixels.length
  let sx = 0
  let sy = 0
  for (const pixel of pixels) {
    const x = pixel % width
    sx += x
    sy += (pixel - x) / width
  }
  const mx = sx / area
  const my = sy / area
  let xx = 0
  let yy = 0
  let xy = 0
  for (const pixel of pixels) {
    const x = pixel % width
    const dx = x - mx
    const dy = (pixel - x) / width - my
    xx += dx * dx
    yy += dy * dy
    xy += dx * dy
  }
  const a = xx / area + 1 / 12
  const b = yy / area + 1 / 12
  const c = xy / area
  const mean = (a + b) / 2
  const spread = Math.hypot((a - b) / 2, c)
  return {
    area,
    x: mx,
    y: my,
    solidity: area / hullArea(pixels, width),
    elongation: Math.sqrt((mean + spread) / Math.max(mean - spread, 1e-12)),
    angle: 0.5 * Math.atan2(2 * c, a - b),
  }
}
