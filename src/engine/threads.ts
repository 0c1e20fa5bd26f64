import { type ResourceLimits, Worker } from "node:worker_threads"
import { Effect, Layer, type Scope } from "effect"
import { Engine, engineOf, type Host, type HostMessage } from "./engine.ts"
import type { Order } from "./worker.ts"

interface ThreadHost extends Host {
  /** Starts the thread before there is a job for it. */
  readonly warm: () => void
  readonly close: () => Promise<unknown>
}

/** A host with a thread of its own, which is started with the first job and replaced where it is lost. */
const threadHost = (entry: URL, resourceLimits: ResourceLimits): ThreadHost => {
  let worker: Worker | undefined
  let hearer: ((message: HostMessage) => void) | undefined

  const started = (): Worker => {
    // Some packages expect a worker to have data (web-worker, by way of geotiff).
    const thread = new Worker(entry, { resourceLimits, workerData: {} })
    let trouble = ""
    thread.on("message", (message: HostMessage) => {
      const hear = hearer
      if (message.kind === "ended") hearer = undefined
      hear?.(message)
    })
    thread.on("error", (cause: Error) => {
      trouble = cause.message
    })
    thread.on("exit", (code) => {
      if (worker === thread) worker = undefined
      const reason = `its worker stopped: ${trouble === "" ? `exit code ${code}` : trouble}`
      hearer?.({ kind: "ended", end: { kind: "lost", reason } })
      hearer = undefined
    })
    return thread
  }

  const post = (order: Order): void => worker?.postMessage(order)
  return {
    begin: (input, hear) => {
      worker ??= started()
      hearer = hear
      post({ kind: "begin", input })
    },
    stop: () => post({ kind: "stop" }),
    warm: () => {
      worker ??= started()
    },
    close: async () => worker?.terminate(),
  }
}

const openThread = (entry: URL, limits: ResourceLimits): Effect.Effect<ThreadHost, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => threadHost(entry, limits)),
    (host) => Effect.promise(() => host.close()),
  )

const openThreads = (entry: URL, count: number, limits: ResourceLimits) =>
  Effect.all(Array.from({ length: count }, () => openThread(entry, limits)))

/**
 * Work in threads of their own, side by side.
 * @param entry a module that ends with `answerOrders(work)`
 * @param count  threads, ≥ 1
 * @param limits of the memory of each thread; Node's own where not given
 */
export const workerThreads = (entry: URL, count: number, limits: ResourceLimits = {}): Layer.Layer<Engine> =>
  Layer.succeed(Engine)(engineOf(count, openThread(entry, limits)))

/**
 * An engine whose threads last from one round of work to the next, until the scope closes: for many short rounds, each
 * of which needs the last one's results.
 * @param entry as for `workerThreads`
 * @param count threads, ≥ 1
 */
export const lastingThreads = (
  entry: URL,
  count: number,
  limits: ResourceLimits = {},
): Effect.Effect<Engine["Service"], never, Scope.Scope> => Effect.map(openThreads(entry, count, limits), lendingEngine)

/** Lends the same threads to one round of work after the other. */
const lendingEngine = (hosts: readonly ThreadHost[]): Engine["Service"] => {
  const free: Host[] = [...hosts]
  const borrowed = Effect.acquireRelease(
    Effect.sync(() => free.pop()!),
    (host) => Effect.sync(() => void free.push(host)),
  )
  return engineOf(hosts.length, borrowed)
}

/**
 * Threads that start at once, so that they are ready when what comes before their work is done.
 * @param entry as for `workerThreads`
 * @param count threads, ≥ 1
 */
export const readyThreads = (entry: URL, count: number, limits: ResourceLimits = {}): Layer.Layer<Engine> =>
  Layer.effect(Engine)(
    Effect.map(openThreads(entry, count, limits), (hosts) => {
      for (const { warm } of hosts) warm()
      return lendingEngine(hosts)
    }),
  )
