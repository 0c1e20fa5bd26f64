import { Worker } from "node:worker_threads"
import { Effect, type Scope, Semaphore } from "effect"
import type { Hdf5Answer, Hdf5Question, Hdf5Request } from "./hdf5-worker.ts"
import type { Refusal } from "./open-file.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"

/** Asks the thread that has a file open. */
export type AskHdf5 = <A>(request: Hdf5Request) => Effect.Effect<A, TomogramUnreadable>

const ending = import.meta.url.endsWith(".ts") ? "ts" : "js"

const startedThread = (): Worker =>
  new Worker(new URL(`./hdf5-worker.${ending}`, import.meta.url), {
    // What the library prints is no news for the user.
    stdout: true,
    stderr: true,
    workerData: {},
  })

/**
 * A thread with the library of HDF5, until the scope ends. A damaged file can make that library break down or run
 * without end: then the thread goes, and the file is refused.
 * @param patience how long one answer may take [s]
 */
export const hdf5Thread = Effect.fnUntraced(function* (
  refusal: Refusal,
  patience: number,
): Effect.fn.Return<AskHdf5, never, Scope.Scope> {
  const thread = yield* Effect.acquireRelease(Effect.sync(startedThread), (started) =>
    Effect.promise(() => started.terminate()),
  )
  const turn = yield* Semaphore.make(1)
  let lost: string | undefined
  let questions = 0
  thread.on("error", (cause: Error) => {
    lost ??= cause.message.split("\n")[0]
  })
  thread.on("exit", () => {
    lost ??= "it has ended"
  })
  const ask = <A>(request: Hdf5Request) =>
    Effect.callback<A, TomogramUnreadable>((resume) => {
      const fail = (reason: string): void => {
        end()
        resume(Effect.fail(refusal("damaged", `the library of HDF5 ${reason}`)))
      }
      if (lost !== undefined) return fail(`broke down: ${lost}`)
      const number = ++questions
      const onMessage = (answer: Hdf5Answer): void => {
        if (answer.number !== number) return
        end()
        if (answer.kind === "done") resume(Effect.succeed(answer.value as A))
        else fail(`says: ${answer.reason}`)
      }
      const onExit = (): void => fail(`broke down: ${lost}`)
      const giveUp = (): void => {
        lost ??= `no answer in ${patience} s`
        fail(`gave ${lost}`)
        void thread.terminate()
      }
      // An answer that waits while this thread is busy is heard first.
      let clock = setTimeout(() => {
        clock = setTimeout(giveUp, 100)
      }, 1000 * patience)
      const end = (): void => {
        clearTimeout(clock)
        thread.off("message", onMessage)
        thread.off("exit", onExit)
      }
      thread.on("message", onMessage)
      thread.on("exit", onExit)
      thread.postMessage({ number, request } satisfies Hdf5Question)
      return Effect.sync(end)
    })
  return (request) => turn.withPermits(1)(ask(request))
})
