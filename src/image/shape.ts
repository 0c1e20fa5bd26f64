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

/** Area of the convex hull of ascending pixels taken as unit squares (Andrew's monotone chain) [pixel]. */
export const hullArea = (pixels: Int32Array, width: number): number => {
  const first = Math.floor(pixels[0] / width)
  const rows = Math.floor(pixels[pixels.length - 1] / width) - first + 1
  const leftmost = new Int32Array(rows).fill(width)
  const rightmost = new Int32Array(rows).fill(-1)
  for (const pixel of pixels) {
    const x = pixel % width
    const row = (pixel - x) / width - first
    if (x < leftmost[row]) leftmost[row] = x
    if (x > rightmost[row]) rightmost[row] = x
  }
  const corners: [number, number][] = []
  for (let row = 0; row < rows; row++) {
    if (rightmost[row] < 0) continue
    for (const y of [first + row, first + row + 1]) corners.push([leftmost[row], y], [rightmost[row] + 1, y])
  }
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
