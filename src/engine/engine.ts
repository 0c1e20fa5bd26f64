import { Context, Effect, Queue, type Scope } from "effect"

/** A piece of work as a plain record, which may be posted to another thread or another machine. */
export interface Task {
  /** For messages */
  readonly name: string
  readonly input: unknown
}

/** How a task ended. What goes wrong with one is a value: it stops no other. */
export type TaskEnd =
  | { readonly kind: "done"; readonly result: unknown }
  /** The work itself gave up */
  | { readonly kind: "failed"; readonly reason: string }
  /** What it ran on is gone: out of memory, killed, a fault of the program */
  | { readonly kind: "lost"; readonly reason: string }

/** What is heard of tasks while they run; `task` is the index of one. */
export type TaskEvent =
  | { readonly kind: "started"; readonly task: number }
  | { readonly kind: "told"; readonly task: number; readonly news: unknown }
  | { readonly kind: "ended"; readonly task: number; readonly end: TaskEnd }

/**
 * Does one task. Input, news and result are plain records.
 * @param tell   takes news while the work goes on
 * @param signal asks it to stop at the next point from which it can go on later
 */
export type Work = (input: unknown, tell: (news: unknown) => void, signal: AbortSignal) => Promise<unknown>

/**
 * Where work runs. An interruption asks every running task to stop and waits until it has; tasks that have not begun
 * never do.
 */
export class Engine extends Context.Service<
  Engine,
  {
    /** Tasks that run side by side */
    readonly width: number
    /** Does all tasks, in their order as places get free; returns how each ended, in the order given. */
    readonly runAll: <E>(
      tasks: readonly Task[],
      onEvent: (event: TaskEvent) => Effect.Effect<void, E>,
    ) => Effect.Effect<readonly TaskEnd[], E>
  }
>()("synchrode/engine/Engine") {}

/** What a host says of the task that it has begun. */
export type HostMessage =
  | { readonly kind: "told"; readonly news: unknown }
  | { readonly kind: "ended"; readonly end: TaskEnd }

/** A place where one task at a time is done. */
export interface Host {
  /** Begins a task; `hear` is given its news and, last, its end. */
  readonly begin: (input: unknown, hear: (message: HostMessage) => void) => void
  /** Asks the task to stop. */
  readonly stop: () => void
}

/** How long an interrupted task may take to reach a point from which it can go on [ms] */
const patience = 30_000

/** Does one task on a host; whatever breaks it off stops the task first. */
const doOn = <E>(
  host: Host,
  input: unknown,
  onNews: (news: unknown) => Effect.Effect<void, E>,
): Effect.Effect<TaskEnd, E> =>
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

/** An engine from hosts; each is opened when there is work for it and closed when all is done. */
export const engineOf = (width: number, openHost: Effect.Effect<Host, never, Scope.Scope>): Engine["Service"] => ({
  width,
  runAll: (tasks, onEvent) =>
    Effect.suspend(() => {
      const ends = new Array<TaskEnd>(tasks.length)
      let next = 0
      const lane = Effect.fnUntraced(function* () {
        const host = yield* openHost
        while (next < tasks.length) {
          const task = next++
          yield* onEvent({ kind: "started", task })
          const end = yield* doOn(host, tasks[task].input, (news) => onEvent({ kind: "told", task, news }))
          ends[task] = end
          yield* onEvent({ kind: "ended", task, end })
        }
      })
      const lanes = Array.from({ length: Math.min(width, tasks.length) }, () => Effect.scoped(lane()))
      return Effect.as(Effect.all(lanes, { concurrency: "unbounded", discard: true }), ends)
    }),
})
