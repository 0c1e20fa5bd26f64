import { components } from "./components.ts"
import { distanceInside } from "./distance.ts"
import { closed, complement, opened } from "./morphology.ts"
import { eachInside, patchOf } from "./patch.ts"
import { type Proposal, pixelLists } from "./proposals.ts"
import { regionShape } from "./shape.ts"
import { gridOf, type Mask } from "./volume.ts"

/** A flake is a thin sliver … */
const leastElongation = 2
/** … of this share of the particle's area: smaller ones are dust … */
const smallestShare = 0.03
const largestShare = 0.2
/** … of which this share lies in a shell around the particle of this thickness, in particle diameters. */
const withinShell = 0.7
const shell = 0.18
/** The particle must not get less convex by more than this. */
const solidityLost = 0.025

/** Particle and flake with the crack between them, less what belongs to others. */
const bridged = (particle: Proposal, flake: Proposal, taken: Int32Array, self: number, grid: Mask, reach: number) => {
  const both = Int32Array.from([...particle, ...flake]).sort()
  const patch = patchOf(both, grid, 1)
  const whole = closed(patch.mask, reach).values
  const near = patchOf(flake, grid, Math.ceil(reach / grid.spacing[0]) + 1)
  const [w, h] = near.mask.shape
  const width = grid.shape[0]
  const out: number[] = []
  eachInside(patch, grid, (local, pixel) => {
    const x = (pixel % width) - near.x0
    const y = Math.floor(pixel / width) - near.y0
    const beside = x >= 0 && y >= 0 && x < w && y < h
    const free = taken[pixel] === 0 || taken[pixel] === self
    if (patch.mask.values[local] !== 0 || (whole[local] !== 0 && beside && free)) out.push(pixel)
  })
  return Int32Array.from(out).sort()
}

/**
 * Gives slivers that a crack along the surface has split off back to their particle.
 * @param regions disjoint regions
 * @param reach   half of the widest crack [m]
 */
export const withFlakes = (regions: readonly Proposal[], bright: Mask, reach: number): readonly Proposal[] => {
  const pixel = bright.spacing[0]
  const [width] = bright.shape
  const taken = new Int32Array(bright.values.length)
  regions.forEach((region, k) => {
    for (const p of region) taken[p] = k + 1
  })
  const loose: Mask = { ...gridOf(bright), values: bright.values.map((v, i) => (taken[i] === 0 ? v : 0)) }
  const slivers = pixelLists(components(opened(loose, 1.5 * pixel)))
  const out = [...regions]
  for (const flake of slivers) {
    const { elongation } = regionShape(flake, width)
    if (elongation < leastElongation || flake.length < (reach / pixel) ** 2) continue
    const margin = Math.ceil((4 * reach) / pixel)
    const around = new Map<number, number>()
    const vicinity = patchOf(flake, bright, margin)
    eachInside(vicinity, bright, (_, p) => {
      if (taken[p] > 0) around.set(taken[p], (around.get(taken[p]) ?? 0) + 1)
    })
    for (const [label] of [...around].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
      const particle = out[label - 1]
      if (flake.length < smallestShare * particle.length || flake.length > largestShare * particle.length) continue
      const patch = patchOf(particle, bright, margin)
      const distance = distanceInside(complement(patch.mask)).values
      const thickness = shell * 2 * Math.sqrt(particle.length / Math.PI) * pixel
      const own = new Set(flake)
      let inShell = 0
      eachInside(patch, bright, (local, p) => {
        if (own.has(p) && distance[local] <= thickness) inShell++
      })
      if (inShell < withinShell * flake.length) continue
      const united = bridged(particle, flake, taken, label, bright, reach)
      if (regionShape(united, width).solidity < regionShape(particle, width).solidity - solidityLost) continue
      out[label - 1] = united
      for (const p of united) taken[p] = label
      break
    }
  }
  return out
}
