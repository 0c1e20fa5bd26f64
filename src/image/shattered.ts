import { components } from "./components.ts"
import { closed, opened, withoutHoles } from "./morphology.ts"
import { type Proposal, pixelLists } from "./proposals.ts"
import { regionShape } from "./shape.ts"
import { gridOf, type Mask } from "./volume.ts"

export interface ShatteredSettings {
  /** Half of the widest gap between fragments that is bridged [m] */
  readonly reach: number
  /** Regions smaller than this share of the median particle may be fragments */
  readonly fragment: number
  /** A united particle is at least this share of the median particle … */
  readonly smallest: number
  /** … has this share of bright pixels … */
  readonly brightShare: number
  /** … this solidity … */
  readonly solidity: number
  /** … and is at most this many times as long as wide. */
  readonly longest: number
}

/**
 * Unites the fragments of shattered particles: bright crumbs that, their gaps closed, make up one convex, roundish
 * region of the size of an ordinary particle. Ordinary particles are left as they are and never bridged.
 *
 * @param regions disjoint regions
 * @param bright  above the threshold
 * @returns disjoint regions; fragments that were not united stay as they are
 */
export const unitedFragments = (
  regions: readonly Proposal[],
  bright: Mask,
  settings: ShatteredSettings,
): readonly Proposal[] => {
  if (regions.length === 0) return []
  const width = bright.shape[0]
  const sizes = regions.map((region) => region.length).sort((a, b) => a - b)
  // By area, so that a crowd of crumbs does not define the ordinary particle.
  const half = sizes.reduce((sum, size) => sum + size, 0) / 2
  let median = sizes[0]
  for (let k = 0, below = 0; k < sizes.length && below < half; k++) {
    median = sizes[k]
    below += median
  }
  const whole = regions.filter((region) => region.length >= settings.fragment * median)
  const fragments = regions.filter((region) => region.length < settings.fragment * median)

  const taken = new Uint8Array(bright.values.length)
  for (const region of whole) for (const pixel of region) taken[pixel] = 1
  const free = (mask: Mask): Mask => ({ ...gridOf(mask), values: mask.values.map((v, i) => (taken[i] === 0 ? v : 0)) })
  const crumbs = opened(free(bright), 1.5 * bright.spacing[0])
  const bridged = free(withoutHoles(free(closed(crumbs, settings.reach))))
  const clusters = components(opened(bridged, settings.reach))

  const united: Proposal[] = []
  for (const cluster of pixelLists(clusters)) {
    if (cluster.length < settings.smallest * median) continue
    let lit = 0
    for (const pixel of cluster) lit += bright.values[pixel]
    const { solidity, elongation } = regionShape(cluster, width)
    if (lit < settings.brightShare * cluster.length) continue
    if (solidity < settings.solidity || elongation > settings.longest) continue
    united.push(cluster)
    for (const pixel of cluster) taken[pixel] = 2
  }
  const kept = fragments.filter((fragment) => {
    let inside = 0
    for (const pixel of fragment) inside += taken[pixel] === 2 ? 1 : 0
    return inside < 0.5 * fragment.length
  })
  return [...whole, ...united, ...kept.map((fragment) => fragment.filter((pixel) => taken[pixel] === 0))]
}
