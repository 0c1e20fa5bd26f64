import type { CodeImage } from "./label-chains.ts"

/** Codes of what is no particle; −1 is left to curves that do not say what is beside them. */
export const separatorCode = -2
export const voidCode = -3
/** Matrix of class c has the code matrixCode − c. */
export const matrixCode = -4

export interface DroppedParticle {
  readonly label: number
  /** [m²] */
  readonly area: number
  readonly reason: "small" | "border"
}

/** Matrix or void without a way to the separator, given to the particle around it. */
export interface EnclosedPore {
  /** [m²] */
  readonly area: number
  /** Middle of it [m] */
  readonly centre: readonly [number, number]
  readonly label: number
}

export interface Cleaned {
  readonly dropped: readonly DroppedParticle[]
  readonly enclosed: readonly EnclosedPore[]
}

interface Components {
  /** [pixel] −1 where a pixel is not even joined to its like */
  readonly component: Int32Array
  /** [component] pixels */
  readonly size: number[]
  /** [component] first pixel met */
  readonly first: number[]
  readonly atFrame: boolean[]
  readonly atTop: boolean[]
}

/**
 * Removes pieces of particles below an area (and, if wanted, those at the frame), then gives every pore that the
 * electrolyte cannot reach from the top row to the particle that it touches most. Changes `image.codes`.
 * @param background  [pixel] code where a particle is removed
 */
export const cleanCodes = (
  image: CodeImage,
  background: Int32Array,
  smallestPixels: number,
  dropAtFrame: boolean,
  pixel: number,
  labelOf: (code: number) => number,
): Cleaned => {
  const { width, height, codes } = image
  const dropped: DroppedParticle[] = []
  const particles = components(image, (code, other) => code >= 0 && code === other, false)
  const remove = particles.size.map((size, c) => {
    const code = codes[particles.first[c]]
    const reason = size < smallestPixels ? "small" : dropAtFrame && particles.atFrame[c] ? "border" : null
    if (reason !== null) dropped.push({ label: labelOf(code), area: size * pixel * pixel, reason })
    return reason !== null
  })
  for (let k = 0; k < codes.length; k++) if (remove[particles.component[k]]) codes[k] = background[k]

  const pores = components(image, (code, other) => code < 0 && other < 0, true)
  const enclosed: EnclosedPore[] = []
  const neighbours = new Map<number, Map<number, number>>()
  const sums = new Map<number, [number, number]>()
  for (let k = 0; k < codes.length; k++) {
    const c = pores.component[k]
    if (codes[k] >= 0 || pores.atTop[c]) continue
    const x = k % width
    const y = Math.floor(k / width)
    const sum = sums.get(c) ?? [0, 0]
    sums.set(c, [sum[0] + x + 0.5, sum[1] + y + 0.5])
    const touching = neighbours.get(c) ?? new Map<number, number>()
    neighbours.set(c, touching)
    for (const [i, j] of [
      [x - 1, y],
      [x + 1, y],
      [x, y - 1],
      [x, y + 1],
    ]) {
      if (i < 0 || j < 0 || i >= width || j >= height || codes[j * width + i] < 0) continue
      const code = codes[j * width + i]
      touching.set(code, (touching.get(code) ?? 0) + 1)
    }
  }
  const filled = new Map<number, number>()
  for (const [c, touching] of neighbours) {
    let [best, most] = [-1, 0]
    for (const [code, count] of touching)
      if (count > most || (count === most && code < best)) [best, most] = [code, count]
    if (best < 0) continue
    filled.set(c, best)
    const [sx, sy] = sums.get(c)!
    const size = pores.size[c]
    enclosed.push({
      area: size * pixel * pixel,
      centre: [(sx / size) * pixel, (sy / size) * pixel],
      label: labelOf(best),
    })
  }
  for (let k = 0; k < codes.length; k++) {
    const code = codes[k] < 0 ? filled.get(pores.component[k]) : undefined
    if (code !== undefined) codes[k] = code
  }
  return { dropped, enclosed }
}

/** Connected pixels; pores are also joined across a corner between two pixels of one code, as the chains are. */
const components = (
  { width, height, codes }: CodeImage,
  joined: (code: number, other: number) => boolean,
  corners: boolean,
): Components => {
  const component = new Int32Array(codes.length).fill(-1)
  const size: number[] = []
  const first: number[] = []
  const atFrame: boolean[] = []
  const atTop: boolean[] = []
  const stack: number[] = []
  for (let seed = 0; seed < codes.length; seed++) {
    if (component[seed] >= 0 || !joined(codes[seed], codes[seed])) continue
    const c = size.length
    size.push(0)
    first.push(seed)
    atFrame.push(false)
    atTop.push(false)
    component[seed] = c
    stack.push(seed)
    while (stack.length > 0) {
      const here = stack.pop()!
      const x = here % width
      const y = (here - x) / width
      size[c]++
      if (y === height - 1) atTop[c] = true
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) atFrame[c] = true
      const code = codes[here]
      const [left, right] = [x > 0 ? -1 : 0, x < width - 1 ? 1 : 0]
      const [below, above] = [y > 0 ? -width : 0, y < height - 1 ? width : 0]
      for (let v = below; v <= above; v += width)
        for (let u = left; u <= right; u++) {
          const there = here + v + u
          if (component[there] >= 0) continue
          if (u !== 0 && v !== 0 && (!corners || code !== codes[there])) continue
          if (!joined(code, codes[there])) continue
          component[there] = c
          stack.push(there)
        }
    }
  }
  return { component, size, first, atFrame, atTop }
}
