import type { NetworkCell } from "./network-cell.ts"
import type { PatchState } from "./patch-mechanics.ts"
import { type ShellStress, shellStress, surfaceTension } from "./stress.ts"

/** What lithium does to the bodies of the particles. */
export interface PatchLoad {
  /**
   * Writes how far the surfaces move inwards if free: R ⟨ΔV/V⟩/3 for a sphere, (1 + ν) of it for a cylinder in plane strain.
   * @param interior [particle, shell] @param out [particle] [m]
   */
  readonly shrinkageInto: (interior: Float64Array, out: Float64Array) => void
  /** Tension along a particle's surface [Pa]. */
  readonly surfaceTension: (particle: number, x: Float64Array, interior: Float64Array, mechanical: PatchState) => number
  readonly stress: (particle: number, x: Float64Array, interior: Float64Array, mechanical: PatchState) => ShellStress
}

export const createPatchLoad = (cell: Omit<NetworkCell, "mechanics">): PatchLoad => {
  const { network, parameters, electrochemistry, ligaments, surface } = cell
  const { active } = parameters
  const { grid, radius } = electrochemistry
  const { patches, dimension } = network
  const swellingAt = (x: number): number => active.swelling.volumeChange(x * active.maximumConcentration)
  const free = (dimension === 3 ? 1 : 1 + active.elasticity.poisson) / 3
  const swelling = new Float64Array(grid.shells)

  const meanSwelling = (particle: number, interior: Float64Array): number => {
    let mean = 0
    for (let j = 0; j < grid.shells; j++)
      mean += grid.share[particle * grid.stride + j] * swellingAt(interior[particle * grid.shells + j])
    return mean
  }
  const meanPull = (particle: number, { traction }: PatchState): number => {
    let pull = 0
    for (let patch = patches.start[particle]; patch < patches.start[particle + 1]; patch++)
      pull += ligaments.cohesiveArea[patch] * traction[patch]
    return pull / surface[particle]
  }

  return {
    shrinkageInto: (interior, out) => {
      for (let particle = 0; particle < out.length; particle++)
        out[particle] = -free * radius[particle] * meanSwelling(particle, interior)
    },
    surfaceTension: (particle, x, interior, mechanical) =>
      surfaceTension(
        active.elasticity,
        meanSwelling(particle, interior),
        swellingAt(x[particle]),
        meanPull(particle, mechanical),
      ),
    stress: (particle, x, interior, mechanical) => {
      for (let j = 0; j < grid.shells; j++) swelling[j] = swellingAt(interior[particle * grid.shells + j])
      return shellStress(
        dimension,
        grid,
        particle * grid.stride,
        active.elasticity,
        swelling,
        swellingAt(x[particle]),
        meanPull(particle, mechanical),
      )
    },
  }
}
