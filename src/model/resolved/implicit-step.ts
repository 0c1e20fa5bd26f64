import { faraday, gasConstant } from "../../laws/constants.ts"
import { backwardEuler, localErrorFactor, variableBackwardDifference } from "../../solve/bdf.ts"
import { createNewton, type NewtonSolver } from "../../solve/newton.ts"
import { extrapolated } from "../extrapolation.ts"
import type { TrialStep } from "../march.ts"
import { keepInRange } from "../solution-range.ts"
import type { Drive } from "./electrochemistry.ts"
import { energyAfter } from "./energy.ts"
import type { HalfCell } from "./half-cell.ts"
import type { MechanicalState } from "./mechanics.ts"
import type { CellState } from "./state.ts"
import { concentrationRange } from "./unknowns.ts"

export interface ImplicitStepper {
  /**
   * Solves one implicit step, electrochemistry and mechanics iterated until they agree.
   * @param history accepted states since the last discontinuity, newest first (one to three)
   */
  readonly attempt: (history: readonly CellState[], step: number, drive: Drive) => TrialStep<CellState>
  readonly forget: () => void
  readonly newton: NewtonSolver
  /** Passes between the two physics so far */
  readonly passes: () => number
}

/** Agreement asked of the two physics: share of the current that the last gaps misplace, and Ω_V Δσ_h over RT. */
const currentAgreement = 2e-3
const potentialAgreement = 1e-2
const largestPassCount = 12
/** Error of the damage over its distance from straight extrapolation: the formula is of one order more. */
const damageShare = 0.5

/** Last digit of a potential one volt from the collector's, as a current in the best conductor, over that of 1C. */
const roundingCurrent = ({ mesh, parameters, collectorArea, oneC }: HalfCell): number => {
  const conductivities = mesh.regions.map(({ name }) => parameters.matrices[name]?.conductivity ?? 0)
  const length = collectorArea ** ((mesh.dimension - 2) / (mesh.dimension - 1))
  return (Number.EPSILON * Math.max(...conductivities) * length) / oneC
}

/** Makes the stepper of a half-cell. @param tolerance local error allowed in stoichiometry and c_l/c_l0 */
export const createImplicitStepper = (cell: HalfCell, tolerance: number): ImplicitStepper => {
  const { electrochemistry, solids, parameters } = cell
  const { unknowns, points } = electrochemistry
  const newton = createNewton(electrochemistry.system, {
    residualTolerance: 1e-11,
    roundingTolerance: Math.max(1e-9, 4 * roundingCurrent(cell)),
    // Lithium and charge are sums over rows: thousands of small residuals of one sign would show in them.
    totalTolerance: 5e-10,
    maximumIterations: 20,
  })
  const volumeChange = new Float64Array(unknowns.solid.count)
  const hydrostatic = new Float64Array(unknowns.solid.count)
  const newGap = new Float64Array(points.count)
  const newSmooth = new Float64Array(unknowns.solid.count)
  const initialLithium = { solid: 0, electrolyte: 0, known: false }
  let passCount = 0

  const attempt = (history: readonly CellState[], step: number, drive: Drive): TrialStep<CellState> => {
    const [last, older] = history
    const time = last.time + step
    const formula = older ? variableBackwardDifference(step, last.time - older.time) : backwardEuler
    const predicted = extrapolated(history, time, (state) => state.x, formula.order + 1)
    const x = Float64Array.from(predicted)
    keepInRange(x, concentrationRange(unknowns))
    const gap = extrapolated(history, time, (state) => state.gap, 3).map((value) => Math.max(0, value))
    const smooth = extrapolated(history, time, (state) => state.smooth, 3)
    electrochemistry.setStep({ formula, step, drive, previous: last.x, older: older?.x ?? last.x })

    let mechanical: MechanicalState = last.mechanical
    let passes = 0
    for (; ; passes++) {
      passCount++
      electrochemistry.setMechanics(gap, smooth)
      const outcome = newton.solve(x)
      if (!outcome.converged) return { kind: "failed", failure: { kind: "electrochemistry", newton: outcome } }
      if (!solids) break
      solids.coupling.volumeChangeInto(x, volumeChange)
      const solved = solids.mechanics.solve(
        volumeChange,
        last.mechanical,
        passes === 0 ? extrapolated(history, time, (past) => past.mechanical.displacement, 3) : mechanical.displacement,
        step,
      )
      if (!solved.outcome.converged) return { kind: "failed", failure: { kind: "mechanics", newton: solved.outcome } }
      mechanical = solved.state
      solids.coupling.gapInto(mechanical, newGap)
      solids.coupling.hydrostaticInto(mechanical, volumeChange, hydrostatic, newSmooth)
      const current = misplacedCurrent(gap, newGap)
      const potential = potentialDifference(smooth, newSmooth)
      gap.set(newGap)
      smooth.set(newSmooth)
      if (current <= currentAgreement && potential <= potentialAgreement) break
      if (passes === largestPassCount)
        return { kind: "failed", failure: { kind: "coupling", passes, current, potential } }
    }

    const totals = electrochemistry.totals(x)
    const charge =
      (step * totals.collector - formula.previous * last.charge - formula.older * (older?.charge ?? 0)) / formula.newest
    const state: CellState = {
      time,
      x,
      gap,
      smooth,
      hydrostatic: hydrostatic.slice(),
      mechanical,
      transfer: points.current.slice(),
      current: totals.collector,
      charge,
      energy: solids ? energyAfter(cell, last, volumeChange, hydrostatic, mechanical) : last.energy,
      ...balanceErrors(totals, charge),
    }
    const times = history.map((past) => past.time)
    const concentrationError = localErrorFactor(formula.order, times, time) * distance(x, predicted)
    const damageError = older
      ? damageShare *
        largestMeanRise(
          extrapolated(history, time, (past) => past.mechanical.damage, 2),
          mechanical.damage,
        )
      : 0
    return {
      kind: "solved",
      state,
      error: Math.max(concentrationError, damageError) / tolerance,
      order: formula.order,
      damageRise: largestMeanRise(last.mechanical.damage, mechanical.damage),
      passes: passes + 1,
    }
  }

  /** Current that the contacts would pass otherwise with the new gaps, to first order, over all that passes. */
  const misplacedCurrent = (before: Float64Array, after: Float64Array): number => {
    const { resistance } = parameters.contactResistance
    const perFacet = points.rule.weights.length
    let misplaced = 0
    let passing = 0
    for (let point = 0; point < points.count; point++) {
      passing += points.weight[point] * Math.abs(points.current[point])
      if (before[point] === after[point]) continue
      const initial = points.initialGap[Math.floor(point / perFacet)]
      const change = resistance(after[point], initial) - resistance(before[point], initial)
      misplaced += points.weight[point] * Math.abs(points.feedSlope[point] * change)
    }
    return misplaced / Math.max(passing, cell.oneC)
  }

  const potentialDifference = (before: Float64Array, after: Float64Array): number => {
    if (!parameters.active.stressCoupling) return 0
    const { active } = parameters
    const scale =
      active.swelling.slope(active.initialStoichiometry * active.maximumConcentration) /
      (gasConstant * parameters.temperature)
    let largest = 0
    for (let i = 0; i < before.length; i++) {
      const change = Math.abs(after[i] - before[i])
      if (change > largest) largest = change
    }
    return largest * scale
  }

  const distance = (x: Float64Array, predicted: Float64Array): number => {
    let largest = 0
    const scan = (from: number, to: number): void => {
      for (let i = from; i < to; i++) {
        const difference = Math.abs(x[i] - predicted[i])
        if (difference > largest) largest = difference
      }
    }
    scan(0, unknowns.electronicOffset)
    scan(unknowns.electrolyteOffset, unknowns.ionicOffset)
    return largest
  }

  /** Largest rise of a particle's mean damage, from [pair] values before and after. */
  const largestMeanRise = (before: Float64Array, after: Float64Array): number => {
    if (!solids) return 0
    const { pairs } = solids
    const rise = new Float64Array(pairs.cohesiveArea.length)
    for (let pair = 0; pair < pairs.count; pair++)
      if (pairs.cohesive[pair]) rise[pairs.particle[pair]] += pairs.weight[pair] * (after[pair] - before[pair])
    let largest = 0
    rise.forEach((sum, particle) => {
      if (pairs.cohesiveArea[particle] > 0) largest = Math.max(largest, Math.abs(sum) / pairs.cohesiveArea[particle])
    })
    return largest
  }

  const balanceErrors = (totals: ReturnType<typeof electrochemistry.totals>, charge: number) => {
    if (!initialLithium.known) {
      const start = electrochemistry.totals(electrochemistry.initial())
      initialLithium.solid = start.solidLithium
      initialLithium.electrolyte = start.electrolyteLithium
      initialLithium.known = true
    }
    const inventory =
      totals.solidLithium + totals.electrolyteLithium - initialLithium.solid - initialLithium.electrolyte
    const size = Math.max(Math.abs(totals.collector), cell.oneC)
    return {
      lithiumError: Math.abs(inventory + charge / faraday) / initialLithium.solid,
      chargeError:
        Math.max(Math.abs(totals.collector - totals.interfaces), Math.abs(totals.collector - totals.lithium)) / size,
    }
  }

  return {
    attempt,
    forget: () => {
      newton.forget()
      solids?.mechanics.forget()
    },
    newton,
    passes: () => passCount,
  }
}
