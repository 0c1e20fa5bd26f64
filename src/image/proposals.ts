import { type Labels, neighbourWalker, type Volume } from "./volume.ts"

/** One region that may be a particle: ascending pixel indices. */
export type Proposal = Int32Array

/**
 * All regions that a watershed can form at any depth: basins are joined in the order of their saddles, highest
 * first, and every union on the way is a proposal (the hierarchical watershed).
 *
 * @param basins watershed of `height` from its maxima
 * @param fine   joints whose lower maximum stands out by less than this are made without a proposal [unit of height]
 * @source S. Beucher, Scanning Microsc. Suppl. 6 (1994) 299–314; M. Grimaud, SPIE 1769 (1992) 292–305 (dynamics)
 */
export const watershedProposals = (height: Volume, basins: Labels, fine: number): readonly Proposal[] => {
  const { values, count } = basins
  const peak = new Float64Array(count + 1)
  const pixels: number[][] = Array.from({ length: count + 1 }, () => [])
  const saddle = new Map<number, number>()
  const neighboursOf = neighbourWalker(height, "face")
  const near = new Int32Array(26)
  for (let i = 0; i < values.length; i++) {
    const a = values[i]
    if (a === 0) continue
    pixels[a].push(i)
    peak[a] = Math.max(peak[a], height.values[i])
    const found = neighboursOf(i, near)
    for (let k = 0; k < found; k++) {
      const b = values[near[k]]
      if (b <= a) continue
      const level = Math.min(height.values[i], height.values[near[k]])
      const key = a * (count + 1) + b
      if (level > (saddle.get(key) ?? Number.NEGATIVE_INFINITY)) saddle.set(key, level)
    }
  }
  const joints = [...saddle].sort((p, q) => q[1] - p[1] || p[0] - q[0])
  const group = Int32Array.from({ length: count + 1 }, (_, i) => i)
  const rootOf = (label: number): number => {
    let root = label
    while (group[root] !== root) root = group[root]
    group[label] = root
    return root
  }
  const proposed = new Uint8Array(count + 1)
  const out: Proposal[] = []
  const propose = (root: number): void => {
    if (proposed[root] === 1 || pixels[root].length === 0) return
    proposed[root] = 1
    out.push(Int32Array.from(pixels[root]).sort())
  }
  for (const [key, level] of joints) {
    const a = rootOf(Math.floor(key / (count + 1)))
    const b = rootOf(key % (count + 1))
    if (a === b) continue
    const [strong, weak] = peak[a] >= peak[b] ? [a, b] : [b, a]
    if (peak[weak] - level >= fine) {
      propose(strong)
      propose(weak)
    }
    group[weak] = strong
    for (const pixel of pixels[weak]) pixels[strong].push(pixel)
    pixels[weak] = []
    proposed[strong] = 0
  }
  for (let label = 1; label <= count; label++) if (group[label] === label) propose(label)
  return out
}

/** Pixel indices of every label, in the order of the labels. */
export const pixelLists = (labels: Labels): readonly Proposal[] => {
  const size = new Int32Array(labels.count + 1)
  for (let i = 0; i < labels.values.length; i++) size[labels.values[i]]++
  const lists = Array.from(size.subarray(1), (length) => new Int32Array(length))
  const filled = new Int32Array(labels.count + 1)
  for (let i = 0; i < labels.values.length; i++) {
    const label = labels.values[i]
    if (label > 0) lists[label - 1][filled[label]++] = i
  }
  return lists
}
