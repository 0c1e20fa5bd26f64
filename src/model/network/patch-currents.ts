import type { AngularModes } from "./angular-modes.ts"
import { bothMatrices, type NetworkCellParameters } from "./parameters.ts"
import { potentialTable } from "./potential-table.ts"
import { dofsPerGroup, type ReactingPatches } from "./reacting-patches.ts"
import type { NetworkUnknowns } from "./unknowns.ts"

/** Currents of the last evaluation, and what contacts did to them. */
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
  /** @param positions [particle, dof, dof] places in `jacobian` @param residual added to [A] */
  readonly add: (positions: Int32Array, x: Float64Array, residual: Float64Array, jacobian: Float64Array) => void
}

/** A contact without resistance would tie two unknowns together; no contact of a cathode comes near this [Ω·m²]. */
const least = 1e-12
/** A Newton step of the surfaces below this leaves an error of about its square, a few 1e-8 of the currents. */
const smallStep = 1e-5
const mostIterations = 30
/** Entries of 1 + Z ∂I/∂s may differ by this from those that are factorised: the error of a step shrinks by as much. */
const tolerableShift = 1e-4
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
): PatchCurrents => {
  const { active, contactResistance, initialElectrolyte } = parameters
  const { high, low } = bothMatrices(parameters)
  const shared = unknowns.potential >= 0
  const { particleStart, group, wettedArea, contactStart, patch, area, wellShare, groupStart, dofs, places } = patches
  const { dofsPerParticle, particleDofs } = patches
  const coupled = modes.modeCount > 0
  const count = patches.reacting.length
  const current = new Float64Array(unknowns.particles)
  const patchCurrent = new Float64Array(count)
  const unevenness = new Float64Array(count)
  const byDriver = new Float64Array(count)
  const bySalt = new Float64Array(count)
  const bySurface = new Float64Array(count)
  const gapSlope = new Float64Array(patch.length)
  const resistance = new Float64Array(patch.length)
  const resistanceSlope = new Float64Array(patch.length)
  /** [contact, 3] what charge transfer remembers */
  const memory = new Float64Array(3 * patch.length).fill(Number.NaN)
  const table = potentialTable(active.openCircuit)
  const equilibrium = new Float64Array(2)
  const exchange = new Float64Array(3)
  const transfer = new Float64Array(4)
  const most = largestCount(particleStart)
  /** [particle][row, column] factors of 1 + Z ∂I/∂s, as Z */
  const factors = new Float64Array(modes.impedance.length)
  const right = new Float64Array(most)
  const moved = new Float64Array(most)
  /** [reacting patch] ∂I/∂s in the factors */
  const factoredSlope = new Float64Array(count)
  /** Where the last evaluation was: [particle] x, NaN for none, [reacting patch] driving force less E_eq, and c_l/c_l0 */
  const lastX = new Float64Array(unknowns.particles).fill(Number.NaN)
  const lastForce = new Float64Array(count)
  const lastSalt = new Float64Array(count)
  const element = new Float64Array(dofsPerParticle * dofsPerParticle)
  const changes = new Float64Array(dofsPerParticle)

  /** [reacting patch, 3] of what feeds it with electrons (−1 the collector), c_l and φ_l, as numbered in the particle */
  const columns = new Int32Array(3 * count)
  for (let k = 0; k < count; k++) {
    const at = group[k] * dofsPerGroup
    columns.set([shared ? places[at + 5] : places[at + 1], places[at + 3], places[at + 4]], 3 * k)
  }

  /** Currents of a particle's patches at the surfaces as they are now, and their slopes. */
  const evaluate = (particle: number, x: Float64Array): void => {
    const { chargeTransfer, exchangeCurrent } = active
    const voltage = x[unknowns.voltage]
    for (let k = particleStart[particle]; k < particleStart[particle + 1]; k++) {
      const at = group[k] * dofsPerGroup
      const surface = x[particle] + unevenness[k]
      const electron = dofs[at + 1]
      const driver = shared ? x[dofs[at + 5]] : electron < 0 ? 0 : x[electron]
      table.evaluateInto(surface, equilibrium)
      const force = driver + voltage - x[dofs[at + 4]]
      const driving = force - equilibrium[0]
      lastForce[k] = force
      lastSalt[k] = x[dofs[at + 3]]
      exchangeCurrent.evaluateInto(surface, x[dofs[at + 3]] * initialElectrolyte, exchange)
      let flow = 0
      let slope = 0
      let byExchange = 0
      if (shared) {
        chargeTransfer.evaluateInto(exchange[0], driving, 0, transfer)
        flow = wettedArea[k] * transfer[0]
        slope = wettedArea[k] * transfer[1]
        byExchange = wettedArea[k] * transfer[2]
      } else
        for (let c = contactStart[k]; c < contactStart[k + 1]; c++) {
          chargeTransfer.evaluateNearInto(exchange[0], driving, resistance[c], memory, 3 * c, transfer)
          const own = area[c]
          flow += own * transfer[0]
          slope += own * transfer[1]
          byExchange += own * transfer[2]
          gapSlope[c] = own * Math.abs(transfer[3]) * resistanceSlope[c]
        }
      patchCurrent[k] = flow
      byDriver[k] = slope
      bySalt[k] = byExchange * exchange[2] * initialElectrolyte
      bySurface[k] = byExchange * exchange[1] - slope * equilibrium[1]
    }
  }

  /** Takes the surfaces of a particle along the tangent of the last evaluation, to where the unknowns are now. */
  const predict = (particle: number, x: Float64Array): void => {
    const first = particleStart[particle]
    const size = particleStart[particle + 1] - first
    const base = modes.impedanceStart[particle]
    const { impedance } = modes
    const voltage = x[unknowns.voltage]
    const change = x[particle] - lastX[particle]
    for (let a = 0; a < size; a++) {
      const k = first + a
      const at = group[k] * dofsPerGroup
      const electron = dofs[at + 1]
      const driver = shared ? x[dofs[at + 5]] : electron < 0 ? 0 : x[electron]
      const force = driver + voltage - x[dofs[at + 4]] - lastForce[k]
      moved[a] = byDriver[k] * force + bySalt[k] * (x[dofs[at + 3]] - lastSalt[k]) + bySurface[k] * change
    }
    for (let a = 0; a < size; a++) {
      let sum = 0
      for (let b = 0, row = base + a * size; b < size; b++) sum -= impedance[row + b] * moved[b]
      right[a] = sum
    }
    solveFactored(factors, base, size, right, 0)
    let largest = 0
    for (let a = 0; a < size; a++) largest = Math.max(largest, Math.abs(right[a]))
    if (largest < longestStep) for (let a = 0; a < size; a++) unevenness[first + a] += right[a]
  }

  /** Solves for the surfaces of a particle, and leaves the factors of 1 + Z ∂I/∂s behind; currents are NaN if it fails. */
  const settle = (particle: number, x: Float64Array): void => {
    const first = particleStart[particle]
    const size = particleStart[particle + 1] - first
    const base = modes.impedanceStart[particle]
    const { impedance, history } = modes
    let stale = Number.isNaN(lastX[particle])
    if (!stale) predict(particle, x)
    lastX[particle] = x[particle]
    for (let iteration = 0; iteration < mostIterations; iteration++) {
      evaluate(particle, x)
      for (let a = 0, row = base; a < size; a++, row += size) {
        let sum = history[first + a] - unevenness[first + a]
        for (let b = 0; b < size; b++) sum -= impedance[row + b] * patchCurrent[first + b]
        right[a] = sum
        const shift = impedance[row + a] * (bySurface[first + a] - factoredSlope[first + a])
        if (!(Math.abs(shift) < tolerableShift)) stale = true
      }
      if (stale) {
        for (let a = 0, row = base; a < size; a++, row += size) {
          for (let b = 0; b < size; b++) factors[row + b] = impedance[row + b] * bySurface[first + b]
          factors[row + a] += 1
          factoredSlope[first + a] = bySurface[first + a]
        }
        factorise(factors, base, size)
        stale = false
      }
      solveFactored(factors, base, size, right, 0)
      let largest = 0
      for (let a = 0; a < size; a++) largest = Math.max(largest, Math.abs(right[a]))
      const share = largest > longestStep ? longestStep / largest : 1
      for (let a = 0; a < size; a++) unevenness[first + a] += share * right[a]
      if (!(largest > smallStep)) {
        for (let a = 0; a < size; a++) patchCurrent[first + a] += bySurface[first + a] * right[a]
        if (Number.isNaN(largest)) break
        return
      }
    }
    patchCurrent.fill(Number.NaN, first, first + size)
    unevenness.fill(0, first, first + size)
    lastX[particle] = Number.NaN
  }

  const add: PatchCurrents["add"] = (positions, x, residual, jacobian) => {
    for (let particle = 0; particle < unknowns.particles; particle++) {
      current[particle] = 0
      const first = particleStart[particle]
      const last = particleStart[particle + 1]
      if (first === last) continue
      if (coupled) settle(particle, x)
      else evaluate(particle, x)
      const begin = particle * dofsPerParticle
      let width = 0
      while (width < dofsPerParticle && particleDofs[begin + width] >= 0) width++
      element.fill(0, 0, width * dofsPerParticle)
      for (let own = groupStart[particle]; own < groupStart[particle + 1]; own++)
        addGroup(particle, own, width, residual)
      fillRows(particle, width)
      if (shared) for (let k = first; k < last; k++) addFeed(k, x, residual)
      for (let row = 0; row < width; row++) {
        const place = (begin + row) * dofsPerParticle
        const own = row * dofsPerParticle
        for (let column = 0; column < width; column++) jacobian[positions[place + column]] += element[own + column]
      }
    }
  }

  /**
   * The current of a group leaves the solid and what feeds electrons, and enters the electrolyte as salt and charge. With
   * A = 1 + Z ∂I/∂s the currents change by A^{−T} (∂I/∂s dx + ∂I/∂φ dφ + ∂I/∂c dc), since Z is symmetric: a row of that,
   * summed over the group, is a solution with A. Here it goes to the rows of electrons and salt.
   */
  const addGroup = (particle: number, own: number, width: number, residual: Float64Array): void => {
    const first = particleStart[particle]
    const size = particleStart[particle + 1] - first
    let flow = 0
    let begin = size
    for (let a = 0; a < size; a++) {
      const inside = group[first + a] === own
      right[a] = inside ? 1 : 0
      if (!inside) continue
      flow += patchCurrent[first + a]
      if (begin === size) begin = a
    }
    if (coupled) solveFactored(factors, modes.impedanceStart[particle], size, right, begin)
    changes.fill(0, 0, width)
    let bySurfaces = 0
    let byVoltage = 0
    for (let a = 0; a < size; a++) {
      const driver = right[a] * byDriver[first + a]
      bySurfaces += right[a] * bySurface[first + a]
      byVoltage += driver
      const at = 3 * (first + a)
      if (columns[at] >= 0) changes[columns[at]] += driver
      changes[columns[at + 1]] += right[a] * bySalt[first + a]
      changes[columns[at + 2]] -= driver
    }
    const at = own * dofsPerGroup
    changes[places[at]] += bySurfaces
    changes[places[at + 2]] += byVoltage
    const source = sourceOf(own)
    const sourceRow = places[at + source] * dofsPerParticle
    const saltRow = places[at + 3] * dofsPerParticle
    for (let column = 0; column < width; column++) {
      element[sourceRow + column] += changes[column]
      element[saltRow + column] -= changes[column]
    }
    current[particle] += flow
    residual[dofs[at]] += flow
    residual[dofs[at + source]] += flow
    residual[dofs[at + 3]] -= flow
    residual[dofs[at + 4]] -= flow
  }

  /** Charge enters the electrolyte as salt does, and what enters it in all layers leaves the solid. */
  const fillRows = (particle: number, width: number): void => {
    let before = -1
    for (let own = groupStart[particle]; own < groupStart[particle + 1]; own++) {
      const at = own * dofsPerGroup
      const salt = places[at + 3]
      if (salt === before) continue
      before = salt
      const saltRow = salt * dofsPerParticle
      const ionRow = places[at + 4] * dofsPerParticle
      const ownRow = places[at] * dofsPerParticle
      for (let column = 0; column < width; column++) {
        element[ionRow + column] = element[saltRow + column]
        element[ownRow + column] -= element[saltRow + column]
      }
    }
  }

  /** Which of a group's unknowns feeds it with electrons: node, collector, or the particle itself. */
  const sourceOf = (own: number): number => (shared ? 5 : dofs[own * dofsPerGroup + 1] < 0 ? 2 : 1)

  /** The contacts of a patch feed its particle: (φ_s − φ_p)/R from node to particle. */
  const addFeed = (k: number, x: Float64Array, residual: Float64Array): void => {
    if (contactStart[k] === contactStart[k + 1]) return
    const at = group[k] * dofsPerGroup
    const electron = dofs[at + 1]
    const fall = (electron < 0 ? 0 : x[electron]) - x[dofs[at + 5]]
    let conductance = 0
    for (let c = contactStart[k]; c < contactStart[k + 1]; c++) {
      const own = area[c] / resistance[c]
      conductance += own
      gapSlope[c] = (Math.abs(fall) * own * resistanceSlope[c]) / resistance[c]
    }
    const from = electron < 0 ? 2 : 1
    const ownRow = places[at + 5] * dofsPerParticle
    const fromRow = places[at + from] * dofsPerParticle
    residual[dofs[at + 5]] -= conductance * fall
    residual[dofs[at + from]] += conductance * fall
    element[ownRow + places[at + 5]] += conductance
    element[fromRow + places[at + 5]] -= conductance
    // The collector's potential relative to itself is zero: nothing follows from its unknown.
    if (from === 2) return
    element[ownRow + places[at + 1]] -= conductance
    element[fromRow + places[at + 1]] += conductance
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
    add,
  }
}

const largestCount = (start: Int32Array): number => {
  let most = 0
  for (let i = 1; i < start.length; i++) most = Math.max(most, start[i] - start[i - 1])
  return most
}

/**
 * LU factors in place, without pivoting: 1 + Z B with Z ≥ 0 symmetric and a diagonal B ≥ 0 has positive minors only. In the
 * place of pivots stand their reciprocals.
 * @param matrix [row, column] of `size`, from `base` on
 */
const factorise = (matrix: Float64Array, base: number, size: number): void => {
  const end = base + size * size
  for (let k = 0, pivotRow = base; k < size; k++, pivotRow += size) {
    const reciprocal = 1 / matrix[pivotRow + k]
    matrix[pivotRow + k] = reciprocal
    for (let row = pivotRow + size; row < end; row += size) {
      const factor = matrix[row + k] * reciprocal
      matrix[row + k] = factor
      for (let column = k + 1; column < size; column++) matrix[row + column] -= factor * matrix[pivotRow + column]
    }
  }
}

/** @param begin entries of `out` before it are 0 */
const solveFactored = (factors: Float64Array, base: number, size: number, out: Float64Array, begin: number): void => {
  for (let row = begin + 1, at = base + row * size; row < size; row++, at += size) {
    let sum = out[row]
    for (let column = begin; column < row; column++) sum -= factors[at + column] * out[column]
    out[row] = sum
  }
  for (let row = size - 1, at = base + row * size; row >= 0; row--, at -= size) {
    let sum = out[row]
    for (let column = row + 1; column < size; column++) sum -= factors[at + column] * out[column]
    out[row] = sum * factors[at + row]
  }
}
