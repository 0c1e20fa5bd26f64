import type { AngularModes } from "./angular-modes.ts"
import type { SharedFloats } from "./crew.ts"
import { dofsPerGroup, type ReactingPatches } from "./reacting-patches.ts"

/** What currents change by, and how that spreads over the patches of a particle. */
export interface CurrentDerivatives {
  /** [reacting patch] ∂I/∂φ [A/V] */
  readonly byDriver: Float64Array
  /** [reacting patch] ∂I/∂(c_l/c_l0) [A] */
  readonly bySalt: Float64Array
  /** [reacting patch] ∂I/∂s [A] */
  readonly bySurface: Float64Array
  /** [particle][column, row] (1 + Z ∂I/∂s)⁻¹ */
  readonly inverse: Float64Array
}

/** Slopes of the rows of lithium, electrons, salt and ions, in one small matrix a particle. */
export interface PatchSlopes {
  /** Makes the slopes of a particle from the derivatives as they are. */
  readonly lineariseParticle: (particle: number) => void
  /** Adds the slopes of all. @param positions [particle, dof, dof] places in `jacobian` */
  readonly addSlopes: (positions: Int32Array, jacobian: Float64Array) => void
}

/** Which of a group's unknowns feeds it with electrons: node, collector, or the particle itself. */
export const sourceOf = ({ dofs }: ReactingPatches, group: number, shared: boolean): number =>
  shared ? 5 : dofs[group * dofsPerGroup + 1] < 0 ? 2 : 1

/** @param feedConductance of the contacts of a patch, which feed its particle [S]; undefined without particle potentials */
export const createPatchSlopes = (
  patches: ReactingPatches,
  modes: Pick<AngularModes, "modeCount" | "impedanceStart">,
  { byDriver, bySalt, bySurface, inverse }: CurrentDerivatives,
  feedConductance: ((patch: number) => number) | undefined,
  floats: SharedFloats,
): PatchSlopes => {
  const { particleStart, group, contactStart, groupStart, groupPatch, dofs, places } = patches
  const { dofsPerParticle, particleDofs } = patches
  const particles = particleStart.length - 1
  const shared = feedConductance !== undefined
  const coupled = modes.modeCount > 0
  /** [particle] unknowns of its patches */
  const width = Int32Array.from({ length: particles }, (_, particle) => {
    const own = particleDofs.subarray(particle * dofsPerParticle, (particle + 1) * dofsPerParticle).indexOf(-1)
    return own < 0 ? dofsPerParticle : own
  })
  /** [particle + 1] first entry of a particle's slopes */
  const slopeStart = new Int32Array(particles + 1)
  width.forEach((own, particle) => {
    slopeStart[particle + 1] = slopeStart[particle] + own * own
  })
  /** [particle][dof, dof] */
  const slopes = floats(slopeStart[particles])
  const changes = new Float64Array(dofsPerParticle)

  /** [patch of one particle] */
  const sums = new Float64Array(largestCount(particleStart))
  /** [group, 3] of what feeds it with electrons (−1 the collector), c_l and φ_l, as numbered in the particle */
  const columns = new Int32Array(3 * groupStart[particles])
  for (let own = 0; own < groupStart[particles]; own++) {
    const at = own * dofsPerGroup
    columns.set([shared ? places[at + 5] : places[at + 1], places[at + 3], places[at + 4]], 3 * own)
  }

  /**
   * Currents change by A^{−T} (∂I/∂s dx + ∂I/∂φ dφ + ∂I/∂c dc), A = 1 + Z ∂I/∂s, as Z is symmetric: a row of that, summed
   * over the group, is a sum of columns of A⁻¹. Here it goes to the rows of electrons and salt.
   */
  const lineariseGroup = (particle: number, own: number): void => {
    const first = particleStart[particle]
    const last = particleStart[particle + 1]
    const count = width[particle]
    const base = slopeStart[particle]
    sums.fill(0, 0, last - first)
    if (coupled) {
      let at = modes.impedanceStart[particle] + (groupPatch[own] - first) * (last - first)
      for (let k = groupPatch[own]; k < groupPatch[own + 1]; k++)
        for (let b = 0; b < last - first; b++, at++) sums[b] += inverse[at]
    } else sums.fill(1, groupPatch[own] - first, groupPatch[own + 1] - first)
    changes.fill(0, 0, count)
    let bySurfaces = 0
    let byVoltage = 0
    for (let of = groupStart[particle]; of < groupStart[particle + 1]; of++) {
      let driver = 0
      let salt = 0
      for (let k = groupPatch[of]; k < groupPatch[of + 1]; k++) {
        const sum = sums[k - first]
        driver += sum * byDriver[k]
        salt += sum * bySalt[k]
        bySurfaces += sum * bySurface[k]
      }
      byVoltage += driver
      if (columns[3 * of] >= 0) changes[columns[3 * of]] += driver
      changes[columns[3 * of + 1]] += salt
      changes[columns[3 * of + 2]] -= driver
    }
    const at = own * dofsPerGroup
    changes[places[at]] += bySurfaces
    changes[places[at + 2]] += byVoltage
    const sourceRow = base + places[at + sourceOf(patches, own, shared)] * count
    const saltRow = base + places[at + 3] * count
    for (let column = 0; column < count; column++) {
      slopes[sourceRow + column] += changes[column]
      slopes[saltRow + column] -= changes[column]
    }
  }

  /** Charge enters the electrolyte as salt does, and what enters it in all layers leaves the solid. */
  const fillRows = (particle: number): void => {
    const count = width[particle]
    const base = slopeStart[particle]
    let before = -1
    for (let own = groupStart[particle]; own < groupStart[particle + 1]; own++) {
      const at = own * dofsPerGroup
      const salt = places[at + 3]
      if (salt === before) continue
      before = salt
      const saltRow = base + salt * count
      const ionRow = base + places[at + 4] * count
      const ownRow = base + places[at] * count
      for (let column = 0; column < count; column++) {
        slopes[ionRow + column] = slopes[saltRow + column]
        slopes[ownRow + column] -= slopes[saltRow + column]
      }
    }
  }

  const lineariseFeed = (particle: number, k: number, conductance: number): void => {
    const at = group[k] * dofsPerGroup
    const from = dofs[at + 1] < 0 ? 2 : 1
    const count = width[particle]
    const ownRow = slopeStart[particle] + places[at + 5] * count
    const fromRow = slopeStart[particle] + places[at + from] * count
    slopes[ownRow + places[at + 5]] += conductance
    slopes[fromRow + places[at + 5]] -= conductance
    // The collector's potential relative to itself is zero: nothing follows from its unknown.
    if (from === 2) return
    slopes[ownRow + places[at + 1]] -= conductance
    slopes[fromRow + places[at + 1]] += conductance
  }

  return {
    lineariseParticle: (particle) => {
      slopes.fill(0, slopeStart[particle], slopeStart[particle + 1])
      for (let own = groupStart[particle]; own < groupStart[particle + 1]; own++) lineariseGroup(particle, own)
      fillRows(particle)
      if (feedConductance === undefined) return
      for (let k = particleStart[particle]; k < particleStart[particle + 1]; k++)
        if (contactStart[k] < contactStart[k + 1]) lineariseFeed(particle, k, feedConductance(k))
    },
    addSlopes: (positions, jacobian) => {
      for (let particle = 0; particle < particles; particle++) {
        const count = width[particle]
        let at = slopeStart[particle]
        for (let row = 0; row < count; row++) {
          const place = (particle * dofsPerParticle + row) * dofsPerParticle
          for (let column = 0; column < count; column++) jacobian[positions[place + column]] += slopes[at++]
        }
      }
    },
  }
}

const largestCount = (start: Int32Array): number => {
  let most = 0
  for (let i = 1; i < start.length; i++) most = Math.max(most, start[i] - start[i - 1])
  return most
}
