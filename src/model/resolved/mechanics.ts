import { assemblyPattern, type SparseMatrix } from "../../algebra/pattern.ts"
import {
  addOverstretchInto,
  cohesiveResponseInto,
  delayedDamageInto,
  effectiveOpening,
  integrityOf,
  overstretchTarget,
  targetDamage,
} from "../../laws/cohesion.ts"
import type { CohesiveLaw } from "../../laws/contracts.ts"
import { addFatigueInto, feltAtRate, feltLoadInto, hasFatigue } from "../../laws/fatigue.ts"
import { type LinearOperator, sparseOperator } from "../../solve/linear-operator.ts"
import { createNewton, type NewtonOutcome, type NewtonStatistics, type NonlinearSystem } from "../../solve/newton.ts"
import type { Bodies } from "./bodies.ts"
import { createDamageDrive, type DamageDrive } from "./damage-drive.ts"
import type { InterfacePairs } from "./interface-pairs.ts"
import { tetherStiffness } from "./tethers.ts"

/** Interface state and displacement at one time. */
export interface MechanicalState {
  /** [displacement unknown] [m] */
  readonly displacement: Float64Array
  /** [pair, dimension] outer minus inner displacement, normal component first [m] */
  readonly opening: Float64Array
  /** [pair, dimension] [Pa] */
  readonly traction: Float64Array
  /** [pair] */
  readonly damage: Float64Array
  /** [pair] load that wear feels, relative to the strength */
  readonly felt: Float64Array
}

export interface Mechanics {
  readonly initial: () => MechanicalState
  /**
   * Equilibrium after a step: finds displacement, opening and damage for a swelling.
   * @param volumeChange [unknown of the solid] ΔV/V
   * @param previous     state at the start of the step
   * @param start        [displacement unknown] first guess [m]
   * @param step         Δt [s]
   */
  readonly solve: (
    volumeChange: Float64Array,
    previous: MechanicalState,
    start: Float64Array,
    step: number,
  ) => { readonly outcome: NewtonOutcome; readonly state: MechanicalState }
  readonly forget: () => void
  readonly statistics: () => NewtonStatistics
}

/** What an implicit step of the cohesive points starts from. */
interface PointStage {
  /** [pair] */
  readonly damage: Float64Array
  /** [pair] load felt at the start of the whole step, and of its implicit rest */
  readonly feltBefore: Float64Array
  readonly felt: Float64Array
  /** [s] */
  readonly step: number
}

/** What the cohesive points do at given openings. */
export interface CohesivePoints {
  /**
   * Traction, tangent, damage and felt load after a step, from openings in the pairs' local frames.
   * @param opening  [pair, dimension]
   */
  readonly update: (opening: Float64Array, stage: PointStage) => void
  /** [pair, dimension] [Pa] */
  readonly traction: Float64Array
  /** [pair, dimension, dimension] [Pa/m] */
  readonly tangent: Float64Array
  /** [pair] */
  readonly damage: Float64Array
  /** [pair] */
  readonly felt: Float64Array
}

const cohesivePoints = (
  { dimension, count }: InterfacePairs,
  law: CohesiveLaw,
  drive: DamageDrive,
): CohesivePoints & { readonly slope: Float64Array } => {
  const traction = new Float64Array(count * dimension)
  const tangent = new Float64Array(count * dimension * dimension)
  const damage = new Float64Array(count)
  const driving = new Float64Array(count)
  const felt = new Float64Array(count)
  const slope = new Float64Array(count)
  const ownSlope = new Float64Array(count)
  return {
    traction,
    tangent,
    damage,
    felt,
    slope,
    update: (opening, stage) => {
      const { step } = stage
      drive.drivingInto(opening, driving)
      delayedDamageInto(law, driving, stage.damage, step, damage, slope)
      if (hasFatigue(law)) {
        feltLoadInto(law, stage.felt, driving, step, felt)
        addFatigueInto(law, stage.feltBefore, felt, driving, step, damage, slope)
      }
      if (drive.changeInto) addOverstretchInto(law, dimension, opening, stage.damage, step, damage, slope, ownSlope)
      cohesiveResponseInto(law, dimension, opening, damage, drive.changeInto ? ownSlope : slope, traction, tangent)
    },
  }
}

/** State with everything at rest; contact-only pairs count as broken from the start. */
export const restState = (bodies: Bodies, pairs: InterfacePairs): MechanicalState => ({
  displacement: new Float64Array(bodies.unknownCount),
  opening: new Float64Array(pairs.count * pairs.dimension),
  traction: new Float64Array(pairs.count * pairs.dimension),
  damage: Float64Array.from(pairs.cohesive, (flag) => (flag ? 0 : 1)),
  felt: new Float64Array(pairs.count),
})

/** Force that counts as one: strength times a mean pair's surface [N]. */
export const forceScale = (pairs: InterfacePairs, law: CohesiveLaw): number =>
  (law.strength * pairs.weight.reduce((sum, weight) => sum + weight, 0)) / Math.max(1, pairs.count)

/** Writes openings in the local frames. @param out [pair, dimension] */
export const openingsInto = (pairs: InterfacePairs, displacement: Float64Array, out: Float64Array): void => {
  const { dimension, dofs, frame } = pairs
  for (let pair = 0; pair < pairs.count; pair++)
    for (let row = 0; row < dimension; row++) {
      let sum = 0
      for (let axis = 0; axis < dimension; axis++) {
        const inner = dofs[pair * 2 * dimension + axis]
        const outer = dofs[pair * 2 * dimension + dimension + axis]
        const jump = (outer < 0 ? 0 : displacement[outer]) - (inner < 0 ? 0 : displacement[inner])
        sum += frame[(pair * dimension + row) * dimension + axis] * jump
      }
      out[pair * dimension + row] = sum
    }
}

/** Global force (weight · Rᵀ traction) and stiffness (weight · Rᵀ tangent R) of one pair. */
export const pairForceInto = (
  pairs: InterfacePairs,
  points: Pick<CohesivePoints, "traction" | "tangent">,
  pair: number,
  force: Float64Array,
  stiffness: Float64Array,
): void => {
  const { dimension, frame, weight } = pairs
  const at = pair * dimension
  for (let p = 0; p < dimension; p++) {
    let sum = 0
    for (let row = 0; row < dimension; row++) sum += frame[(at + row) * dimension + p] * points.traction[at + row]
    force[p] = weight[pair] * sum
    for (let q = 0; q < dimension; q++) {
      let entry = 0
      for (let row = 0; row < dimension; row++)
        for (let column = 0; column < dimension; column++)
          entry +=
            frame[(at + row) * dimension + p] *
            points.tangent[(at + row) * dimension + column] *
            frame[(at + column) * dimension + q]
      stiffness[p * dimension + q] = weight[pair] * entry
    }
  }
}

/**
 * Splits a step of the delay equation ḋ = ⟨d* − d⟩/τ into an explicit part with the rate known at its start and an
 * implicit rest: halves (the trapezoidal rule, second order) for steps up to τ, implicit beyond.
 */
const implicitStage = (
  { dimension }: InterfacePairs,
  law: CohesiveLaw,
  drive: DamageDrive,
  previous: MechanicalState,
  step: number,
): PointStage => {
  const feltBefore = previous.felt
  if (law.delay === 0) return { damage: previous.damage, feltBefore, felt: feltBefore, step }
  const explicit = Math.min(step, law.delay) / 2
  const driving = new Float64Array(previous.damage.length)
  drive.drivingInto(previous.opening, driving)
  const overstretchOf = (pair: number): number =>
    drive.changeInto ? overstretchTarget(law, effectiveOpening(law, dimension, previous.opening, pair)) : 0
  const damage = previous.damage.map((before, pair) => {
    const lag = Math.max(targetDamage(law, driving[pair]).damage, overstretchOf(pair)) - before
    return lag > 0 ? before + (explicit / law.delay) * lag : before
  })
  return { damage, feltBefore, felt: feltAtRate(law, feltBefore, driving, explicit), step: step - explicit }
}

/**
 * The Jacobian of averaged damage: the sparse one of damage that is given, and what an opening does to the damage of the
 * pairs around it, which has no place in the pattern and need not be factorised.
 */
const withDamageChange = (
  operator: LinearOperator,
  pairs: InterfacePairs,
  law: CohesiveLaw,
  changeInto: Required<DamageDrive>["changeInto"],
  points: { readonly damage: Float64Array; readonly slope: Float64Array },
  opening: Float64Array,
): LinearOperator => {
  const { dimension, count, dofs, frame, weight } = pairs
  const change = new Float64Array(count * dimension)
  const driven = new Float64Array(count)
  const tangential = law.mixity * law.mixity
  return {
    ...operator,
    applyInto: (x, out) => {
      operator.applyInto(x, out)
      openingsInto(pairs, x, change)
      changeInto(opening, change, driven)
      for (let pair = 0; pair < count; pair++) {
        const growth = points.slope[pair] * driven[pair]
        if (growth === 0 || integrityOf(points.damage[pair]) > 1 - points.damage[pair]) continue
        for (let row = 0; row < dimension; row++) {
          const at = pair * dimension + row
          const pull = row === 0 ? Math.max(0, opening[at]) : tangential * opening[at]
          const loss = weight[pair] * law.stiffness * growth * pull
          for (let axis = 0; axis < dimension; axis++) {
            const inner = dofs[pair * 2 * dimension + axis]
            const outer = dofs[pair * 2 * dimension + dimension + axis]
            if (inner >= 0) out[inner] += loss * frame[at * dimension + axis]
            if (outer >= 0) out[outer] -= loss * frame[at * dimension + axis]
          }
        }
      }
    },
  }
}

/**
 * Bodies joined by cohesive interfaces, all displacements as unknowns: one sparse symmetric system whose bulk part is
 * assembled once and whose factorisation is kept as long as its tangent changes little.
 */
export const createMechanics = (bodies: Bodies, pairs: InterfacePairs, law: CohesiveLaw): Mechanics => {
  const drive = createDamageDrive(pairs, law)
  const points = cohesivePoints(pairs, law, drive)
  const { dimension } = bodies
  const perPair = 2 * dimension
  const size = bodies.elementDofs.length / bodies.cells.length
  const { pattern, positions } = assemblyPattern(bodies.unknownCount, [
    { dofs: bodies.elementDofs, perElement: size },
    { dofs: pairs.dofs, perElement: perPair },
  ])
  const pairAt = positions[1]
  const constant = embedded(bodies.stiffness, pattern)
  const tethers = tetherStiffness(bodies, pairs)
  for (let row = 0; row < pattern.rowCount; row++)
    for (let at = pattern.rowStart[row]; at < pattern.rowStart[row + 1]; at++)
      if (pattern.columnIndex[at] === row) constant[at] += tethers[row]
  const operator = sparseOperator(pattern, "symmetric")
  operator.matrix.values.set(constant)
  // Entries that interfaces add to; all others stay what they are.
  const interfacial = Int32Array.from(new Set(pairAt.filter((at) => at >= 0)))
  const opening = new Float64Array(pairs.count * dimension)
  const force = new Float64Array(dimension)
  const block = new Float64Array(dimension * dimension)
  const load = new Float64Array(bodies.unknownCount)
  const rest = restState(bodies, pairs)
  let stage: PointStage = { damage: rest.damage, feltBefore: rest.felt, felt: rest.felt, step: 1 }
  const system: NonlinearSystem = {
    jacobian: drive.changeInto ? withDamageChange(operator, pairs, law, drive.changeInto, points, opening) : operator,
    residualScale: () => forceScale(pairs, law),
    evaluateInto: (displacement, residual) => {
      bodies.forceInto(displacement, residual)
      for (let i = 0; i < residual.length; i++) residual[i] += tethers[i] * displacement[i] - load[i]
      openingsInto(pairs, displacement, opening)
      points.update(opening, stage)
      const { values } = operator.matrix
      for (let k = 0; k < interfacial.length; k++) values[interfacial[k]] = constant[interfacial[k]]
      for (let pair = 0; pair < pairs.count; pair++) {
        pairForceInto(pairs, points, pair, force, block)
        for (let side = 0; side < 2; side++)
          for (let p = 0; p < dimension; p++) {
            const row = pair * perPair + side * dimension + p
            if (pairs.dofs[row] < 0) continue
            residual[pairs.dofs[row]] += side === 0 ? -force[p] : force[p]
            for (let other = 0; other < 2; other++)
              for (let q = 0; q < dimension; q++) {
                const at = pairAt[row * perPair + other * dimension + q]
                if (at >= 0) values[at] += side === other ? block[p * dimension + q] : -block[p * dimension + q]
              }
          }
      }
    },
  }
  const newton = createNewton(system, { residualTolerance: 1e-7, maximumIterations: 25 })
  return {
    initial: () => restState(bodies, pairs),
    solve: (volumeChange, previous, start, step) => {
      bodies.swellingLoadInto(volumeChange, load)
      drive.setDamage(previous.damage)
      stage = implicitStage(pairs, law, drive, previous, step)
      const displacement = Float64Array.from(start)
      const outcome = newton.solve(displacement)
      return {
        outcome,
        state: {
          displacement,
          opening: opening.slice(),
          traction: points.traction.slice(),
          damage: points.damage.slice(),
          felt: points.felt.slice(),
        },
      }
    },
    forget: newton.forget,
    statistics: newton.statistics,
  }
}

/** Values of a matrix written into a pattern that contains its own. */
const embedded = (
  { pattern: own, values }: SparseMatrix,
  pattern: { readonly rowStart: Int32Array; readonly columnIndex: Int32Array },
): Float64Array => {
  const out = new Float64Array(pattern.columnIndex.length)
  for (let row = 0; row < own.rowCount; row++) {
    let to = pattern.rowStart[row]
    for (let at = own.rowStart[row]; at < own.rowStart[row + 1]; at++) {
      while (pattern.columnIndex[to] !== own.columnIndex[at]) to++
      out[to] = values[at]
    }
  }
  return out
}
