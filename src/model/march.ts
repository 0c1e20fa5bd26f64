import type { NewtonOutcome } from "../solve/newton.ts"
import {
  bracketWidth,
  guessBeyond,
  type JudgedStep,
  leastSlope,
  narrowed,
  nextStep,
  nextStepOnTrend,
  stepTowards,
} from "../solve/step-control.ts"
import { driveAt, type Imposed, nextBreak, stepType } from "./cycler.ts"
import type { Observation } from "./observation.ts"
import type { Limit, Protocol, ProtocolStep, StepEnd } from "./protocol.ts"

/** Why a trial step was given up. */
export type StepFailure =
  | { readonly kind: "electrochemistry"; readonly newton: NewtonOutcome }
  | { readonly kind: "mechanics"; readonly newton: NewtonOutcome }
  | { readonly kind: "coupling"; readonly passes: number; readonly current: number; readonly potential: number }

/** What a march must know of a state. */
export interface MarchingState {
  /** [s] */
  readonly time: number
  /** Current into the collector [A], [A/m] in 2-D, > 0 on charge */
  readonly current: number
}

/** A step that was solved. */
export interface SolvedStep<State> {
  readonly kind: "solved"
  readonly state: State
  /** Local error over tolerance */
  readonly error: number
  readonly order: 1 | 2
  /** Largest rise of a particle's mean damage */
  readonly damageRise: number
  readonly passes: number
}

export type TrialStep<State> = SolvedStep<State> | { readonly kind: "failed"; readonly failure: StepFailure }

/** A cell as the march through a protocol sees it. */
export interface MarchProblem<State extends MarchingState> {
  readonly initial: State
  /**
   * Solves one implicit step.
   * @param history accepted states since the last discontinuity, newest first (one to three)
   * @param since   time of that discontinuity [s]
   */
  readonly attempt: (history: readonly State[], step: number, drive: Imposed, since: number) => TrialStep<State>
  /** Drops what was kept for speed, so that what follows depends on the states alone. */
  readonly forget: () => void
  /** Current of 1C [A], [A/m] in 2-D */
  readonly oneC: number
  /** [m²], [m] in 2-D */
  readonly collectorArea: number
  /** [V] */
  readonly voltage: (state: State) => number
  /**
   * ≥ 0 once the current has emptied (charge) or filled (discharge) a surface to within `margin` of what the material
   * holds, or run electrolyte dry; the other end of the range is no hindrance to it.
   */
  readonly exhaustion: (state: State, current: number, margin: number) => number
  /**
   * Whether the formula follows what a jump sets off, so that errors change smoothly from step to step: the next step takes
   * up their trend, the first after a jump says nothing about the second, and an error a little too large is let pass.
   */
  readonly hasSmoothErrors?: boolean
  readonly observe: (
    state: State,
    step: { readonly index: number; readonly cycle: number; readonly type: Observation["stepType"] },
  ) => Observation
}

/** Error control of the march. */
export interface MarchSettings {
  /** First step after a discontinuity [s] */
  readonly firstStep: number
  /** Longest step [s] */
  readonly longestStep: number
  /** A run fails when it needs steps shorter than this [s] */
  readonly shortestStep: number
  /** Largest rise of a particle's mean damage in one step */
  readonly damageIncrement: number
}

/** Why a run cannot go on. */
export type FailureReason = {
  readonly kind: "step too small"
  /** [s] */
  readonly time: number
  /** Last step tried [s] */
  readonly step: number
  readonly phrase: string
  readonly cause:
    | StepFailure
    | { readonly kind: "damage burst"; readonly rise: number }
    | { readonly kind: "error control" }
}

/** What one call of `advance` has brought. */
export type Advance =
  /** Accepted; the protocol step goes on. */
  | { readonly kind: "step"; readonly observation: Observation }
  /** Accepted, and this ended protocol step `step`. */
  | { readonly kind: "step-ended"; readonly observation: Observation; readonly end: StepEnd; readonly step: number }
  | { readonly kind: "finished" }
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly observation: Observation }

/** Everything that a run needs to go on bit-equally. */
export interface MarchCheckpoint<State> {
  /** Accepted states since the last discontinuity, newest first */
  readonly history: readonly State[]
  readonly protocolStep: number
  /** [s] */
  readonly stepStart: number
  /** Next step the controller proposes [s] */
  readonly proposed: number
  readonly judged?: JudgedStep
  readonly accepted: number
  readonly rejected: number
}
/** Counts and times of the solvers since the start. */
export interface SolverStatistics {
  readonly accepted: number
  readonly rejected: number
  /** Passes between electrochemistry and mechanics */
  readonly passes: number
  readonly electrochemistry: { readonly iterations: number; readonly krylov: number; readonly factorisations: number }
  readonly mechanics: { readonly iterations: number; readonly krylov: number; readonly factorisations: number }
  /** Wall time by part [s] */
  readonly seconds: Readonly<Record<string, number>>
}
/** A cell on its march through a protocol. */
export interface March<State> {
  /** Current state as a user follows it */
  readonly observation: Observation
  /**
   * One accepted time step, or the event that ends a protocol step.
   * @param latest a time that must be hit exactly if it lies ahead [s]
   */
  readonly advance: (latest?: number) => Advance
  /** Taking a checkpoint drops kept factorisations, so that a resumed run follows the same path. */
  readonly checkpoint: () => MarchCheckpoint<State>
  readonly restore: (checkpoint: MarchCheckpoint<State>) => void
  /** Last accepted state */
  readonly state: () => State
  /** Accepted and rejected steps, wall time of observations and of all [s] */
  readonly counts: () => MarchCounts
}

export interface MarchCounts {
  readonly accepted: number
  readonly rejected: number
  /** [s] */
  readonly observing: number
  /** [s] */
  readonly total: number
}

/** Ends a step once `beyond` its state reaches zero. */
interface StepEvent<State> {
  readonly end: StepEnd
  readonly beyond: (state: State) => number
}

/** Events are located to this [s]. */
const eventWidth = 1e-3
/** Sets a cell on its march: steps controlled by their error, events located in time, protocol steps one after the other. */
export const createMarch = <State extends MarchingState>(
  problem: MarchProblem<State>,
  protocol: Protocol,
  settings: MarchSettings,
): March<State> => {
  const limits = {
    shortest: settings.shortestStep,
    longest: settings.longestStep,
    // From 1 + √2 on, a formula of second order amplifies what is wrong.
    growth: problem.hasSmoothErrors ? 2.4 : 2,
  }
  /** Repeating a step for less than that costs more than it gains: the next one is judged by it anyway. */
  const largestError = problem.hasSmoothErrors ? 1.2 : 1
  let history: readonly State[] = [problem.initial]
  let protocolStep = 0
  let stepStart = 0
  let proposed = settings.firstStep
  /** The last step, where the next may be judged by it */
  let judged: JudgedStep | undefined
  let accepted = 0
  let rejected = 0
  let observation: Observation | undefined
  const seconds = { observe: 0, step: 0 }

  const clock = (): number => performance.now() / 1000
  const step = (): ProtocolStep => protocol.steps[Math.min(protocolStep, protocol.steps.length - 1)]

  const observed = (): Observation => {
    if (observation) return observation
    const start = clock()
    observation = problem.observe(history[0], {
      index: Math.min(protocolStep, protocol.steps.length - 1),
      cycle: step().cycle,
      type: stepType(step().control),
    })
    seconds.observe += clock() - start
    return observation
  }

  /** ≥ 0 once the limit is reached. */
  const beyond = (limit: Limit, state: State): number =>
    limit.kind === "voltage-above"
      ? problem.voltage(state) - limit.voltage
      : limit.kind === "voltage-below"
        ? limit.voltage - problem.voltage(state)
        : limit.rate - Math.abs(state.current) / problem.oneC

  /** Everything that ends the step before its time. */
  const events = (): readonly StepEvent<State>[] => {
    const limits: StepEvent<State>[] = step().limits.map((limit) => ({
      end: limit.kind,
      beyond: (state) => beyond(limit, state),
    }))
    if (!imposesCurrent()) return limits
    return [
      ...limits,
      { end: "cannot carry the current", beyond: (state) => problem.exhaustion(state, state.current, -0.01) },
    ]
  }

  const trial = (length: number): TrialStep<State> =>
    problem.attempt(
      history,
      length,
      driveAt(step().control, history[0].time + length - stepStart, problem.oneC, problem.collectorArea),
      stepStart,
    )

  /** Shortens a step that went past an event until the event lies within a millisecond behind its end. */
  const locate = ({ beyond }: StepEvent<State>, solved: SolvedStep<State>): SolvedStep<State> => {
    const start = history[0]
    const before = beyond(start)
    let best = solved
    let length = solved.state.time - start.time
    // Right after a jump of the current the state before it says nothing about the event.
    if (before >= 0 || history.length < 2) {
      while (length > eventWidth) {
        const shorter = trial(length / 2)
        if (shorter.kind === "failed" || beyond(shorter.state) < 0) break
        best = shorter
        length /= 2
      }
      if (length <= eventWidth) return best
    }
    let bracket = { kept: 0, atKept: Math.min(before, -1e-12), latest: length, atLatest: beyond(best.state) }
    for (let tries = 0; tries < 40 && bracketWidth(bracket) > eventWidth; tries++) {
      let guess = guessBeyond(bracket, eventWidth)
      let attempt = trial(guess)
      // A length that cannot be solved says nothing; somewhere nearer the end that could, another may.
      for (let again = 0; attempt.kind === "failed" && again < 4; again++) {
        guess = (guess + best.state.time - start.time) / 2
        attempt = trial(guess)
      }
      if (attempt.kind === "failed") break
      const value = beyond(attempt.state)
      if (value >= 0) {
        best = attempt
        if (value <= eventWidth * leastSlope(bracket, guess, value)) break
      }
      bracket = narrowed(bracket, guess, value === 0 ? 1e-15 : value)
    }
    return best
  }

  /** The event that a step passes first, with the step shortened to it; undefined when it passes none. */
  const locateFirst = (
    solved: SolvedStep<State>,
  ): { readonly event: StepEvent<State>; readonly solved: SolvedStep<State> } | undefined => {
    const all = events()
    let event = all.find(({ beyond }) => beyond(solved.state) >= 0)
    if (!event) return undefined
    let located = locate(event, solved)
    // Where another event of the list was passed before, that one ends the step.
    for (const other of all)
      if (other !== event && other.beyond(located.state) >= 0 && other.beyond(history[0]) < 0) {
        event = other
        located = locate(other, located)
      }
    return { event, solved: located }
  }

  const accept = (solved: SolvedStep<State>): void => {
    history = [solved.state, ...history].slice(0, 3)
    accepted++
    observation = undefined
  }

  const endStep = (end: StepEnd): Advance => {
    const result: Advance = { kind: "step-ended", observation: observed(), end, step: protocolStep }
    protocolStep++
    stepStart = history[0].time
    history = [history[0]]
    proposed = settings.firstStep
    judged = undefined
    return result
  }

  const advance = (latest?: number): Advance => {
    if (protocolStep >= protocol.steps.length) return { kind: "finished" }
    const begin = clock()
    try {
      return march(latest)
    } finally {
      seconds.step += clock() - begin
    }
  }

  const march = (latest?: number): Advance => {
    const { time } = history[0]
    const end = stepStart + step().duration
    const stops = [end, nextBreak(step().control, time - stepStart) + stepStart]
    if (latest !== undefined && latest > time) stops.push(latest)
    const target = Math.min(...stops)
    if (end <= time) return endStep("duration")
    let length = stepTowards(Math.min(proposed, settings.longestStep), time, target)
    let refused = false
    for (;;) {
      const attempt = trial(length)
      const refusal = refuse(attempt, length)
      if (refusal) {
        rejected++
        const shorter = length * refusal.factor
        if (shorter < settings.shortestStep) {
          return endWithout(attempt) ?? failed(length, refusal.cause)
        }
        refused = true
        length = shorter
        continue
      }
      const solved = attempt as SolvedStep<State>
      const ended = locateFirst(solved)
      if (ended) {
        accept(ended.solved)
        return endStep(ended.event.end)
      }
      accept(solved)
      const latestStep = { step: length, error: solved.error }
      const grown =
        problem.hasSmoothErrors && history.length === 2
          ? length
          : judged !== undefined && !refused
            ? nextStepOnTrend(latestStep, judged, solved.order, limits)
            : nextStep(length, solved.error, solved.order, limits)
      judged = problem.hasSmoothErrors && solved.order === 2 ? latestStep : undefined
      // A step cut short to land on a record time says nothing against the step proposed before.
      proposed =
        !refused && length < proposed && grown >= length ? Math.max(grown, Math.min(proposed, grown * 2)) : grown
      if (history[0].time >= end - 1e-9) return endStep("duration")
      return { kind: "step", observation: observed() }
    }
  }

  /** Reason and factor by which a trial must be shortened, undefined when it can be accepted. */
  const refuse = (
    attempt: TrialStep<State>,
    length: number,
  ): { readonly factor: number; readonly cause: FailureReason["cause"] } | undefined => {
    if (attempt.kind === "failed") return { factor: 0.25, cause: attempt.failure }
    if (attempt.damageRise > settings.damageIncrement && length > settings.shortestStep * 2)
      return { factor: 0.5, cause: { kind: "damage burst", rise: attempt.damageRise } }
    if (!(attempt.error <= largestError) && history.length > 1)
      return {
        factor: Math.max(0.2, 0.9 * attempt.error ** (-1 / (attempt.order + 1)) || 0.2),
        cause: { kind: "error control" },
      }
    return undefined
  }

  const imposesCurrent = (): boolean => !["voltage", "rest"].includes(step().control.kind)

  /**
   * End of a current-controlled step whose electrochemistry has no solution, if there is a reason: the current would
   * drive the cell past a voltage limit at once, or lithium or salt is all but exhausted.
   */
  const endWithout = (attempt: TrialStep<State>): Advance | undefined => {
    if (attempt.kind !== "failed" || attempt.failure.kind !== "electrochemistry" || !imposesCurrent()) return undefined
    const demand = driveAt(step().control, history[0].time - stepStart, problem.oneC, problem.collectorArea)
    for (const limit of step().limits) {
      if (limit.kind === "c-rate-below" || demand.kind !== "current") continue
      const held = problem.attempt(history, settings.firstStep, { kind: "voltage", voltage: limit.voltage }, stepStart)
      if (held.kind === "solved" && Math.abs(held.state.current) < Math.abs(demand.total)) return endStep(limit.kind)
    }
    return demand.kind === "current" && problem.exhaustion(history[0], demand.total, 0.02) >= 0
      ? endStep("cannot carry the current")
      : undefined
  }

  const failed = (length: number, cause: FailureReason["cause"]): Advance => ({
    kind: "failed",
    reason: { kind: "step too small", time: history[0].time, step: length, phrase: step().phrase, cause },
    observation: observed(),
  })
  return {
    get observation() {
      return observed()
    },
    advance,
    checkpoint: () => {
      problem.forget()
      return { history, protocolStep, stepStart, proposed, ...(judged && { judged }), accepted, rejected }
    },
    restore: (checkpoint) => {
      problem.forget()
      observation = undefined
      ;({ history, protocolStep, stepStart, proposed, judged, accepted, rejected } = checkpoint)
    },
    state: () => history[0],
    counts: () => ({ accepted, rejected, observing: seconds.observe, total: seconds.step }),
  }
}
