import type { Arena } from "../../kernels/arena.ts"
import * as surfacesBytes from "../../kernels/generated/surfaces.ts"
import { kernel } from "../../kernels/loader.ts"
import { faraday, gasConstant } from "../../laws/constants.ts"
import type { AngularModes } from "./angular-modes.ts"
import type { SharedFloats } from "./crew.ts"
import { bothMatrices, type NetworkCellParameters } from "./parameters.ts"
import { createPatchSlopes, sourceOf } from "./patch-slopes.ts"
import { potentialTable } from "./potential-table.ts"
import { dofsPerGroup, type ReactingPatches } from "./reacting-patches.ts"
import type { NetworkUnknowns } from "./unknowns.ts"

/** Currents of the last evaluation, and what contacts did to them. What takes a range works on particles from … to − 1. */
export interface PatchCurrents {
  /** [particle] current into the electrolyte [A] */
  readonly current: Float64Array
  /** [reacting patch] current into the electrolyte [A] */
  readonly patchCurrent: Float64Array
  /** [reacting patch] stoichiometry there less x of the particle */
  readonly unevenness: Float64Array
  /** [contact] area |∂i/∂R| ∂R/∂λ: change of current with the gap [A/m] */
  readonly gapSlope: Float64Array
  /** [contact] F η/(R_g T) of the last evaluation */
  readonly overpotentials: () => Float64Array
  /** Sets where the solution for the currents starts. @param overpotential [contact] */
  readonly setStart: (overpotential: Float64Array) => void
  /** Sets where the solution for the surfaces starts. @param unevenness [reacting patch] */
  readonly setUnevenness: (unevenness: Float64Array) => void
  /** Writes R(λ) of the contacts. @param gap [patch] ≥ 0 [m] */
  readonly setGap: (gap: Float64Array) => void
  /**
   * Currents of particles, a step of their surfaces after another closer to a solution; NaN where there is none. One step
   * an evaluation is enough once surfaces have been solved for: they converge along with the network's unknowns.
   */
  readonly evaluate: (x: Float64Array, from: number, to: number) => void
  /** Estimate of what the last step of the surfaces has left of any current, by its size and how its slopes lag behind [A] */
  readonly largestSlack: () => number
  /** Slopes of what `evaluate` found. */
  readonly linearise: (from: number, to: number) => void
  /** Adds the currents that were evaluated. @param residual added to [A] */
  readonly addCurrents: (x: Float64Array, residual: Float64Array) => void
  /** Adds the slopes that were linearised. @param positions [particle, dof, dof] places in `jacobian` */
  readonly addSlopes: (positions: Int32Array, jacobian: Float64Array) => void
}

/** Small dense matrices, see `assembly/surfaces.ts`; arguments but the last are addresses */
interface SurfacesKernel {
  readonly invert: (z: number, b: number, out: number, size: number) => void
  readonly tangent: (z: number, inverse: number, change: number, spare: number, out: number, size: number) => void
  readonly correction: (
    z: number,
    inverse: number,
    history: number,
    surfaces: number,
    current: number,
    spare: number,
    out: number,
    size: number,
  ) => void
}

const surfacesKernel = kernel<SurfacesKernel>(surfacesBytes)

/** Where an entry lies in the memory of the kernel. */
const addressOf = (values: Float64Array, entry: number): number =>
  values.byteOffset + Float64Array.BYTES_PER_ELEMENT * entry

/** A contact without resistance would tie two unknowns together; no contact of a cathode comes near this [Ω·m²]. */
const least = 1e-12
/** What is left of the first solution for surfaces: a step times the larger of it and of how far the inverse lags behind. */
const smallError = 1e-12
const mostIterations = 30
/** Entries of 1 + Z ∂I/∂s may differ by this from those that were inverted, while surfaces are solved for. */
const tolerableLag = 0.02
/** The same when slopes are asked for, but for the first time in a step: that one starts too far away to need it. */
const smallLag = 3e-3
/** For what has not been evaluated. */
const blank = (values: Float64Array): void => void values.fill(Number.NaN)

/** What a change of stoichiometry counts, by the potential that it moves: beside one of a potential in R_g T/F. */
const perStoichiometry = 100
/** Changes, as `predict` measures them, up to which currents follow their tangent: what they miss is of their square. */
const straightReach = 1e-5
/** Furthest that one Newton step moves a surface. */
const longestStep = 0.2

/**
 * Charge transfer of every contact, i(s, φ_s, c_l, φ_l; R(λ)), added to the rows of lithium, electrons, salt and ions.
 * Stoichiometry at the patches follows from the currents of all patches of the particle, s = x + history − Z I, and is
 * eliminated particle by particle. Contacts with both kinds of carbon/binder on one patch lie in parallel: exact where they
 * rule, and where they do not they differ little. With particle potentials the reaction runs at φ_p on all that electrolyte wets, and
 * the contacts feed the particle.
 */
export const createPatchCurrents = (
  patches: ReactingPatches,
  modes: AngularModes,
  unknowns: NetworkUnknowns,
  parameters: NetworkCellParameters,
  floats: SharedFloats,
  arena: Arena,
): PatchCurrents => {
  const { active, contactResistance, initialElectrolyte } = parameters
  const { high, low } = bothMatrices(parameters)
  const shared = unknowns.potential >= 0
  const { particleStart, group, wettedArea, contactStart, patch, area, wellShare, groupStart, groupPatch, dofs } =
    patches
  const { impedance, history } = modes
  const coupled = modes.modeCount > 0
  const perVolt = faraday / (gasConstant * parameters.temperature)
  const count = patches.reacting.length
  const current = floats(unknowns.particles)
  const { invert, tangent, correction } = surfacesKernel.instantiate(arena.memory)
  const patchCurrent = arena.floats(count)
  const unevenness = arena.floats(count)
  const byDriver = floats(count)
  const bySalt = floats(count)
  const bySurface = floats(count)
  const gapSlope = floats(patch.length)
  const resistance = floats(patch.length)
  const resistanceSlope = floats(patch.length)
  /** [contact, 3] what charge transfer remembers */
  const memory = floats(3 * patch.length, blank)
  const table = potentialTable(active.openCircuit)
  const equilibrium = new Float64Array(2)
  const exchange = new Float64Array(3)
  const transfer = new Float64Array(4)
  /** [particle][column, row] (1 + Z ∂I/∂s)⁻¹, as Z */
  const inverse = arena.floats(modes.impedance.length)
  /** [reacting patch] for one particle at a time */
  const right = arena.floats(count)
  const moved = arena.floats(count)
  const spare = arena.floats(count)
  /** [reacting patch] ∂I/∂s in the inverse */
  const inverseSlope = arena.floats(count)
  /** [particle] what its surfaces may leave of a current [A] */
  const slack = floats(unknowns.particles)
  /** Where the last evaluation was: [particle] x, NaN for none, [group] φ_s − φ_l, and c_l/c_l0 */
  const lastX = floats(unknowns.particles, blank)
  const lastForce = floats(groupStart[unknowns.particles])
  const lastSalt = floats(groupStart[unknowns.particles])
  /** [particle] how far its currents were taken along the tangent since; infinite where its gaps are no longer those */
  const strayed = floats(unknowns.particles)
  /** [particle] 1 until its slopes are asked for after its surfaces have been solved for anew */
  const isFirst = floats(unknowns.particles)
  /** φ_s − φ_l of a group. */
  const forceOn = (own: number, x: Float64Array): number => {
    const at = own * dofsPerGroup
    const electron = dofs[at + 1]
    return (shared ? x[dofs[at + 5]] : electron < 0 ? 0 : x[electron]) + x[unknowns.voltage] - x[dofs[at + 4]]
  }

  /** Currents of a particle's patches at the surfaces as they are now, and their slopes. */
  const evaluatePatches = (particle: number, x: Float64Array): void => {
    const { chargeTransfer, exchangeCurrent } = active
    for (let own = groupStart[particle]; own < groupStart[particle + 1]; own++) {
      const force = forceOn(own, x)
      const salt = x[dofs[own * dofsPerGroup + 3]]
      lastForce[own] = force
      lastSalt[own] = salt
      for (let k = groupPatch[own]; k < groupPatch[own + 1]; k++) {
        const surface = x[particle] + unevenness[k]
        table.evaluateInto(surface, equilibrium)
        const driving = force - equilibrium[0]
        exchangeCurrent.evaluateInto(surface, salt * initialElectrolyte, exchange)
        let flow = 0
        let slope = 0
        let byExchange = 0
        if (shared) {
          chargeTransfer.evaluateInto(exchange[0], driving, 0, transfer)
          flow = wettedArea[k] * transfer[0]
          slope = wettedArea[k] * transfer[1]
          byExchange = wettedArea[k] * transfer[2]
          const fall = Math.abs(feedFall(k, x))
          for (let c = contactStart[k]; c < contactStart[k + 1]; c++)
            gapSlope[c] = (fall * area[c] * resistanceSlope[c]) / resistance[c] ** 2
        } else
          for (let c = contactStart[k]; c < contactStart[k + 1]; c++) {
            chargeTransfer.evaluateNearInto(exchange[0], driving, resistance[c], memory, 3 * c, transfer)
            flow += area[c] * transfer[0]
            slope += area[c] * transfer[1]
            byExchange += area[c] * transfer[2]
            gapSlope[c] = area[c] * Math.abs(transfer[3]) * resistanceSlope[c]
          }
        patchCurrent[k] = flow
        byDriver[k] = slope
        bySalt[k] = byExchange * exchange[2] * initialElectrolyte
        bySurface[k] = byExchange * exchange[1] - slope * equilibrium[1]
      }
    }
  }

  /**
   * Where the tangent of the last evaluation leads the surfaces of a particle as the unknowns are now: leaves their changes
   * in `right`, and in `moved` those of currents by the unknowns alone.
   * @returns size of the largest change: of a potential in R_g T/F, of c_l in c_l0, of stoichiometry times its weight
   */
  const predict = (particle: number, x: Float64Array): number => {
    const first = particleStart[particle]
    const last = particleStart[particle + 1]
    const change = x[particle] - lastX[particle]
    let size = perStoichiometry * Math.abs(change)
    for (let own = groupStart[particle]; own < groupStart[particle + 1]; own++) {
      const force = forceOn(own, x) - lastForce[own]
      const salt = x[dofs[own * dofsPerGroup + 3]] - lastSalt[own]
      size = Math.max(size, perVolt * Math.abs(force), Math.abs(salt))
      for (let k = groupPatch[own]; k < groupPatch[own + 1]; k++)
        moved[k] = byDriver[k] * force + bySalt[k] * salt + bySurface[k] * change
    }
    const matrix = modes.impedanceStart[particle]
    tangent(
      addressOf(impedance, matrix),
      addressOf(inverse, matrix),
      addressOf(moved, first),
      addressOf(spare, first),
      addressOf(right, first),
      last - first,
    )
    for (let k = first; k < last; k++) size = Math.max(size, perStoichiometry * Math.abs(right[k]))
    return size
  }

  /** Takes surfaces and currents of a particle along what `predict` has left. */
  const follow = (particle: number, x: Float64Array, size: number): void => {
    let most = 0
    for (let own = groupStart[particle]; own < groupStart[particle + 1]; own++) {
      lastForce[own] = forceOn(own, x)
      lastSalt[own] = x[dofs[own * dofsPerGroup + 3]]
      for (let k = groupPatch[own]; k < groupPatch[own + 1]; k++) {
        const change = moved[k] + bySurface[k] * right[k]
        unevenness[k] += right[k]
        patchCurrent[k] += change
        most = Math.max(most, Math.abs(change))
      }
    }
    lastX[particle] = x[particle]
    strayed[particle] += size
    slack[particle] = most * Math.max(strayed[particle], lagOf(particle))
  }

  /** How far the inverse of 1 + Z ∂I/∂s lags behind the slopes as they are. */
  const lagOf = (particle: number): number => {
    const first = particleStart[particle]
    const size = particleStart[particle + 1] - first
    let lag = 0
    for (let a = 0, at = modes.impedanceStart[particle]; a < size; a++, at += size + 1) {
      const own = Math.abs(impedance[at] * (bySurface[first + a] - inverseSlope[first + a]))
      if (Number.isNaN(own)) return own
      if (own > lag) lag = own
    }
    return lag
  }

  const invertAnew = (particle: number): void => {
    const first = particleStart[particle]
    const last = particleStart[particle + 1]
    for (let k = first; k < last; k++) inverseSlope[k] = bySurface[k]
    const matrix = modes.impedanceStart[particle]
    const slopeAt = addressOf(inverseSlope, first)
    invert(addressOf(impedance, matrix), slopeAt, addressOf(inverse, matrix), last - first)
  }

  /** Solves for the surfaces of a particle; currents are NaN if it fails. */
  const settle = (particle: number, x: Float64Array): void => {
    const first = particleStart[particle]
    const last = particleStart[particle + 1]
    const matrix = modes.impedanceStart[particle]
    const isNew = Number.isNaN(lastX[particle])
    if (isNew) isFirst[particle] = 1
    if (!isNew) {
      const size = predict(particle, x)
      if (strayed[particle] + size <= straightReach) {
        follow(particle, x, size)
        return
      }
      if (size < perStoichiometry * longestStep) for (let k = first; k < last; k++) unevenness[k] += right[k]
    }
    lastX[particle] = x[particle]
    strayed[particle] = 0
    for (let iteration = 0; iteration < mostIterations; iteration++) {
      evaluatePatches(particle, x)
      let lag = lagOf(particle)
      if (!(lag < tolerableLag) || (isNew && iteration === 0)) {
        invertAnew(particle)
        lag = 0
      }
      correction(
        addressOf(impedance, matrix),
        addressOf(inverse, matrix),
        addressOf(history, first),
        addressOf(unevenness, first),
        addressOf(patchCurrent, first),
        addressOf(spare, first),
        addressOf(right, first),
        last - first,
      )
      let largest = 0
      for (let k = first; k < last; k++) largest = Math.max(largest, Math.abs(right[k]))
      const share = largest > longestStep ? longestStep / largest : 1
      for (let k = first; k < last; k++) unevenness[k] += share * right[k]
      const left = Math.max(largest, lag)
      if (isNew ? !(largest * left > smallError) : share === 1) {
        let most = 0
        for (let k = first; k < last; k++) {
          const change = bySurface[k] * right[k]
          patchCurrent[k] += change
          most = Math.max(most, Math.abs(change))
        }
        if (Number.isNaN(largest)) break
        slack[particle] = most * left
        return
      }
    }
    patchCurrent.fill(Number.NaN, first, last)
    unevenness.fill(0, first, last)
    lastX[particle] = Number.NaN
  }

  const evaluate: PatchCurrents["evaluate"] = (x, from, to) => {
    for (let particle = from; particle < to; particle++) {
      if (particleStart[particle] === particleStart[particle + 1]) continue
      if (coupled) settle(particle, x)
      else evaluatePatches(particle, x)
    }
  }

  const linearise: PatchCurrents["linearise"] = (from, to) => {
    for (let particle = from; particle < to; particle++) {
      if (particleStart[particle] === particleStart[particle + 1]) continue
      if (coupled && !(lagOf(particle) < (isFirst[particle] === 1 ? tolerableLag : smallLag))) invertAnew(particle)
      isFirst[particle] = 0
      lineariseParticle(particle)
    }
  }

  /** Of the contacts of a patch, which feed its particle. */
  const feedConductance = (k: number): number => {
    let conductance = 0
    for (let c = contactStart[k]; c < contactStart[k + 1]; c++) conductance += area[c] / resistance[c]
    return conductance
  }

  /** Fall of potential from what feeds a patch to its particle. */
  const feedFall = (k: number, x: Float64Array): number => {
    const at = group[k] * dofsPerGroup
    const electron = dofs[at + 1]
    return (electron < 0 ? 0 : x[electron]) - x[dofs[at + 5]]
  }

  /** The contacts of a patch feed its particle: (φ_s − φ_p)/R from node to particle. */
  const addFeed = (k: number, x: Float64Array, residual: Float64Array): void => {
    if (contactStart[k] === contactStart[k + 1]) return
    const at = group[k] * dofsPerGroup
    const flow = feedConductance(k) * feedFall(k, x)
    residual[dofs[at + 5]] -= flow
    residual[dofs[at + (dofs[at + 1] < 0 ? 2 : 1)]] += flow
  }

  const { lineariseParticle, addSlopes } = createPatchSlopes(
    patches,
    modes,
    { byDriver, bySalt, bySurface, inverse },
    shared ? feedConductance : undefined,
    floats,
  )

  const addCurrents: PatchCurrents["addCurrents"] = (x, residual) => {
    for (let particle = 0; particle < unknowns.particles; particle++) {
      current[particle] = 0
      for (let own = groupStart[particle]; own < groupStart[particle + 1]; own++) {
        let flow = 0
        for (let k = groupPatch[own]; k < groupPatch[own + 1]; k++) flow += patchCurrent[k]
        const at = own * dofsPerGroup
        current[particle] += flow
        residual[dofs[at]] += flow
        residual[dofs[at + sourceOf(patches, own, shared)]] += flow
        residual[dofs[at + 3]] -= flow
        residual[dofs[at + 4]] -= flow
      }
      if (shared)
        for (let own = particleStart[particle]; own < particleStart[particle + 1]; own++) addFeed(own, x, residual)
    }
  }

  return {
    current,
    patchCurrent,
    unevenness,
    gapSlope,
    overpotentials: () => {
      const out = new Float64Array(patch.length)
      for (let k = 0; k < out.length; k++) out[k] = memory[3 * k]
      return out
    },
    setStart: (overpotential) => {
      for (let k = 0; k < overpotential.length; k++) {
        memory[3 * k] = overpotential[k]
        memory[3 * k + 1] = Number.NaN
      }
    },
    setUnevenness: (start) => {
      unevenness.set(start)
      lastX.fill(Number.NaN)
    },
    setGap: (gap) => {
      strayed.fill(Number.POSITIVE_INFINITY)
      for (let k = 0; k < patch.length; k++) {
        const well = wellShare[k]
        const own = gap[patch[k]]
        const onHigh = well > 0 ? Math.max(least, contactResistance.resistance(own, high.initialGap)) : 1
        const onLow = well < 1 ? Math.max(least, contactResistance.resistance(own, low.initialGap)) : 1
        resistance[k] = 1 / (well / onHigh + (1 - well) / onLow)
        resistanceSlope[k] =
          resistance[k] ** 2 *
          ((well * contactResistance.slope(own, high.initialGap)) / onHigh ** 2 +
            ((1 - well) * contactResistance.slope(own, low.initialGap)) / onLow ** 2)
      }
    },
    evaluate,
    largestSlack: () => slack.reduce((most, own) => Math.max(most, own), 0),
    linearise,
    addCurrents,
    addSlopes,
  }
}
