import { fractureDissipation } from "../../laws/cohesion.ts"
import { faraday } from "../../laws/constants.ts"
import { crackLoad, grownCrack } from "../../laws/crack-growth.ts"
import { hasFatigue } from "../../laws/fatigue.ts"
import { backwardDifferenceOn, backwardEuler, localErrorFactor, plainClock, rootClock } from "../../solve/bdf.ts"
import { createNewton, type NewtonSolver } from "../../solve/newton.ts"
import type { Imposed } from "../cycler.ts"
import { extrapolated } from "../extrapolation.ts"
import type { TrialStep } from "../march.ts"
import { keepInRange } from "../solution-range.ts"
import type { NetworkTotals } from "./electrochemistry.ts"
import type { NetworkCell } from "./network-cell.ts"
import { particleTasks } from "./particle-work.ts"
import { createPatchLoad } from "./patch-load.ts"
import type { PatchState } from "./patch-mechanics.ts"
import type { CrackState, NetworkState, PatchEnergy } from "./state.ts"
import { concentrationRange } from "./unknowns.ts"

export interface NetworkStepper {
  readonly initial: () => NetworkState
  /**
   * Solves one implicit step, electrochemistry and bonds iterated until they agree.
   * @param history accepted states since the last discontinuity, newest first (one to three)
   * @param since   time of that discontinuity, the oldest state's unless told [s]
   */
  readonly attempt: (
    history: readonly NetworkState[],
    step: number,
    drive: Imposed,
    since?: number,
  ) => TrialStep<NetworkState>
  readonly forget: () => void
  readonly newton: NewtonSolver
  readonly statistics: () => { readonly passes: number; readonly iterations: number; readonly seconds: number }
}

/** Share of the current that the last gaps misplace, above which the two are solved again. */
const currentAgreement = 2e-3
const largestPassCount = 12
/** Error of the damage over its distance from straight extrapolation: the formula is of one order more. */
const damageShare = 0.3
/**
 * Salt moves potentials by some 50 mV times the relative change of c_l, stoichiometry by a volt over its range: c_l errs
 * ten times as much, but for electrolyte that runs dry.
 */
const saltShare = 0.1
/** A step longer than this share of the time since the last jump still belongs to what follows the jump. */
const rootedStep = 0.25

/**
 * Makes the stepper of a network half-cell.
 * @param tolerance local error allowed in stoichiometry and damage, ten times as much in c_l/c_l0; of many particles one may
 *   err three times as much
 */
export const createNetworkStepper = (cell: NetworkCell, tolerance: number): NetworkStepper => {
  const { electrochemistry, ligaments, network, parameters } = cell
  const { unknowns, currents, reacting, run } = electrochemistry
  const { mechanics, profiles } = electrochemistry.particles
  const { particles, patches } = network
  const newton = createNewton(electrochemistry.system, {
    residualTolerance: 1e-10,
    roundingTolerance: 1e-9,
    totalTolerance: 8e-10,
    maximumIterations: 20,
    // A factorisation costs some four iterations of 1,800 particles, more of many.
    renewAfter: 6,
  })
  const load = createPatchLoad(cell)
  const newGap = new Float64Array(patches.count)
  const begun = electrochemistry.initial()
  const initialTotals = electrochemistry.totals(begun.x, begun.interior)
  let passCount = 0
  let iterationCount = 0
  let seconds = 0

  const attempt: NetworkStepper["attempt"] = (history, step, drive, since = history[history.length - 1].time) => {
    const [last, older] = history
    const time = last.time + step
    const clock = older && last.time - older.time > rootedStep * (last.time - since) ? rootClock(since) : plainClock
    const formula = older ? backwardDifferenceOn(clock, time, last.time, older.time) : backwardEuler
    const from = (field: (state: NetworkState) => Float64Array): Float64Array =>
      extrapolated(history, time, field, 3, rootClock(since))
    const x = from((state) => state.x)
    keepInRange(x, concentrationRange(unknowns))
    const gap = from((state) => state.gap).map((value) => Math.max(0, value))
    const start = from((state) => state.interior)
    electrochemistry.setStep({ formula, step, drive, previous: last, older: older ?? last, start })
    currents.setUnevenness(from((state) => state.unevenness))
    currents.setStart(from((state) => state.overpotential))

    let mechanical: PatchState = last.mechanical
    let passes = 0
    for (; ; passes++) {
      passCount++
      currents.setGap(gap)
      const outcome = newton.solve(x)
      if (!outcome.converged) return { kind: "failed", failure: { kind: "electrochemistry", newton: outcome } }
      if (!parameters.mechanics) break
      const begin = performance.now()
      const guess = passes === 0 ? from((past) => past.mechanical.shift) : mechanical.shift
      mechanics.begin(last.mechanical, guess, step)
      run(particleTasks.shrink)
      run(particleTasks.balance)
      const solved = mechanics.end()
      iterationCount += solved.iterations
      seconds += (performance.now() - begin) / 1000
      if (solved.failed >= 0)
        return {
          kind: "failed",
          failure: {
            kind: "mechanics",
            newton: { converged: false, reason: "too many iterations", iterations: solved.iterations, history: [] },
          },
        }
      mechanical = solved.state
      for (let patch = 0; patch < newGap.length; patch++) newGap[patch] = Math.max(0, mechanical.opening[patch])
      const misplaced = misplacedCurrent(gap, newGap)
      gap.set(newGap)
      if (misplaced <= currentAgreement) break
      if (passes === largestPassCount)
        return { kind: "failed", failure: { kind: "coupling", passes, current: misplaced, potential: 0 } }
    }

    run(particleTasks.profile)
    const interior = electrochemistry.interior.slice()
    const totals = electrochemistry.totals(x, interior)
    const charge =
      (step * totals.collector - formula.previous * last.charge - formula.older * (older?.charge ?? 0)) / formula.newest
    const state: NetworkState = {
      time,
      x,
      interior,
      modes: profiles.slice(),
      unevenness: currents.unevenness.slice(),
      gap,
      mechanical,
      transfer: currents.current.slice(),
      overpotential: currents.overpotentials(),
      current: totals.collector,
      charge,
      energy: parameters.mechanics ? energyAfter(last, mechanical) : last.energy,
      cracks: cracksAfter(last.cracks, x, interior, mechanical, step),
      ...balanceErrors(totals, charge),
    }
    const times = history.map((past) => clock.reading(past.time))
    const predicted = (field: (state: NetworkState) => Float64Array): Float64Array =>
      extrapolated(history, time, field, formula.order + 1, clock)
    const predictedX = predicted((past) => past.x)
    const far = (field: (state: NetworkState) => Float64Array): number =>
      distance(field(state), predicted(field), 0, field(state).length)
    const farthest = Math.max(
      distance(x, predictedX, 0, unknowns.particles),
      saltDistance(x, predictedX, unknowns.salt, unknowns.ionic),
      far((one) => one.interior),
      far((one) => one.unevenness),
    )
    const damageError = older
      ? damageShare *
        meanRises(
          extrapolated(history, time, (past) => past.mechanical.damage, 2),
          mechanical.damage,
        ).distance
      : 0
    return {
      kind: "solved",
      state,
      error: Math.max(localErrorFactor(formula.order, times, clock.reading(time)) * farthest, damageError) / tolerance,
      order: formula.order,
      damageRise: meanRises(last.mechanical.damage, mechanical.damage).largest,
      passes: passes + 1,
    }
  }

  /** Current that the contacts would pass otherwise with the new gaps, to first order, over all that passes. */
  const misplacedCurrent = (before: Float64Array, after: Float64Array): number => {
    let misplaced = 0
    let passing = 0
    for (let particle = 0; particle < particles.count; particle++) passing += Math.abs(currents.current[particle])
    for (let k = 0; k < reacting.patch.length; k++) {
      const patch = reacting.patch[k]
      misplaced += currents.gapSlope[k] * Math.abs(after[patch] - before[patch])
    }
    return misplaced / Math.max(passing, cell.oneC)
  }

  /** Rises of the particles' mean damage, from [patch] values before and after. */
  const meanRises = (before: Float64Array, after: Float64Array) => {
    let largest = 0
    let squares = 0
    for (let particle = 0; particle < particles.count; particle++) {
      let rise = 0
      for (let patch = patches.start[particle]; patch < patches.start[particle + 1]; patch++)
        rise += ligaments.cohesiveArea[patch] * (after[patch] - before[patch])
      if (rise === 0) continue
      const own = Math.abs(rise) / cell.cohesiveArea[particle]
      largest = Math.max(largest, own)
      squares += own * own
    }
    return { largest, distance: ensembleDistance(largest, squares, particles.count) }
  }

  /** Work by the trapezoidal rule, exact for ligaments, whose traction is linear in their stretch. */
  const energyAfter = ({ energy, mechanical: before }: NetworkState, after: PatchState): PatchEnergy => {
    const law = parameters.cohesion
    let { input, interfaceWork, dissipated } = energy
    for (let patch = 0; patch < patches.count; patch++) {
      const area = ligaments.cohesiveArea[patch]
      if (area === 0) continue
      const pull = (before.traction[patch] + after.traction[patch]) / 2
      const work = pull * (after.opening[patch] - before.opening[patch])
      input += area * pull * (after.mismatch[patch] - before.mismatch[patch])
      interfaceWork += area * work
      if (after.damage[patch] === before.damage[patch]) continue
      const softening = fractureDissipation(law, after.damage[patch]) - fractureDissipation(law, before.damage[patch])
      const lost =
        work - (after.traction[patch] * after.opening[patch]) / 2 + (before.traction[patch] * before.opening[patch]) / 2
      // Bonds that wear away below the strength take less than softening would.
      dissipated += area * (hasFatigue(law) ? Math.min(softening, Math.max(0, lost)) : softening)
    }
    return { input, interfaceWork, dissipated }
  }

  const cracksAfter = (
    before: CrackState,
    x: Float64Array,
    interior: Float64Array,
    mechanical: PatchState,
    step: number,
  ): CrackState => {
    const { cracking } = parameters
    if (!cracking) return before
    const length = new Float64Array(particles.count)
    const tension = new Float64Array(particles.count)
    const driving = new Float64Array(particles.count)
    for (let particle = 0; particle < particles.count; particle++) {
      const stress = load.surfaceTension(particle, x, interior, mechanical)
      driving[particle] = crackLoad(cracking, stress)
      const total = ((before.load[particle] + driving[particle]) / 2) * step
      length[particle] = grownCrack(cracking, before.length[particle], total, electrochemistry.radius[particle])
      tension[particle] = Math.max(before.tension[particle], stress)
    }
    return { length, tension, load: driving }
  }

  const balanceErrors = (totals: NetworkTotals, charge: number) => {
    const inventory =
      totals.solidLithium + totals.electrolyteLithium - initialTotals.solidLithium - initialTotals.electrolyteLithium
    const size = Math.max(Math.abs(totals.collector), cell.oneC)
    return {
      lithiumError: Math.abs(inventory + charge / faraday) / initialTotals.solidLithium,
      chargeError:
        Math.max(Math.abs(totals.collector - totals.interfaces), Math.abs(totals.collector - totals.lithium)) / size,
    }
  }

  const zeros = (): Float64Array => new Float64Array(particles.count)
  return {
    initial: () => ({
      time: 0,
      ...electrochemistry.initial(),
      gap: new Float64Array(patches.count),
      mechanical: mechanics.initial(),
      transfer: zeros(),
      overpotential: new Float64Array(reacting.patch.length),
      current: 0,
      charge: 0,
      energy: { input: 0, interfaceWork: 0, dissipated: 0 },
      cracks: { length: zeros().fill(parameters.cracking?.initialLength ?? 0), tension: zeros(), load: zeros() },
      lithiumError: 0,
      chargeError: 0,
    }),
    attempt,
    forget: newton.forget,
    newton,
    statistics: () => ({ passes: passCount, iterations: iterationCount, seconds }),
  }
}

/** One value among thousands may err so many times as much as one alone. */
const leeway = 3

/**
 * How far an ensemble of values is from another, by which steps are judged: the largest distance of a handful. Of many,
 * the largest counts a third, as long as the root mean square is no more than a third of what is allowed.
 */
const ensembleDistance = (largest: number, squares: number, count: number): number =>
  Math.min(largest, Math.max(largest / leeway, leeway * Math.sqrt(squares / Math.max(1, count))))

/** Of values from … to − 1. */
const distance = (a: Float64Array, b: Float64Array, from: number, to: number): number => {
  let largest = 0
  let squares = 0
  for (let i = from; i < to; i++) {
    const own = Math.abs(a[i] - b[i])
    if (own > largest) largest = own
    squares += own * own
  }
  return ensembleDistance(largest, squares, to - from)
}

/** Largest distance of c_l/c_l0, weighted by how much it moves a potential. */
const saltDistance = (a: Float64Array, b: Float64Array, from: number, to: number): number => {
  let largest = 0
  for (let i = from; i < to; i++)
    largest = Math.max(largest, (saltShare * Math.abs(a[i] - b[i])) / Math.max(saltShare, Math.min(1, a[i])))
  return largest
}
