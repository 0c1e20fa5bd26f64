import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"

/**
 * Surface harmonics of particles as patches see them. A patch is taken for a cap (an arc in the plane) about its normal
 * that covers its share of the surface; harmonics are averaged over it.
 */
export interface PatchHarmonics {
  readonly modeCount: number
  /** [mode] l of spherical harmonics, m of cos mθ and sin mθ in the plane; ascending */
  readonly degree: Int32Array
  /** [patch, mode] mean over the patch less that over the whole surface, mean squares over a sphere being 1 */
  readonly value: Float64Array
  /** What degrees beyond those of the modes do: Σ over them of (mean over a)(mean over b)/degree, less its means. */
  readonly tail: (a: number, b: number) => number
}

/** Degrees beyond the modes are summed up to this many times their number. */
const tailReach = 4

/**
 * @param largestDegree of the modes, 0 for none
 * @source E. W. Hobson, The Theory of Spherical and Ellipsoidal Harmonics (1931), §90 (addition theorem)
 */
export const patchHarmonics = (
  { dimension, particles, patches }: Pick<ElectrodeNetwork, "dimension" | "particles" | "patches">,
  largestDegree: number,
): PatchHarmonics => {
  const perDegree = (l: number): number => (dimension === 3 ? 2 * l + 1 : 2)
  const degrees: number[] = []
  for (let l = 1; l <= largestDegree; l++) for (let m = 0; m < perDegree(l); m++) degrees.push(l)
  const modeCount = degrees.length
  const value = new Float64Array(patches.count * modeCount)
  const share = surfaceShares(particles.count, patches)
  const reach = tailReach * largestDegree
  /** [patch, degree] mean over the cap of what is 1 at its middle, times the root of the harmonics' number */
  const caps = new Float64Array(patches.count * (reach + 1))
  const harmonics = new Float64Array(modeCount)
  const mean = new Float64Array(modeCount)
  for (let particle = 0; particle < particles.count; particle++) {
    const [first, last] = [patches.start[particle], patches.start[particle + 1]]
    mean.fill(0)
    for (let patch = first; patch < last; patch++) {
      const cap = caps.subarray(patch * (reach + 1), (patch + 1) * (reach + 1))
      capMeansInto(dimension, share[patch], cap)
      const [x, y, z] = patches.normal.subarray(3 * patch, 3 * patch + 3)
      if (dimension === 3) sphericalHarmonicsInto(x, y, z, largestDegree, harmonics)
      else circularHarmonicsInto(x, z, largestDegree, harmonics)
      for (let mode = 0; mode < modeCount; mode++) {
        const own = cap[degrees[mode]] * harmonics[mode]
        value[patch * modeCount + mode] = own
        mean[mode] += share[patch] * own
      }
    }
    for (let patch = first; patch < last; patch++)
      for (let mode = 0; mode < modeCount; mode++) value[patch * modeCount + mode] -= mean[mode]
  }

  const bareTail = (a: number, b: number): number => {
    const { normal } = patches
    let cosine = 0
    for (let axis = 0; axis < 3; axis++) cosine += normal[3 * a + axis] * normal[3 * b + axis]
    let [before, own] = [1, cosine]
    let sum = 0
    for (let l = 1; l <= reach; l++) {
      if (l > largestDegree) sum += (perDegree(l) * caps[a * (reach + 1) + l] * caps[b * (reach + 1) + l] * own) / l
      // Legendre's and Chebyshev's recurrences for P_l and cos lθ.
      const next = dimension === 3 ? ((2 * l + 1) * cosine * own - l * before) / (l + 1) : 2 * cosine * own - before
      before = own
      own = next
    }
    return sum
  }
  const meanTail = new Float64Array(patches.count)
  const particleOf = new Int32Array(patches.count)
  const wholeTail = new Float64Array(particles.count)
  if (largestDegree > 0)
    for (let particle = 0; particle < particles.count; particle++) {
      const [first, last] = [patches.start[particle], patches.start[particle + 1]]
      for (let a = first; a < last; a++) {
        particleOf[a] = particle
        for (let b = first; b < last; b++) meanTail[a] += share[b] * bareTail(a, b)
        wholeTail[particle] += share[a] * meanTail[a]
      }
    }
  return {
    modeCount,
    degree: Int32Array.from(degrees),
    value,
    tail: (a, b) => (largestDegree === 0 ? 0 : bareTail(a, b) - meanTail[a] - meanTail[b] + wholeTail[particleOf[a]]),
  }
}

/** [patch] area over that of all patches of its particle. */
const surfaceShares = (count: number, { start, area }: ElectrodeNetwork["patches"]): Float64Array => {
  const share = new Float64Array(area.length)
  for (let particle = 0; particle < count; particle++) {
    let whole = 0
    for (let patch = start[particle]; patch < start[particle + 1]; patch++) whole += area[patch]
    for (let patch = start[particle]; patch < start[particle + 1]; patch++) share[patch] = area[patch] / whole
  }
  return share
}

/**
 * Mean over a cap (arc) of the harmonic of each degree that is symmetric about its middle and 1 there:
 * (P_{l−1}(c) − P_{l+1}(c))/((2l + 1)(1 − c)) with c the cosine of the cap's half angle; sin(mα)/(mα) on an arc of 2α.
 * @param share of the surface @param out [degree] from 0 on
 */
const capMeansInto = (dimension: 2 | 3, share: number, out: Float64Array): void => {
  out[0] = 1
  if (share >= 1) {
    out.fill(0, 1)
    return
  }
  const cosine = 1 - 2 * share
  let [before, own] = [1, cosine]
  for (let l = 1; l < out.length; l++) {
    const next = ((2 * l + 1) * cosine * own - l * before) / (l + 1)
    const angle = l * Math.PI * share
    out[l] = dimension === 3 ? (before - next) / ((2 * l + 1) * (1 - cosine)) : Math.sin(angle) / angle
    before = own
    own = next
  }
}

/** √2 cos mθ and √2 sin mθ for m = 1 … of the direction (x, z). */
const circularHarmonicsInto = (x: number, z: number, largest: number, out: Float64Array): void => {
  let [cos, sin] = [1, 0]
  for (let m = 1; m <= largest; m++) {
    ;[cos, sin] = [cos * x - sin * z, cos * z + sin * x]
    out[2 * m - 2] = Math.SQRT2 * cos
    out[2 * m - 1] = Math.SQRT2 * sin
  }
}

/**
 * Real spherical harmonics of degrees 1 … of a unit vector, mean squares over the sphere 1: per degree l those of order
 * 0, then cosine and sine of each order m, from P_l^m/sin^m by recurrence in l.
 */
const sphericalHarmonicsInto = (x: number, y: number, z: number, largest: number, out: Float64Array): void => {
  let [cos, sin] = [1, 0]
  let diagonal = 1
  for (let m = 0; m <= largest; m++) {
    let before = 0
    let own = diagonal
    /** (l − m)!/(l + m)! at l = m */
    let ratio = 1
    for (let k = 1; k <= 2 * m; k++) ratio /= k
    for (let l = m; l <= largest; l++) {
      if (l > 0) {
        const size = own * Math.sqrt((2 * l + 1) * (m === 0 ? 1 : 2) * ratio)
        const at = l * l - 1 + (m === 0 ? 0 : 2 * m - 1)
        out[at] = size * cos
        if (m > 0) out[at + 1] = size * sin
      }
      const next = ((2 * l + 1) * z * own - (l + m) * before) / (l + 1 - m)
      before = own
      own = next
      ratio *= (l + 1 - m) / (l + 1 + m)
    }
    diagonal *= 2 * m + 1
    ;[cos, sin] = [cos * x - sin * y, cos * y + sin * x]
  }
}
