import { delayedDamageInto, targetDamage } from "../../laws/cohesion.ts"
import type { CohesiveLaw } from "../../laws/contracts.ts"
import { addFatigueInto, feltAtRate, feltLoadInto, hasFatigue } from "../../laws/fatigue.ts"
import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
import { ownFloats, type SharedFloats } from "./crew.ts"
import type { Ligaments } from "./ligament.ts"
import { createPatchBond } from "./patch-bond.ts"

/** Bonds and places of particles at one time. */
export interface PatchState {
  /** [patch] normal opening of the bond, < 0 pressed [m] */
  readonly opening: Float64Array
  /** [patch] > 0 pulls the particle outwards [Pa] */
  readonly traction: Float64Array
  /** [patch] share of the mismatch that bond and ligament open together [m] */
  readonly mismatch: Float64Array
  /** [patch] */
  readonly damage: Float64Array
  /** [patch] load that wear feels, relative to the strength */
  readonly felt: Float64Array
  /** [particle, 3] of particles as rigid bodies [m] */
  readonly shift: Float64Array
}

/** Equilibrium of every particle after a step, in three parts. */
export interface PatchMechanics {
  readonly initial: () => PatchState
  /** Sets what a step starts from. @param start [particle, 3] first guess of the shifts [m] */
  readonly begin: (previous: PatchState, start: Float64Array, step: number) => void
  /** Solves particles from … to − 1, in any order. @param shrinkage [particle] free inward displacement of the surface [m] */
  readonly settle: (shrinkage: Float64Array, from: number, to: number) => void
  readonly end: () => PatchEquilibrium
}

export interface PatchEquilibrium {
  readonly state: PatchState
  /** First particle without an equilibrium, −1 if all have one */
  readonly failed: number
  readonly iterations: number
}

const mostIterations = 60
/** Unbalanced force over strength and cohesive area of a particle. */
const balanceTolerance = 1e-9
/** Stiffness that keeps a body with no bond left where it is, over that of its ligaments. */
const tether = 1e-9

/**
 * Bonds of all patches and force balance of each particle as a rigid body, Σ area · t · n = 0, with the pressure of
 * contacts. Only normal openings count: a particle that moves along a patch does not load it. Neighbours enter by their
 * shrinkage, not by their shift, so that every particle is solved by itself.
 *
 * The balance is the stationary point of an energy that is convex as long as no bond snaps; Newton's step is cut where the
 * force along it has changed sign, so that the energy falls each time and iterations cannot circle.
 */
export const createPatchMechanics = (
  { particles, patches }: ElectrodeNetwork,
  ligaments: Ligaments,
  law: CohesiveLaw,
  floats: SharedFloats = ownFloats,
): PatchMechanics => {
  const { cohesiveArea, contactArea, stiffness, contactStiffness, ownShare } = ligaments
  const { start: first, normal, neighbour } = patches
  const bond = createPatchBond(law)
  const found = new Float64Array(3)
  const free = new Float64Array(patches.count)
  const slope = new Float64Array(patches.count)
  const force = new Float64Array(3)
  const hessian = new Float64Array(9)
  const direction = new Float64Array(3)
  const shift = new Float64Array(3)
  const trial = new Float64Array(3)

  const blank = (memory: SharedFloats): PatchState => ({
    opening: memory(patches.count),
    traction: memory(patches.count),
    mismatch: memory(patches.count),
    damage: memory(patches.count),
    felt: memory(patches.count),
    shift: memory(particles.count * 3),
  })
  const state = blank(floats)
  const before = blank(floats)
  const stage = floats(patches.count)
  const stageFelt = floats(patches.count)
  /** [particle] Newton steps, < 0 where they found no equilibrium */
  const iterations = floats(particles.count)
  /** Δt of the step */
  const length = floats(1)

  const begin: PatchMechanics["begin"] = (previous, start, step) => {
    for (const key of patchKeys) before[key].set(previous[key])
    state.shift.set(start)
    length[0] = step
  }

  const settle: PatchMechanics["settle"] = (shrinkage, from, to) => {
    const step = length[0]
    const explicit = law.delay > 0 ? Math.min(step, law.delay) / 2 : 0
    const approach = law.delay > 0 ? (step - explicit) / (law.delay + step - explicit) : 1
    const own = (values: Float64Array): Float64Array => values.subarray(first[from], first[to])
    const beforeOwn = own(before.opening).map((opening) => Math.max(0, opening))
    own(stage).set(stageDamage(law, own(before.damage), beforeOwn, explicit))
    own(stageFelt).set(feltAtRate(law, own(before.felt), beforeOwn, explicit))
    let now = 0

    /** Writes the force on a particle at a shift, and what it changes by. */
    const forceAt = (particle: number, at: Float64Array): void => {
      force.fill(0)
      hessian.fill(0)
      let held = 0
      for (let patch = first[particle]; patch < first[particle + 1]; patch++) {
        const [nx, ny, nz] = [normal[3 * patch], normal[3 * patch + 1], normal[3 * patch + 2]]
        const mismatch = free[patch] - ownShare[patch] * (nx * at[0] + ny * at[1] + nz * at[2])
        state.mismatch[patch] = mismatch
        let pull = 0
        let rise = 0
        if (cohesiveArea[patch] > 0) {
          bond.solveInto(
            stiffness[patch],
            mismatch,
            stage[patch],
            approach,
            before.felt[patch],
            stageFelt[patch],
            found,
          )
          state.opening[patch] = found[0]
          state.traction[patch] = found[1]
          pull = cohesiveArea[patch] * found[1]
          rise = cohesiveArea[patch] * Math.max(0, found[2])
          held += cohesiveArea[patch] * stiffness[patch]
        }
        if (contactArea[patch] > 0 && mismatch < 0) {
          pull += contactArea[patch] * contactStiffness[patch] * mismatch
          rise += contactArea[patch] * contactStiffness[patch]
        }
        force[0] += pull * nx
        force[1] += pull * ny
        force[2] += pull * nz
        const weight = ownShare[patch] * rise
        hessian[0] += weight * nx * nx
        hessian[1] += weight * nx * ny
        hessian[2] += weight * nx * nz
        hessian[4] += weight * ny * ny
        hessian[5] += weight * ny * nz
        hessian[8] += weight * nz * nz
      }
      for (let axis = 0; axis < 3; axis++) {
        force[axis] -= tether * held * at[axis]
        hessian[4 * axis] += tether * held
      }
    }

    const along = (): number => force[0] * direction[0] + force[1] * direction[1] + force[2] * direction[2]

    /** Takes the shift forward along the direction; where that goes too far, to where the force along it all but vanishes. */
    const move = (): void => {
      const before = along()
      let low = 0
      let atLow = before
      let high = 1
      let length = 1
      for (let tries = 0; tries < 30; tries++) {
        for (let axis = 0; axis < 3; axis++) trial[axis] = shift[axis] + length * direction[axis]
        forceAt(now, trial)
        const value = along()
        if (value < -0.1 * before) high = length
        else if (length === 1 || value <= 0.1 * before) break
        else {
          low = length
          atLow = value
        }
        const guess = value < 0 ? low + ((length - low) * atLow) / (atLow - value) : (low + high) / 2
        length = Math.min(low + 0.9 * (high - low), Math.max(low + 0.1 * (high - low), guess))
      }
      shift.set(trial)
    }

    for (let particle = from; particle < to; particle++) {
      now = particle
      let area = 0
      iterations[particle] = 0
      for (let patch = first[particle]; patch < first[particle + 1]; patch++) {
        const other = neighbour[patch]
        free[patch] = ownShare[patch] * (shrinkage[particle] + (other >= 0 ? shrinkage[other] : 0))
        area += cohesiveArea[patch]
        // What holds nothing stays as it is in the blank.
        state.opening[patch] = 0
        state.traction[patch] = 0
        state.mismatch[patch] = 0
      }
      if (area === 0) {
        state.shift.fill(0, 3 * particle, 3 * particle + 3)
        continue
      }
      for (let axis = 0; axis < 3; axis++) shift[axis] = state.shift[3 * particle + axis]
      const small = balanceTolerance * law.strength * area
      forceAt(particle, shift)
      for (;;) {
        if (Math.hypot(force[0], force[1], force[2]) <= small) break
        if (iterations[particle] === mostIterations) {
          iterations[particle] = -mostIterations
          break
        }
        iterations[particle]++
        solveSymmetric(hessian, force, direction)
        move()
      }
      state.shift.set(shift, 3 * particle)
    }
    const driving = own(state.opening).map((opening) => Math.max(0, opening))
    const damage = own(state.damage)
    if (explicit < step) delayedDamageInto(law, driving, own(stage), step - explicit, damage, own(slope))
    else damage.set(own(stage))
    if (hasFatigue(law)) {
      feltLoadInto(law, own(stageFelt), driving, step - explicit, own(state.felt))
      addFatigueInto(law, own(before.felt), own(state.felt), driving, step - explicit, damage, own(slope))
    }
  }

  const end: PatchMechanics["end"] = () => ({
    state: {
      opening: state.opening.slice(),
      traction: state.traction.slice(),
      mismatch: state.mismatch.slice(),
      damage: state.damage.slice(),
      felt: state.felt.slice(),
      shift: state.shift.slice(),
    },
    failed: iterations.findIndex((count) => count < 0),
    iterations: iterations.reduce((sum, count) => sum + Math.abs(count), 0),
  })

  return {
    initial: () => blank(ownFloats),
    begin,
    settle,
    end,
  }
}

const patchKeys = ["opening", "traction", "mismatch", "damage", "felt"] as const

/** Damage after the part of a step in which its rate is that of the step's start: half the trapezoidal rule up to τ. */
const stageDamage = (law: CohesiveLaw, damage: Float64Array, driving: Float64Array, explicit: number): Float64Array => {
  if (law.delay === 0) return damage
  return damage.map((before, patch) => {
    const lag = targetDamage(law, driving[patch]).damage - before
    return lag > 0 ? before + (explicit / law.delay) * lag : before
  })
}

/** H p = f by Cholesky; H is [3, 3], its upper triangle read, positive definite. */
const solveSymmetric = (h: Float64Array, f: Float64Array, p: Float64Array): void => {
  const l10 = h[1] / h[0]
  const l20 = h[2] / h[0]
  const d1 = h[4] - l10 * h[1]
  const e21 = h[5] - l20 * h[1]
  const l21 = e21 / d1
  const d2 = h[8] - l20 * h[2] - l21 * e21
  const y1 = f[1] - l10 * f[0]
  const y2 = f[2] - l20 * f[0] - l21 * y1
  p[2] = y2 / d2
  p[1] = y1 / d1 - l21 * p[2]
  p[0] = f[0] / h[0] - l10 * p[1] - l20 * p[2]
}
