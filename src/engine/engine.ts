import { Context, Effect, Queue, type Scope } from "effect"

/** A piece of work as a plain record, which may be posted to another thread or another machine. */
export interface Job {
  /** For messages */
  readonly name: string
  readonly input: unknown
  /**
   * Input of a short piece of work that is left when the job is done, such as pictures of its result. Some such pieces are
   * put off until no job waits: places that get free early take them, and all end together.
   */
  readonly followUp?: unknown
}

/** How a job ended. What goes wrong with one is a value: it stops no other. */
export type JobEnd =
  | { readonly kind: "done"; readonly result: unknown }
  /** The work itself gave up */
  | { readonly kind: "failed"; readonly reason: string }
  /** What it ran on is gone: out of memory, killed, a fault of the program */
  | { readonly kind: "lost"; readonly reason: string }

/** What is heard of jobs while they run; `job` is the index of one. Of a follow-up only its end is heard. */
export type JobEvent =
  | { readonly kind: "started"; readonly job: number }
  | { readonly kind: "told"; readonly job: number; readonly news: unknown }
  | { readonly kind: "ended"; readonly job: number; readonly end: JobEnd }
  | { readonly kind: "followed up"; readonly job: number; readonly end: JobEnd }

/**
 * Does one job. Input, news and result are plain records.
 * @param tell   takes news while the work goes on
 * @param signal asks it to stop at the next point from which it can go on later
 */
export type Work = (input: unknown, tell: (news: unknown) => void, signal: AbortSignal) => Promise<unknown>

/**
 * Where work runs. An interruption asks every running job to stop and waits until it has; jobs that have not begun
 * never do.
 */
export class Engine extends Context.Service<
  Engine,
  {
    /** Jobs that run side by side */
    readonly width: number
    /**
     * Does all jobs, in their order as places get free; returns how each ended, in the order given. A job
     * that failed or was lost is not followed up.
     */
    readonly runAll: <E>(
      jobs: readonly Job[],
      onEvent: (event: JobEvent) => Effect.Effect<void, E>,
    ) => Effect.Effect<readonly JobEnd[], E>
  }
>()("synchrode/engine/Engine") {}

/** What a host says of the job that it has begun. */
export type HostMessage =
  | { readonly kind: "told"; readonly news: unknown }
  | { readonly kind: "ended"; readonly end: JobEnd }

/** A place where one job at a time is done. */
export interface Host {
  /** Begins a job; `hear` is given its news and, last, its end. */
  readonly begin: (input: unknown, hear: (message: HostMessage) => void) => void
  /** Asks the job to stop. */
  readonly stop: () => void
}

/** How long an interrupted job may take to reach a point from which it can go on [ms] */
const patience = 30_000

/** Does one job on a host; whatever breaks it off stops the job first. */
const doOn = <E>(
  host: Host,
  input: unknown,
  onNews: (news: unknown) => Effect.Effect<void, E>,
): Effect.Effect<JobEnd, E> =>
  Effect.acquireUseRelease(
    Effect.map(Queue.unbounded<HostMessage>(), (inbox) => {
      const over = Promise.withResolvers<void>()
      const state = { isOver: false }
      host.begin(input, (message) => {
        if (message.kind === "ended") {
          state.isOver = true
          over.resolve()
        }
        Queue.offerUnsafe(inbox, message)
      })
      return { inbox, over: over.promise, state }
    }),
    Effect.fnUntraced(function* ({ inbox }) {
      for (;;) {
        const message = yield* Queue.take(inbox)
        if (message.kind === "ended") return message.end
        yield* onNews(message.news)
      }
    }),
    ({ over, state }) =>
      Effect.promise(async () => {
        if (state.isOver) return
        host.stop()
        const waiting = AbortSignal.timeout(patience)
        await Promise.race([over, new Promise((resolve) => waiting.addEventListener("abort", resolve))])
      }),
  )

/** So many follow-ups a place are put off, not more: in a long list of jobs they come soon all the same */
const putOff = 5

/** An engine from hosts; each is opened when there is work for it and closed when all is done. */
export const engineOf = (width: number, openHost: Effect.Effect<Host, never, Scope.Scope>): Engine["Service"] => ({
  width,
  runAll: (jobs, onEvent) =>
    Effect.suspend(() => {
      const ends = new Array<JobEnd>(jobs.length)
      const left: number[] = []
      let next = 0
      const followUp = Effect.fnUntraced(function* (host: Host, job: number) {
        const end = yield* doOn(host, jobs[job].followUp, () => Effect.void)
        yield* onEvent({ kind: "followed up", job, end })
      })
      const doJob = Effect.fnUntraced(function* (host: Host, job: number) {
        yield* onEvent({ kind: "started", job })
        const end = yield* doOn(host, jobs[job].input, (news) => onEvent({ kind: "told", job, news }))
        ends[job] = end
        yield* onEvent({ kind: "ended", job, end })
        if (end.kind === "done" && jobs[job].followUp !== undefined) left.push(job)
      })
      const lane = Effect.fnUntraced(function* () {
        const host = yield* openHost
        for (;;) {
          const isDue = next === jobs.length || left.length > putOff * width
          const job = isDue ? left.shift() : undefined
          if (job !== undefined) yield* followUp(host, job)
          else if (next < jobs.length) yield* doJob(host, next++)
          else return
        }
      })
      const lanes = Array.from({ length: Math.min(width, jobs.length) }, () => Effect.scoped(lane()))
      return Effect.as(Effect.all(lanes, { concurrency: "unbounded", discard: true }), ends)
    }),
})
