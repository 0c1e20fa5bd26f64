import { analyseSynchronisation } from "../synchronisation/analysis.ts"
import type { Synchronisation } from "../synchronisation/ensemble.ts"
import { particleColours } from "./colour.ts"
import { assertReportInput } from "./contract.ts"
import type { ReportInput } from "./input.ts"
import { type Layout, layoutOf } from "./layout.ts"
import { type CycleSpan, type RunAxis, runAxisOf } from "./run-axis.ts"
import { curvesOf, cycleSpans, type ParticleCurves, type ParticleIndex, particleIndex } from "./series.ts"

/** What the parts of a report share, worked out once from its input. */
export interface ReportContext {
  readonly input: ReportInput
  /** null without a 2-D mesh */
  readonly layout: Layout | null
  readonly index: ParticleIndex
  readonly particleCount: number
  /** [particle] */
  readonly colours: readonly string[]
  readonly stoichiometry: ParticleCurves
  readonly damage: ParticleCurves
  /** Whether damage was recorded at all: a run without mechanics writes zeros */
  readonly hasDamage: boolean
  /** τ [s] */
  readonly referenceTime: number
  /** Numbered cycles with their times, formation (0) included [s] */
  readonly spans: readonly CycleSpan[]
  /** Of charts over the whole run */
  readonly runAxis: RunAxis
  /** First and last numbered cycle; null before the first has begun */
  readonly cycles: { readonly first: number; readonly last: number } | null
  /** Cycles shown side by side: the first and the last that was finished; one or none where there are no two */
  readonly compared: readonly number[]
  /** null with fewer than two particles, before the first end of charge, or where no ensemble is known */
  readonly synchronisation: Synchronisation | null
}

export const contextOf = (input: ReportInput): ReportContext => {
  assertReportInput(input)
  const layout = input.mesh !== null && input.mesh.dimension === 2 ? layoutOf(input.mesh) : null
  const index = particleIndex(input.particleHistory)
  const particleCount = Math.max(
    index.particleCount,
    layout?.area.length ?? 0,
    input.particles.columns[0]?.values.length ?? 0,
  )
  const spans = cycleSpans(input.history)
  const numbered = spans.filter(({ cycle }) => cycle > 0)
  const tau = input.manifest.referenceTime
  const referenceTime = Number.isFinite(tau) && tau > 0 ? tau : 1
  return {
    input,
    layout,
    index,
    particleCount,
    colours: particleColours(particleCount, layout?.depth ?? null),
    stoichiometry: curvesOf(index, input.particleHistory.meanStoichiometry),
    damage: curvesOf(index, input.particleHistory.damage),
    hasDamage:
      input.particleHistory.damage.some((value) => value > 0) ||
      (input.mechanicalEnergy !== null && input.particleHistory.damage.some(Number.isFinite)),
    referenceTime,
    spans,
    runAxis: runAxisOf(spans, index.time, referenceTime),
    cycles: numbered.length === 0 ? null : { first: numbered[0].cycle, last: numbered[numbered.length - 1].cycle },
    compared: comparedCycles(
      numbered.map(({ cycle }) => cycle),
      input.cycles.cycle.filter((cycle) => cycle > 0),
    ),
    synchronisation:
      input.ensemble === null || input.ensemble.particleCount < 2 || input.ensemble.cycle.length === 0
        ? null
        : analyseSynchronisation(input.ensemble),
  }
}

/** A run that broke off in a later cycle is compared up to the last whole one; in its second, with what there is. */
const comparedCycles = (begun: readonly number[], finished: Int32Array): readonly number[] => {
  if (begun.length < 2) return begun
  const last = finished.length < 2 ? begun[begun.length - 1] : finished[finished.length - 1]
  return [begun[0], last]
}

/** Name of a particle in legends and tables; counted from 1 as in the paper. */
export const particleName = (particle: number): string => `P${particle + 1}`
