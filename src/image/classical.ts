import { bestCandidates, type Candidate, candidateOf } from "./choice.ts"
import { distanceInside } from "./distance.ts"
import { withFlakes } from "./flakes.ts"
import { closed, opened, withoutHoles } from "./morphology.ts"
import { type Proposal, watershedProposals } from "./proposals.ts"
import type { SegmentSettings } from "./settings.ts"
import { unitedFragments } from "./shattered.ts"
import { gaussian } from "./smoothing.ts"
import { gridOf, type Labels, type Mask } from "./volume.ts"
import { regionalMaxima, watershed } from "./watershed.ts"

/** Proposals below this quality are not worth comparing. */
const leastQuality = 0.5

/**
 * Particles of a plane image by the classical route, made safe against cracks: threshold masks healed to several
 * degrees → distance → watershed at all depths propose regions; the best-shaped ones that do not overlap stay; crumbs
 * of shattered particles are united. One degree of healing for all would either cut cracked particles to pieces or
 * fuse neighbours.
 *
 * @param bright above the threshold
 */
export const classicalParticles = (bright: Mask, settings: SegmentSettings): Labels => {
  const [width] = bright.shape
  const pixel = bright.spacing[0]
  const least = (Math.PI / 4) * (settings.smallestDiameter / pixel) ** 2
  const candidates: Candidate[] = []
  const scratch = new Uint8Array(bright.values.length)
  const known = new Set<string>()
  for (const closing of settings.closings) {
    const healed = closed(bright, closing)
    for (const hole of settings.voids) {
      const filled = withoutHoles(healed, hole / pixel ** 2)
      for (const opening of settings.openings) {
        const mask = opened(filled, opening)
        const distance = gaussian(distanceInside(mask), 1)
        const basins = watershed(distance, regionalMaxima(distance, mask), mask)
        for (const region of watershedProposals(distance, basins, settings.dynamics)) {
          if (region.length < least / 2) continue
          // Solid particles come out the same at every degree of healing.
          const key = `${region.length} ${region[0]} ${region[region.length >> 1]} ${region[region.length - 1]}`
          if (known.has(key)) continue
          known.add(key)
          const candidate = candidateOf(region, width, bright.values, scratch)
          if (candidate.quality >= leastQuality) candidates.push(candidate)
        }
      }
    }
  }
  const taken = new Uint8Array(bright.values.length)
  const regions: Proposal[] = []
  const best = [...bestCandidates(candidates, width, taken.length)].sort((a, b) => b.worth - a.worth)
  for (const { pixels } of best) {
    const own = pixels.filter((p) => taken[p] === 0)
    for (const p of own) taken[p] = 1
    if (own.length > 0) regions.push(own)
  }
  const whole = withFlakes(unitedFragments(regions, bright, settings.shattered), bright, settings.shattered.reach)
  const values = new Int32Array(taken.length)
  whole.forEach((region, k) => {
    for (const p of region) values[p] = k + 1
  })
  return { ...gridOf(bright), values, count: whole.length }
}
