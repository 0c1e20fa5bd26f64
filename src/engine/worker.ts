import { parentPort } from "node:worker_threads"
import { attempt } from "./attempt.ts"
import type { HostMessage, Work } from "./engine.ts"

/** What is posted to a worker. */
export type Order = { readonly kind: "begin"; readonly input: unknown } | { readonly kind: "stop" }

/**
 * Does the jobs that are posted to this thread; the last line of the module that `workerThreads` is given.
 * @throws outside a worker
 */
export const answerOrders = (work: Work): void => {
  if (parentPort === null) throw new Error("orders come to workers only")
  const port = parentPort
  const say = (message: HostMessage): void => port.postMessage(message)
  let controller = new AbortController()
  port.on("message", (order: Order) => {
    if (order.kind === "stop") {
      controller.abort()
      return
    }
    controller = new AbortController()
    const tell = (news: unknown): void => say({ kind: "told", news })
    void attempt(work, order.input, tell, controller.signal).then((end) => say({ kind: "ended", end }))
  })
}
