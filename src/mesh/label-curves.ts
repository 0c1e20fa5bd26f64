import { type FitOptions, fitCurve, type Polyline, type Witnesses } from "./curve-fit.ts"
import type { Curve } from "./curves.ts"
import { type Chain, type CodeImage, traceChains } from "./label-chains.ts"
import { separatorCode } from "./label-parts.ts"
import { polylineCrossings } from "./polyline-crossings.ts"

/** How far a junction may move from its pixel corner: less than half the distance to the next one [pixel] */
const junctionReach = 0.45
/** Half of the least thickness of what is one pixel thin [pixel] */
const thinMargin = 0.25
const coarsestRound = 6

/**
 * Smooth boundaries between the codes of an image, the image's frame and the separator above it, in metres.
 * Boundaries that would cross are fitted with less smoothing, in the end along the middles of the pixel edges.
 * @param interfaceLength  wanted edge length at particles [m]
 * @param spacing  of the points of the curves [m]
 */
export const labelCurves = (
  image: CodeImage,
  pixel: number,
  separatorThickness: number,
  fit: FitOptions,
  interfaceLength: number,
  spacing: number,
): Curve[] => {
  const chains = traceChains(image)
  const witnesses = chains.map((chain) => witnessesOf(image, chain))
  const smoothing = chains.map(() => fit.smoothing)
  const free = chains.map((chain, c) => fitCurve(middles(chain), witnesses[c], fit, false))
  const junctions = placeJunctions(image, chains, free)
  const fitted = chains.map((chain, c) =>
    chain.closed ? free[c] : fitCurve(anchored(free[c], chain, junctions), witnesses[c], fit, true),
  )
  for (let round = 0; round < coarsestRound; round++) {
    const crossings = polylineCrossings(fitted)
    if (crossings.length === 0) break
    for (const c of new Set(crossings.flatMap(({ first, second }) => [first, second]))) {
      smoothing[c] /= 2
      const raw = anchored(middles(chains[c]), chains[c], junctions)
      fitted[c] =
        round === coarsestRound - 1 || smoothing[c] < 1
          ? raw
          : fitCurve(raw, witnesses[c], { ...fit, smoothing: smoothing[c] }, true)
    }
  }
  const curves = chains.map((chain, c): Curve => {
    const points = densified(fitted[c], spacing / pixel)
    return {
      points: points.map((value) => value * pixel),
      closed: chain.closed,
      left: chain.left,
      right: chain.right,
      length: chain.left >= 0 || chain.right >= 0 ? interfaceLength : Infinity,
      bent: true,
    }
  })
  return [...curves, ...frame(image, junctions, pixel, separatorThickness, interfaceLength, spacing)]
}

/** Middles of the pixel edges of a chain, with its ends where it is open. */
const middles = ({ corners, closed }: Chain): Polyline => {
  const count = corners.length / 2
  const out: number[] = []
  if (!closed) out.push(corners[0], corners[1])
  for (let k = 0; k + 1 < count; k++) {
    out.push((corners[2 * k] + corners[2 * k + 2]) / 2, (corners[2 * k + 1] + corners[2 * k + 3]) / 2)
  }
  if (!closed) out.push(corners[2 * count - 2], corners[2 * count - 1])
  return { points: Float64Array.from(out), closed }
}

/** Centres of the pixels beside a chain, each once a side; where a part is one pixel thin they keep some distance. */
const witnessesOf = (image: CodeImage, { corners }: Chain): Witnesses => {
  const margin: number[] = []
  const position: number[] = []
  const side: number[] = []
  const seen = [new Set<string>(), new Set<string>()]
  for (let k = 0; 2 * k + 3 < corners.length; k++) {
    const x = corners[2 * k]
    const y = corners[2 * k + 1]
    const dx = (corners[2 * k + 2] - x) / 2
    const dy = (corners[2 * k + 3] - y) / 2
    for (const sign of [-1, 1]) {
      const px = x + dx + sign * dy
      const py = y + dy - sign * dx
      const known = seen[(sign + 1) / 2]
      if (known.has(`${px},${py}`)) continue
      known.add(`${px},${py}`)
      position.push(px, py)
      side.push(sign)
      margin.push(isThin(image, Math.floor(px), Math.floor(py)) ? thinMargin : 0)
    }
  }
  return { position: Float64Array.from(position), side: Int8Array.from(side), margin: Float64Array.from(margin) }
}

/** Whether both neighbours of a pixel in a row or column are of other codes. */
const isThin = ({ width, height, codes }: CodeImage, i: number, j: number): boolean => {
  const code = codes[j * width + i]
  const differs = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && codes[y * width + x] !== code
  return (differs(i - 1, j) && differs(i + 1, j)) || (differs(i, j - 1) && differs(i, j + 1))
}

/** Pixel corner → place of its junction [pixel] */
type Junctions = ReadonlyMap<string, readonly [number, number]>

/** Junctions nearest to the end tangents of all curves that meet there; those on the frame stay on it. */
const placeJunctions = (image: CodeImage, chains: readonly Chain[], curves: readonly Polyline[]): Junctions => {
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
    const [x, y] = name.split(",").map(Number)
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

/** An open curve with its ends moved to the junctions; points that lie too near to them or behind them are left out. */
const anchored = (curve: Polyline, { corners, closed }: Chain, junctions: Junctions): Polyline => {
  if (closed) return curve
  const { points } = curve
  const count = points.length / 2
  const [ax, ay] = junctions.get(`${corners[0]},${corners[1]}`)!
  const [bx, by] = junctions.get(`${corners[corners.length - 2]},${corners[corners.length - 1]}`)!
  let first = 1
  let last = count - 2
  const near = 0.7
  while (first <= last && Math.hypot(points[2 * first] - ax, points[2 * first + 1] - ay) < near) first++
  while (last >= first && Math.hypot(points[2 * last] - bx, points[2 * last + 1] - by) < near) last--
  const out = [ax, ay]
  for (let k = first; k <= last; k++) out.push(points[2 * k], points[2 * k + 1])
  // A loop from a junction back to it must keep its breadth.
  if (first > last && ax === bx && ay === by)
    return { points: middles({ corners, closed, left: 0, right: 0 }).points, closed }
  out.push(bx, by)
  return { points: Float64Array.from(out), closed: false }
}

/** Cubic interpolation (Catmull–Rom) down to a spacing; the given points are kept. */
const densified = ({ points, closed }: Polyline, spacing: number): Float64Array => {
  const count = points.length / 2
  const at = (k: number): number => 2 * (closed ? (k + count) % count : Math.max(0, Math.min(count - 1, k)))
  const out: number[] = []
  for (let k = 0; k < (closed ? count : count - 1); k++) {
    const [p, a, b, q] = [at(k - 1), at(k), at(k + 1), at(k + 2)]
    const parts = Math.max(1, Math.ceil(Math.hypot(points[b] - points[a], points[b + 1] - points[a + 1]) / spacing))
    for (let m = 0; m < parts; m++) {
      const t = m / parts
      for (let axis = 0; axis < 2; axis++) {
        const [w, x, y, z] = [points[p + axis], points[a + axis], points[b + axis], points[q + axis]]
        out.push(x + (t / 2) * (y - w + t * (2 * w - 5 * x + 4 * y - z + t * (3 * (x - y) + z - w))))
      }
    }
  }
  if (!closed) out.push(points[2 * count - 2], points[2 * count - 1])
  return Float64Array.from(out)
}

/** The image's four sides, parted where boundaries end on them, and the three free sides of the separator. */
const frame = (
  { width, height, codes }: CodeImage,
  junctions: Junctions,
  pixel: number,
  separatorThickness: number,
  interfaceLength: number,
  spacing: number,
): Curve[] => {
  const right = width * pixel
  const roof = height * pixel
  const top = roof + separatorThickness
  const line = (
    ax: number,
    ay: number,
    bx: number,
    by: number,
    left: number,
    across: number,
    length: number,
  ): Curve => ({
    points: straight(ax, ay, bx, by, spacing),
    closed: false,
    left,
    right: across,
    length,
    bent: false,
  })
  const out = [
    line(right, roof, right, top, separatorCode, -1, Infinity),
    line(right, top, 0, top, separatorCode, -1, Infinity),
    line(0, top, 0, roof, separatorCode, -1, Infinity),
  ]
  // Counter-clockwise, so that the image is on the left.
  const sides = [
    { x: 0, y: 0, dx: 1, dy: 0, length: width, i: 0, j: 0 },
    { x: width, y: 0, dx: 0, dy: 1, length: height, i: -1, j: 0 },
    { x: width, y: height, dx: -1, dy: 0, length: width, i: -1, j: -1 },
    { x: 0, y: height, dx: 0, dy: -1, length: height, i: 0, j: -1 },
  ]
  for (const { x, y, dx, dy, length, i, j } of sides) {
    const isRoof = y === height && dx !== 0
    let [ax, ay] = [x, y]
    for (let k = 1; k <= length; k++) {
      const [cx, cy] = [x + k * dx, y + k * dy]
      const junction = junctions.get(`${cx},${cy}`)
      if (k < length && junction === undefined) continue
      const [bx, by] = k === length ? [cx, cy] : junction!
      const code =
        codes[(cy - (dy > 0 ? 1 : 0) + (dy === 0 ? j : 0)) * width + cx - (dx > 0 ? 1 : 0) + (dx === 0 ? i : 0)]
      const wanted = isRoof && code >= 0 ? interfaceLength : Infinity
      out.push(line(ax * pixel, ay * pixel, bx * pixel, by * pixel, code, isRoof ? separatorCode : -1, wanted))
      ax = bx
      ay = by
    }
  }
  return out
}

const straight = (ax: number, ay: number, bx: number, by: number, spacing: number): Float64Array => {
  const parts = Math.max(1, Math.ceil(Math.hypot(bx - ax, by - ay) / spacing))
  const out = new Float64Array(2 * (parts + 1))
  for (let k = 0; k <= parts; k++) {
    out[2 * k] = k === parts || ax === bx ? bx : ax + (k / parts) * (bx - ax)
    out[2 * k + 1] = k === parts || ay === by ? by : ay + (k / parts) * (by - ay)
  }
  return out
}
