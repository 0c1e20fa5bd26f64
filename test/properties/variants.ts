import type { Observation } from "../../src/model/observation.ts"
import { mirrored, renumbered } from "../../validation/analytic/mesh-transforms.ts"
import type { Finding } from "./invariants.ts"
import { type JudgedRun, type March, march, type SmallRun, startOf } from "./march.ts"

/** Largest differences that rounding may leave between runs that are the same to the eye of physics. */
const sameness = 1e-8

/**
 * What takes the place of `sameness` where a loading to the strength wears away so much of a bond that its traction falls
 * while its opening grows, Σ < 1 in `laws/fatigue`: bonds that wear then take load from each other, which of two equal ones
 * goes first is a matter of rounding, and a difference grows by e within a few lags of the damage. Of 120 such twins four
 * went apart by more than 1e-8, the worst by 2e-4 in stoichiometry and 9e-4 in damage; of some hundred more one by 0.009.
 */
const parting = { stoichiometry: 0.05, damage: 0.2 } as const

/** Largest share of the bonds that a loading may wear away for equal bonds to stay equal [%] */
const stableLoss = 30

const isStable = ({ twin }: SmallRun): boolean => twin.materials.fatigueLoss <= stableLoss

/** What is wrong with two runs, or two halves of one, that may part by rounding: judged by their particles alone. */
const partedFinding = (
  one: readonly Observation[],
  other: readonly Observation[],
  toParticle: ArrayLike<number>,
): Finding => {
  for (const [k, own] of one.entries()) {
    const its = other[k]
    for (const particle of own.particles.damage.keys()) {
      const far = (field: "meanStoichiometry" | "damage"): number =>
        Math.abs(own.particles[field][particle] - its.particles[field][toParticle[particle]])
      if (!(far("meanStoichiometry") <= parting.stoichiometry && far("damage") <= parting.damage))
        return `particle ${particle + 1} parts by ${far("meanStoichiometry")}, its damage by ${far("damage")}, at ${own.time} s`
    }
  }
  return undefined
}

/** Where two runs with the same steps are farthest apart. @param toParticle [particle] its number in the other */
export const worstOf = (
  one: readonly Observation[],
  other: readonly Observation[],
  toParticle: ArrayLike<number>,
): { readonly quantity: string; readonly apart: number; readonly time: number } => {
  let worst = { quantity: "none", apart: 0, time: 0 }
  const compare = (quantity: string, time: number, apart: number): void => {
    if (!(apart <= worst.apart)) worst = { quantity, apart, time }
  }
  one.forEach((own, k) => {
    compare("time [s]", own.time, Math.abs(own.time - other[k].time) / Math.max(1, own.time))
    compare("voltage [V]", own.time, Math.abs(own.voltage - other[k].voltage))
    for (const field of ["meanStoichiometry", "damage"] as const)
      own.particles[field].forEach((value, particle) => {
        compare(
          `${field} of particle ${particle + 1}`,
          own.time,
          Math.abs(value - other[k].particles[field][toParticle[particle]]),
        )
      })
  })
  return worst
}

/** The mirror image of a layout, with its nodes, cells and particles in another order, behaves as the layout itself. */
export const mirroredFinding = (run: SmallRun): Finding => {
  const { mesh } = run
  const width = mesh.nodes.reduce((most, value, k) => (k % 2 === 0 ? Math.max(most, value) : most), 0)
  const image = renumbered(mirrored(mesh, width / 2), 11)
  const simulation = startOf({ ...run, mesh: image.mesh })
  // The pause for the checkpoint drops the factorisations, which shifts what follows by rounding.
  const other = march(simulation, (accepted) => {
    if (accepted === run.savedAfter) simulation.checkpoint()
  })
  if (!isStable(run)) {
    const ends = ({ ends: all }: March) => all.map(({ observation }) => observation)
    const [mine, theirs] = [ends(run.march), ends(other)]
    return mine.length === theirs.length
      ? partedFinding(mine, theirs, image.toParticle)
      : `${mine.length} protocol steps, ${theirs.length} in the mirror`
  }
  const [own, its] = [run.march.observations, other.observations]
  if (own.length !== its.length) return `${own.length - 1} accepted steps, ${its.length - 1} in the mirror`
  const { quantity, apart, time } = worstOf(own, its, image.toParticle)
  return apart <= sameness ? undefined : `${quantity} differs by ${apart} at ${time.toPrecision(7)} s`
}

/** A run that goes on from a checkpoint ends with the same bits. */
export const resumedFinding = (run: JudgedRun): Finding => {
  const [own, its] = [run.last, run.resumedLast()]
  if (its === undefined) return undefined
  if (own.accepted !== its.accepted) return `${its.accepted} accepted steps instead of ${own.accepted}`
  const [state, resumed] = [own.history[0], its.history[0]]
  const differs = state.x.findIndex((value, k) => !Object.is(value, resumed.x[k]))
  if (differs >= 0) return `unknown ${differs} ends as ${resumed.x[differs]} instead of ${state.x[differs]}`
  const broken = state.mechanical.damage.findIndex((value, k) => !Object.is(value, resumed.mechanical.damage[k]))
  return broken < 0 ? undefined : `damage of pair ${broken} differs`
}

/**
 * How far halving the tolerance of the steps may move what is reported at the ends of the steps, where damage lags by 20 s
 * or more. Faster bonds tear node by node on so coarse a mesh, and which node goes first is a matter of rounding.
 */
export const toleranceErrors = {
  /** Mean stoichiometry of any particle */
  stoichiometry: 0.01,
  /** Mean damage of any particle */
  damage: 0.06,
  /** Charge passed, over the nominal capacity */
  charge: 0.01,
} as const

/** Lag of the damage from which {@link toleranceErrors} hold [s] */
export const smoothDelay = 20

/** What halving the tolerance changes at the ends of the protocol's steps. */
export const toleranceDifferences = (run: JudgedRun): Readonly<Record<keyof typeof toleranceErrors, number>> => {
  const { time } = run
  const finer = march(run.restarted({ ...time, tolerance: time.tolerance / 2 }))
  const worst = { stoichiometry: 0, damage: 0, charge: 0 }
  const ends = ({ ends: all }: March) => all.map(({ observation }) => observation)
  ends(run.march).forEach((own, k) => {
    const its = ends(finer).at(k)
    if (its === undefined) return
    worst.charge = Math.max(worst.charge, Math.abs(own.charge - its.charge) / run.active.nominalCapacity)
    own.particles.damage.forEach((value, particle) => {
      const apart = Math.abs(own.particles.meanStoichiometry[particle] - its.particles.meanStoichiometry[particle])
      worst.stoichiometry = Math.max(worst.stoichiometry, apart)
      worst.damage = Math.max(worst.damage, Math.abs(value - its.particles.damage[particle]))
    })
  })
  return worst
}

/** Halving the tolerance of the steps moves what is reported by less than stated, {@link toleranceErrors} if not given. */
export const toleranceFinding = (
  run: JudgedRun,
  stated: Readonly<Record<keyof typeof toleranceErrors, number>> = toleranceErrors,
): Finding => {
  const worst = toleranceDifferences(run)
  const over = (Object.keys(toleranceErrors) as (keyof typeof toleranceErrors)[]).find(
    (quantity) => !(worst[quantity] <= stated[quantity]),
  )
  return over && `${over} moves by ${worst[over]}`
}

/** Particles 1 and 2, 3 and 4, … of a layout that is its own mirror image stay equal. */
export const symmetricFinding = (run: SmallRun): Finding => {
  const partner = run.twin.particles.map((_, particle) => particle ^ 1)
  if (!isStable(run)) return partedFinding(run.march.observations, run.march.observations, partner)
  const { quantity, apart, time } = worstOf(run.march.observations, run.march.observations, partner)
  return apart <= sameness ? undefined : `${quantity} differs by ${apart} from its mirror image at ${time} s`
}
