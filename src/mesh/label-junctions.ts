import type { Polyline } from "./curve-fit.ts"
import type { Chain, CodeImage } from "./label-chains.ts"

/** How far a junction may move from its pixel corner: less than half the distance to the next one [pixel] */
const junctionReach = 0.45
/** Boundaries should not meet at less than this [rad]: 30° */
const sharpAngle = Math.PI / 6
/** Distance from a junction at which the direction of a curve is taken [pixel] */
const angleReach = 1.5

/** Middles of the pixel edges of a chain, with its ends where it is open. */
export const middles = ({ corners, closed }: Chain): Polyline => {
  const count = corners.length / 2
  const out: number[] = []
  if (!closed) out.push(corners[0], corners[1])
  for (let k = 0; k + 1 < count; k++) {
    out.push((corners[2 * k] + corners[2 * k + 2]) / 2, (corners[2 * k + 1] + corners[2 * k + 3]) / 2)
  }
  if (!closed) out.push(corners[2 * count - 2], corners[2 * count - 1])
  return { points: Float64Array.from(out), closed }
}

/** Pixel corner → place of its junction [pixel] */
export type Junctions = Map<string, readonly [number, number]>

/** Names of the pixel corners at which an open chain begins and ends. */
export const endNames = ({ corners }: Chain): readonly [string, string] => [
  `${corners[0]},${corners[1]}`,
  `${corners[corners.length - 2]},${corners[corners.length - 1]}`,
]

export const cornerOf = (name: string): readonly [number, number] => {
  const [x, y] = name.split(",").map(Number)
  return [x, y]
}

/** Junctions nearest to the end tangents of all curves that meet there; those on the frame stay on it. */
export const placeJunctions = (image: CodeImage, chains: readonly Chain[], curves: readonly Polyline[]): Junctions => {
  const normals = new Map<string, { x: number; y: number; nx: number; ny: number }[]>()
  chains.forEach(({ corners, closed }, c) => {
    if (closed) return
    const { points } = curves[c]
    const last = points.length - 2
    // Tangents a little way in: the very last piece of a free end is the least certain.
    const inner = Math.min(4, last)
    for (const [corner, end, before] of [
      [0, 0, inner],
      [corners.length - 2, last, last - inner],
    ]) {
      const name = `${corners[corner]},${corners[corner + 1]}`
      const tx = points[end] - points[before]
      const ty = points[end + 1] - points[before + 1]
      const length = Math.hypot(tx, ty) || 1
      const list = normals.get(name) ?? []
      list.push({ x: points[end], y: points[end + 1], nx: ty / length, ny: -tx / length })
      normals.set(name, list)
    }
  })
  const out = new Map<string, readonly [number, number]>()
  for (const [name, ends] of normals) {
    const [x, y] = cornerOf(name)
    const lean = 0.05
    let [xx, xy, yy, bx, by] = [lean, 0, lean, 0, 0]
    const onSide = x === 0 || x === image.width
    const onFloor = y === 0 || y === image.height
    for (const end of ends) {
      const offset = (end.x - x) * end.nx + (end.y - y) * end.ny
      xx += end.nx * end.nx
      xy += end.nx * end.ny
      yy += end.ny * end.ny
      bx += end.nx * offset
      by += end.ny * offset
    }
    const determinant = xx * yy - xy * xy
    const within = (value: number): number => Math.max(-junctionReach, Math.min(junctionReach, value))
    const dx = onSide ? 0 : onFloor ? bx / xx : (bx * yy - by * xy) / determinant
    const dy = onFloor ? 0 : onSide ? by / yy : (by * xx - bx * xy) / determinant
    out.set(name, [x + within(dx), y + within(dy)])
  }
  return out
}

/** An open curve with its ends moved to the junctions; points nearer to them than `near` are left out. */
export const anchored = (curve: Polyline, chain: Chain, junctions: Junctions, near = 0.7): Polyline => {
  if (chain.closed) return curve
  const { points } = curve
  const count = points.length / 2
  const names = endNames(chain)
  const [ax, ay] = junctions.get(names[0])!
  const [bx, by] = junctions.get(names[1])!
  let first = 1
  let last = count - 2
  while (first <= last && Math.hypot(points[2 * first] - ax, points[2 * first + 1] - ay) < near) first++
  while (last >= first && Math.hypot(points[2 * last] - bx, points[2 * last + 1] - by) < near) last--
  const out = [ax, ay]
  for (let k = first; k <= last; k++) out.push(points[2 * k], points[2 * k + 1])
  // A loop from a junction back to it must keep its breadth.
  if (first > last && ax === bx && ay === by) return middles(chain)
  out.push(bx, by)
  return { points: Float64Array.from(out), closed: false }
}

export interface ChainEnd {
  /** Pixel corner of the junction */
  readonly name: string
  readonly chain: number
  readonly end: 0 | 1
}

/** Ends of all curves at junctions where two boundaries meet at less than 30°. */
export const sharpEnds = (image: CodeImage, chains: readonly Chain[], curves: readonly Polyline[]): ChainEnd[] => {
  const meeting = new Map<string, { angle: number; ends: ChainEnd[] }[]>()
  chains.forEach(({ corners, closed }, chain) => {
    if (closed) return
    const { points } = curves[chain]
    const count = points.length / 2
    for (const end of [0, 1] as const) {
      const from = end === 0 ? 0 : count - 1
      const inward = end === 0 ? 1 : -1
      let to = from + inward
      const length = (k: number): number =>
        Math.hypot(points[2 * k] - points[2 * from], points[2 * k + 1] - points[2 * from + 1])
      while (to + inward >= 0 && to + inward < count && length(to) < angleReach) to += inward
      const angle = Math.atan2(points[2 * to + 1] - points[2 * from + 1], points[2 * to] - points[2 * from])
      const corner = end === 0 ? 0 : corners.length - 2
      const name = `${corners[corner]},${corners[corner + 1]}`
      const list = meeting.get(name) ?? []
      list.push({ angle, ends: [{ name, chain, end }] })
      meeting.set(name, list)
    }
  })
  const out: ChainEnd[] = []
  for (const [name, list] of meeting) {
    const [x, y] = cornerOf(name)
    const all = list.map(({ angle }) => angle)
    if (x === 0 || x === image.width) all.push(Math.PI / 2, -Math.PI / 2)
    if (y === 0 || y === image.height) all.push(0, Math.PI)
    all.sort((one, other) => one - other)
    const gaps = all.map((angle, k) => (k + 1 < all.length ? all[k + 1] - angle : all[0] + 2 * Math.PI - angle))
    if (Math.min(...gaps) < sharpAngle) out.push(...list.flatMap(({ ends }) => ends))
  }
  return out
}
