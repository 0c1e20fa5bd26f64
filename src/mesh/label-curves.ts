import { type FitOptions, fitCurve, type Polyline, type Witnesses } from "./curve-fit.ts"
import type { Curve } from "./curves.ts"
import { type Chain, type CodeImage, traceChains } from "./label-chains.ts"
import { anchored, cornerOf, endNames, type Junctions, middles, placeJunctions, sharpEnds } from "./label-junctions.ts"
import { separatorCode } from "./label-parts.ts"
import { polylineCrossings } from "./polyline-crossings.ts"

/** Half of the least thickness of what is one pixel thin [pixel] */
const thinMargin = 0.25
/** Boundaries that come nearer to each other are fitted anew [pixel] */
const leastClearance = 0.15
const coarsestRound = 6
/** A surface that the shares of particle leave open by more than this is placed by the labels alone [pixel] */
const leastCertain = 1
/** [pixel] */
const looseSmoothing = 9
/** Smoothing at the ends of curves that meet at too sharp an angle, round by round [pixel] */
const endSmoothing = [6, 3, 1]

/** Share of particle in each pixel of a code image. */
export interface ShareImage {
  /** [row from below × width + column] 0.5 on the boundary; NaN where unknown */
  readonly values: Float32Array
  /** Standard deviation of a share */
  readonly noise: number
}

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
  share?: ShareImage,
): Curve[] => {
  const chains = traceChains(image)
  const witnesses = chains.map((chain) => witnessesOf(image, chain, share))
  const fitted = fitApart(image, chains, witnesses, fit)
  const curves = chains.map((chain, c): Curve => {
    const points = densified(fitted.curves[c], spacing / pixel)
    return {
      points: points.map((value) => value * pixel),
      closed: chain.closed,
      left: chain.left,
      right: chain.right,
      length: chain.left >= 0 || chain.right >= 0 ? interfaceLength : Infinity,
      bent: true,
    }
  })
  return [...curves, ...frame(image, fitted.junctions, pixel, separatorThickness, interfaceLength, spacing)]
}

interface Fitted {
  readonly curves: readonly Polyline[]
  readonly junctions: Junctions
}

/** Fits all chains, blunts sharp junctions, then makes those curves less smooth that cross others. */
const fitApart = (
  image: CodeImage,
  chains: readonly Chain[],
  witnesses: readonly Witnesses[],
  fit: FitOptions,
): Fitted => {
  const references = chains.map(middles)
  // Open curves are fitted loosely at first: it only serves to place their junctions.
  const loose = { ...fit, smoothing: Math.min(looseSmoothing, fit.smoothing) }
  const free = chains.map(({ closed }, c) => fitCurve(references[c], references[c], witnesses[c], closed ? fit : loose))
  const junctions = placeJunctions(image, chains, free)
  const ends = chains.map((): [number, number] => [Infinity, Infinity])
  const smoothing = chains.map(() => fit.smoothing)
  const again = (c: number): Polyline => {
    if (smoothing[c] === 0) return anchored(references[c], chains[c], junctions, 0)
    const raw = anchored(references[c], chains[c], junctions)
    const limits = chains[c].closed ? undefined : ends[c]
    return fitCurve(raw, references[c], witnesses[c], { ...fit, smoothing: smoothing[c] }, limits)
  }
  const curves = chains.map((chain, c) =>
    chain.closed ? free[c] : fitCurve(anchored(free[c], chain, junctions), references[c], witnesses[c], fit, ends[c]),
  )
  for (const limit of endSmoothing) {
    const sharp = sharpEnds(image, chains, curves)
    if (sharp.length === 0) break
    for (const { name, chain, end } of sharp) {
      // Back to the pixel corner, where boundaries meet at right angles.
      junctions.set(name, cornerOf(name))
      ends[chain][end] = limit
    }
    const moved = new Set(sharp.map(({ chain }) => chain))
    for (const c of moved) curves[c] = again(c)
  }
  for (let round = 0; round <= coarsestRound; round++) {
    const sides = frameSides(image, junctions).map(({ from, to }) => ({
      points: Float64Array.of(...from, ...to),
      closed: false,
    }))
    const crossings = polylineCrossings([...curves, ...sides], leastClearance)
    const crossed = new Set(crossings.flatMap(({ first, second }) => [first, second]).filter((c) => c < curves.length))
    if (crossed.size === 0) break
    for (const c of crossed) smoothing[c] = round === coarsestRound ? 0 : smoothing[c] / 2
    if (2 * round >= coarsestRound) {
      // Along the pixel edges, from corner to corner, nothing can cross.
      const names = new Set([...crossed].flatMap((c) => (chains[c].closed ? [] : endNames(chains[c]))))
      for (const name of names) junctions.set(name, cornerOf(name))
      chains.forEach((chain, c) => {
        if (!chain.closed && endNames(chain).some((name) => names.has(name))) crossed.add(c)
      })
    }
    for (const c of crossed) curves[c] = again(c)
  }
  return { curves, junctions }
}

/**
 * Centres of the pixels beside a chain, each once a side; where a part is one pixel thin they keep some distance. On
 * a particle's surface the point where the share of particle passes 0.5 between two centres stands for both.
 */
const witnessesOf = (image: CodeImage, { corners, left, right }: Chain, share?: ShareImage): Witnesses => {
  const margin: number[] = []
  const spread: number[] = []
  const position: number[] = []
  const side: number[] = []
  const seen = [new Set<string>(), new Set<string>()]
  const shareAt = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= image.width || y >= image.height
      ? Number.NaN
      : share!.values[Math.floor(y) * image.width + Math.floor(x)]
  const onSurface = share !== undefined && left >= 0 !== right >= 0
  for (let k = 0; 2 * k + 3 < corners.length; k++) {
    const x = corners[2 * k]
    const y = corners[2 * k + 1]
    const dx = (corners[2 * k + 2] - x) / 2
    const dy = (corners[2 * k + 3] - y) / 2
    const [mx, my] = [x + dx, y + dy]
    if (onSurface) {
      // Shares at 3/2 and 1/2 pixels to the left, then to the right.
      const [farLeft, toLeft, toRight, farRight] = [-3, -1, 1, 3].map((m) => shareAt(mx + m * dy, my - m * dx))
      const found =
        left >= 0 ? surfacePlace(farLeft, toLeft, toRight, farRight) : surfacePlace(farRight, toRight, toLeft, farLeft)
      const uncertain = found === null ? Infinity : share.noise / found.slope
      if (found !== null && uncertain < leastCertain) {
        const place = left >= 0 ? found.place : -found.place
        position.push(mx + place * dy, my - place * dx)
        side.push(0)
        margin.push(0)
        spread.push(uncertain)
        continue
      }
    }
    for (const sign of [-1, 1]) {
      const px = mx + sign * dy
      const py = my - sign * dx
      const known = seen[(sign + 1) / 2]
      if (known.has(`${px},${py}`)) continue
      known.add(`${px},${py}`)
      position.push(px, py)
      side.push(sign)
      margin.push(isThin(image, Math.floor(px), Math.floor(py)) ? thinMargin : 0)
      spread.push(0)
    }
  }
  return {
    position: Float64Array.from(position),
    side: Int8Array.from(side),
    margin: Float64Array.from(margin),
    spread: Float64Array.from(spread),
  }
}

/**
 * Where the share of particle passes 0.5 along four pixels across a boundary, and how fast it falls there; null where it
 * does not pass just once. If the outer two are full and empty, the sum of the four says it exactly for a straight one.
 * @returns place: 0 on the pixel edge, −1 and 1 in the centres beside it, positive on the matrix side [½ pixel];
 *   slope > 0 [1/pixel]
 */
const surfacePlace = (
  farIn: number,
  inner: number,
  outer: number,
  farOut: number,
): { readonly place: number; readonly slope: number } | null => {
  const outward = [farIn, inner, outer, farOut]
  // Beyond the image's frame nothing is known: the boundary is looked for between the pixels beside it only.
  const full = outward.findIndex((share) => !(share > 0.5)) - 1
  const last = Number.isNaN(farOut) ? 2 : 3
  if (full < 0 || full === last || outward.slice(full + 1, last + 1).some((share) => !(share < 0.5))) return null
  const slope = outward[full] - outward[full + 1]
  const place =
    farIn > 0.98 && farOut < 0.02
      ? 2 * (farIn + inner + outer + farOut) - 4
      : 2 * full - 3 + (2 * (outward[full] - 0.5)) / slope
  return { place: Math.min(3, Math.max(-3, place)), slope }
}

/** Whether both neighbours of a pixel in a row or column are of other codes. */
const isThin = ({ width, height, codes }: CodeImage, i: number, j: number): boolean => {
  const code = codes[j * width + i]
  const differs = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && codes[y * width + x] !== code
  return (differs(i - 1, j) && differs(i + 1, j)) || (differs(i, j - 1) && differs(i, j + 1))
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
  for (const { from, to, code, isRoof } of frameSides({ width, height, codes }, junctions)) {
    const wanted = isRoof && code >= 0 ? interfaceLength : Infinity
    const [ax, ay, bx, by] = [from[0] * pixel, from[1] * pixel, to[0] * pixel, to[1] * pixel]
    out.push(line(ax, ay, bx, by, code, isRoof ? separatorCode : -1, wanted))
  }
  return out
}

/** A piece of the image's frame between two junctions or corners, counter-clockwise [pixel] */
interface FrameSide {
  readonly from: readonly [number, number]
  readonly to: readonly [number, number]
  /** Code of the image beside it. */
  readonly code: number
  /** Whether the separator is on the other side. */
  readonly isRoof: boolean
}

const frameSides = ({ width, height, codes }: CodeImage, junctions: Junctions): FrameSide[] => {
  const out: FrameSide[] = []
  // Where each side begins and runs, and the row and column of pixels behind it.
  const sides = [
    { x: 0, y: 0, dx: 1, dy: 0, length: width, i: 0, j: 0 },
    { x: width, y: 0, dx: 0, dy: 1, length: height, i: width - 1, j: 0 },
    { x: width, y: height, dx: -1, dy: 0, length: width, i: width - 1, j: height - 1 },
    { x: 0, y: height, dx: 0, dy: -1, length: height, i: 0, j: height - 1 },
  ]
  for (const { x, y, dx, dy, length, i, j } of sides) {
    let from: readonly [number, number] = [x, y]
    for (let k = 1; k <= length; k++) {
      const corner: readonly [number, number] = [x + k * dx, y + k * dy]
      const junction = k < length ? junctions.get(`${corner[0]},${corner[1]}`) : corner
      if (junction === undefined) continue
      const code = codes[(j + (k - 1) * dy) * width + i + (k - 1) * dx]
      out.push({ from, to: junction, code, isRoof: dx < 0 })
      from = junction
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
