import type { Proposal } from "./proposals.ts"
import { type RegionShape, regionShape } from "./shape.ts"

/** A proposal with its shape and its worth in the choice. */
export interface Candidate {
  readonly pixels: Proposal
  readonly shape: RegionShape
  /** 0 … 1, one for a full convex region of ordinary elongation */
  readonly quality: number
  readonly worth: number
}

/** Particles of a cathode are nearly convex and seldom longer than this many times their width. */
const ordinaryElongation = 1.7
const elongationSpread = 0.4
/** How hard a lack of quality counts: two touching discs (solidity 0.9) must lose against each alone. */
const severity = 10
/** Digitised, slightly rough but convex particles reach this solidity; nothing is gained beyond it. */
const fullSolidity = 0.95
/** A slight preference for the whole over its halves, which may be just as convex. */
const wholeness = 0.15

/** Depth of the rim that must be bright all round [pixel] */
const rimDepth = 3

/** Share of bright pixels in the outermost pixels of a region: dark where a closing has bridged what lies apart. */
const rimBrightness = (pixels: Proposal, width: number, bright: Uint8Array, member: Uint8Array): number => {
  for (const pixel of pixels) member[pixel] = 1
  let rim = 0
  let lit = 0
  for (const pixel of pixels) {
    const inner =
      member[pixel - rimDepth] &
      member[pixel + rimDepth] &
      member[pixel - rimDepth * width] &
      member[pixel + rimDepth * width]
    if (inner === 1) continue
    rim++
    lit += bright[pixel] !== 0 ? 1 : 0
  }
  for (const pixel of pixels) member[pixel] = 0
  return lit / rim
}

/**
 * Worth of a region as one particle: area^1.15 × (solidity × share of bright pixels^¼ × share of bright rim^½ ×
 * elongation prior)¹⁰.
 * @param bright [pixel] non-zero where the image is above the threshold
 * @param scratch [pixel] zero, and left zero
 */
export const candidateOf = (pixels: Proposal, width: number, bright: Uint8Array, scratch: Uint8Array): Candidate => {
  const shape = regionShape(pixels, width)
  let lit = 0
  for (const pixel of pixels) lit += bright[pixel] !== 0 ? 1 : 0
  const rim = rimBrightness(pixels, width, bright, scratch)
  const excess = Math.max(0, Math.log(shape.elongation / ordinaryElongation)) / elongationSpread
  const quality =
    Math.min(1, shape.solidity / fullSolidity) *
    (lit / pixels.length) ** 0.25 *
    Math.sqrt(rim) *
    Math.exp((-excess * excess) / 2)
  return { pixels, shape, quality, worth: pixels.length ** (1 + wholeness) * quality ** severity }
}

/** Two candidates exclude each other when they share more than this part of the smaller one. */
const tolerated = 0.1

/** [candidate] the candidates that it excludes. */
const conflictsOf = (candidates: readonly Candidate[], width: number, pixelCount: number): number[][] => {
  // Every third pixel of every third row is enough to measure how much two regions share.
  const sparse = candidates.map(({ pixels }) =>
    pixels.filter((pixel) => (pixel % width) % 3 === 0 && Math.floor(pixel / width) % 3 === 0),
  )
  const covering: (number[] | undefined)[] = new Array(pixelCount)
  const conflicts: number[][] = []
  for (let c = 0; c < candidates.length; c++) {
    const shared = new Map<number, number>()
    for (const pixel of sparse[c]) {
      const others = covering[pixel]
      if (others === undefined) covering[pixel] = [c]
      else {
        for (const other of others) shared.set(other, (shared.get(other) ?? 0) + 1)
        others.push(c)
      }
    }
    conflicts.push([])
    for (const [other, common] of shared) {
      const smaller = Math.min(sparse[c].length, sparse[other].length)
      if (common <= tolerated * smaller) continue
      conflicts[c].push(other)
      conflicts[other].push(c)
    }
  }
  return conflicts
}

/**
 * Non-overlapping candidates of (locally) greatest total worth: greedy start, then exchanges of one for its
 * rivals and of one for several until nothing gains. Deterministic.
 */
export const bestCandidates = (
  candidates: readonly Candidate[],
  width: number,
  pixelCount: number,
): readonly Candidate[] => {
  const conflicts = conflictsOf(candidates, width, pixelCount)
  const worth = candidates.map((candidate) => candidate.worth)
  const order = worth.map((_, c) => c).sort((a, b) => worth[b] - worth[a] || a - b)
  const chosen = new Uint8Array(candidates.length)
  const rivals = new Int32Array(candidates.length)
  const set = (c: number, value: 0 | 1): void => {
    chosen[c] = value
    for (const other of conflicts[c]) rivals[other] += value === 1 ? 1 : -1
  }
  const density = worth.map((value, c) => value / candidates[c].pixels.length)
  const total = (some: readonly number[]): number => some.reduce((sum, c) => sum + worth[c], 0)
  const disjoint = (some: readonly number[], rank: readonly number[]): readonly number[] => {
    const taken: number[] = []
    for (const c of [...some].sort((a, b) => rank[b] - rank[a] || a - b))
      if (!taken.some((other) => conflicts[other].includes(c))) taken.push(c)
    return taken
  }
  for (const c of order) if (rivals[c] === 0) set(c, 1)
  for (let gained = true; gained; ) {
    gained = false
    for (const c of order) {
      if (chosen[c] === 1) {
        // One for several: a good disjoint set among those that only this one keeps out. By worth alone the
        // candidate's own look-alikes would come first; by worth per area the parts do.
        const freed = conflicts[c].filter((other) => chosen[other] === 0 && rivals[other] === 1)
        const byWorth = disjoint(freed, worth)
        const byDensity = disjoint(freed, density)
        const taken = total(byWorth) > total(byDensity) ? byWorth : byDensity
        const sum = total(taken)
        if (sum > worth[c] * (1 + 1e-9)) {
          set(c, 0)
          for (const other of taken) set(other, 1)
          gained = true
        }
      } else {
        let lost = 0
        for (const other of conflicts[c]) if (chosen[other] === 1) lost += worth[other]
        if (worth[c] > lost * (1 + 1e-9)) {
          for (const other of conflicts[c]) if (chosen[other] === 1) set(other, 0)
          set(c, 1)
          gained = true
        }
      }
    }
  }
  return candidates.filter((_, c) => chosen[c] === 1)
}
