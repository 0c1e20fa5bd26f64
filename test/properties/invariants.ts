import type { Observation } from "../../src/model/observation.ts"
import type { ProtocolStep } from "../../src/model/protocol.ts"
import type { JudgedRun } from "./march.ts"

/** What was found wrong, in a sentence with numbers; undefined where the property holds. */
export type Finding = string | undefined

/** What must hold on every run, whatever the layout: judged on one march. */
export interface Invariant {
  readonly name: string
  readonly finding: (run: JudgedRun) => Finding
}

const at = ({ time }: Observation): string => `at ${time.toPrecision(7)} s`

/** The first finding of any observation. */
const firstOf = (
  { march }: JudgedRun,
  judge: (observation: Observation, before: Observation, index: number) => Finding,
): Finding => {
  for (let k = 1; k < march.observations.length; k++) {
    const finding = judge(march.observations[k], march.observations[k - 1], k)
    if (finding !== undefined) return finding
  }
  return undefined
}

/** The first particle that a judgement finds fault with. */
const anyParticle = (
  observation: Observation,
  judge: (particle: number, particles: Observation["particles"]) => Finding,
): Finding => {
  const { particles } = observation
  for (let particle = 0; particle < particles.damage.length; particle++) {
    const finding = judge(particle, particles)
    if (finding !== undefined) return `particle ${particle + 1} ${at(observation)}: ${finding}`
  }
  return undefined
}

const numbersIn = (value: unknown, path: string): readonly (readonly [string, number])[] => {
  if (typeof value === "number") return [[path, value]]
  if (value instanceof Float64Array) return [...value].map((each, k) => [`${path}[${k}]`, each] as const)
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, path === "" ? key : `${path}.${key}`))
  return []
}

const finite: Invariant = {
  name: "everything is finite, and a run that ends early says why",
  finding: (run) => {
    const { failure } = run.march
    if (failure !== undefined && !(failure.time >= 0 && failure.phrase !== "" && failure.cause.kind.length > 0))
      return `failed without a reason: ${JSON.stringify(failure)}`
    return firstOf(run, (observation) => {
      const wrong = numbersIn(observation, "").find(([, value]) => !Number.isFinite(value))
      return wrong && `${wrong[0]} is ${wrong[1]} ${at(observation)}`
    })
  },
}

const withinMaterial: Invariant = {
  name: "lithium contents, gaps and shares keep their ranges",
  finding: (run) =>
    firstOf(run, (observation, before) => {
      // A step whose current a torn cell cannot carry at all ends where it begins.
      if (!(observation.time >= before.time)) return `time runs back ${at(observation)}`
      return anyParticle(observation, (p, { meanStoichiometry, surfaceStoichiometry, meanGap, ...particles }) => {
        if (!(meanStoichiometry[p] >= 0 && meanStoichiometry[p] <= 1)) return `holds ${meanStoichiometry[p]} of c_max`
        // Steps that end for want of lithium are accepted one per cent beyond the ends of the range.
        if (!(surfaceStoichiometry[p] >= -0.02 && surfaceStoichiometry[p] <= 1.02))
          return `its surface holds ${surfaceStoichiometry[p]} of c_max`
        if (!(meanGap[p] >= 0 && meanGap[p] <= particles.maximumGap[p] * (1 + 1e-12)))
          return `mean gap ${meanGap[p]} m, largest ${particles.maximumGap[p]} m`
        // A point counts as debonded from 0.99 on.
        if (!(0.99 * particles.debondedShare[p] <= particles.damage[p] + 1e-12))
          return `debonded share ${particles.debondedShare[p]} with damage ${particles.damage[p]}`
        return undefined
      })
    }),
}

const damage: Invariant = {
  name: "damage never falls and stays between 0 and 1",
  finding: (run) =>
    firstOf(run, (observation, before) =>
      anyParticle(observation, (p, { damage: now }) => {
        if (!(now[p] >= 0 && now[p] <= 1 + 1e-12)) return `damage ${now[p]}`
        const last = before.particles.damage[p]
        return now[p] >= last - 1e-14 ? undefined : `damage falls from ${last} to ${now[p]}`
      }),
    ),
}

const conserved: Invariant = {
  name: "lithium and charge are conserved to 1e-9 at every accepted step",
  finding: (run) =>
    firstOf(run, (observation) => {
      const { lithium, charge } = observation.balance
      if (!(lithium <= 1e-9)) return `lithium balance is off by ${lithium} ${at(observation)}`
      return charge <= 1e-9 ? undefined : `charge balance is off by ${charge} ${at(observation)}`
    }),
}

const currents: Invariant = {
  name: "the current asked for flows, and all of it through the particles",
  finding: (run) =>
    firstOf(run, (observation, before) => {
      // A step whose current the cell cannot carry at all ends where it begins, with what flowed before.
      if (observation.time === before.time && observation.current === before.current) return undefined
      const { cell } = run
      const { control } = run.protocol.steps[observation.step]
      const total = observation.current * cell.collectorArea
      const asked = control.kind === "c-rate" ? control.rate * cell.oneC : control.kind === "rest" ? 0 : total
      const through = observation.particles.current.reduce(
        (sum, density, particle) => sum + density * cell.surface[particle],
        0,
      )
      const size = Math.max(cell.oneC, Math.abs(total))
      if (!(Math.abs(total - asked) <= 1e-9 * size)) return `${total} A/m instead of ${asked} A/m ${at(observation)}`
      if (!(Math.abs(total - through) <= 2e-9 * size))
        return `${total} A/m in the collector, ${through} A/m through the particles ${at(observation)}`
      return control.kind === "voltage" && !(Math.abs(observation.voltage - control.voltage) <= 1e-9)
        ? `${observation.voltage} V instead of ${control.voltage} V ${at(observation)}`
        : undefined
    }),
}

const isBeyond = ({ limits }: ProtocolStep, { voltage }: Observation): boolean =>
  limits.some(
    (limit) =>
      (limit.kind === "voltage-above" && voltage >= limit.voltage) ||
      (limit.kind === "voltage-below" && voltage <= limit.voltage),
  )

const ended: Invariant = {
  name: "steps end at their limits, neither before nor after",
  finding: ({ march, protocol }) => {
    const last = new Set(march.ends.map(({ observation }) => observation))
    const over = march.observations.find(
      (each, k) => k > 0 && !last.has(each) && isBeyond(protocol.steps[each.step], each),
    )
    if (over) return `goes on at ${over.voltage} V ${at(over)}`
    let start = 0
    for (const { end, step, observation } of march.ends) {
      const { duration, limits, phrase } = protocol.steps[step]
      const took = observation.time - start
      const onTime = Math.abs(took - duration) <= 1e-6
      const reached =
        end === "duration"
          ? onTime
          : end === "cannot carry the current" || end === "c-rate-below" || limits.some(({ kind }) => kind === end)
      if (!reached || took > duration + 1e-6) return `"${phrase}" ends with "${end}" after ${took} s`
      start = observation.time
    }
    return march.failure === undefined && march.ends.length !== protocol.steps.length
      ? `${march.ends.length} of ${protocol.steps.length} steps ended`
      : undefined
  },
}

const energy: Invariant = {
  name: "swelling work is what is stored, debonded and lost to the delay; nothing lost comes back",
  finding: (run) => {
    const size = Math.max(...run.march.observations.map(({ mechanicalEnergy: { input } }) => Math.abs(input)))
    return firstOf(run, (observation, before) => {
      const { input, elastic, dissipated, viscous } = observation.mechanicalEnergy
      const last = before.mechanicalEnergy
      const error = Math.abs(input - elastic - dissipated - viscous) / size
      if (!(error <= 1e-6)) return `the work balance is off by ${error} of the largest work ${at(observation)}`
      if (!(elastic >= 0)) return `elastic energy ${elastic} J/m ${at(observation)}`
      if (dissipated < last.dissipated - 1e-9 * size)
        return `dissipation falls from ${last.dissipated} to ${dissipated} J/m ${at(observation)}`
      // Work is summed by trapezoids: a step that begins below the onset and ends beyond it leaves its error here.
      return viscous < last.viscous - 2e-3 * size
        ? `loss to the delay falls by ${(last.viscous - viscous) / size} of the largest work ${at(observation)}`
        : undefined
    })
  },
}

const severed: Invariant = {
  name: "a particle with no path to the collector keeps its lithium",
  finding: (run) => {
    const { initialStoichiometry } = run.active
    return firstOf(run, (observation) =>
      anyParticle(observation, (p, { meanStoichiometry, current }) => {
        if (!run.isCutOff(p)) return undefined
        if (!(Math.abs(meanStoichiometry[p] - initialStoichiometry) <= 1e-9)) return `holds ${meanStoichiometry[p]}`
        // An equipotential one may carry currents in and out, through the electrolyte only, that add up to nothing.
        return Math.abs(current[p]) <= 1e-9 ? undefined : `carries ${current[p]} A/m²`
      }),
    )
  },
}

/** All of them; a march is judged by each. */
export const invariants: readonly Invariant[] = [
  finite,
  withinMaterial,
  damage,
  conserved,
  currents,
  ended,
  energy,
  severed,
]
