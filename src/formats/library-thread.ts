import { Worker } from "node:worker_threads"
import { Effect, type Scope, Semaphore } from "effect"
import type { Answer, Question } from "./thread-answers.ts"

/** Puts a question to a thread. */
export type Ask<Request, E> = <A>(request: Request) => Effect.Effect<A, E>

/** A library that works in a thread of its own. */
export interface ThreadedLibrary<E> {
  /** Module that ends with `answerQuestions`, beside this one, without its ending */
  readonly entry: string
  /** For messages: "the library of HDF5" */
  readonly name: string
  /** How long one answer may take [s] */
  readonly patience: number
  readonly failure: (reason: string) => E
}

const ending = import.meta.url.endsWith(".ts") ? "ts" : "js"

const started = (entry: string): Worker =>
  new Worker(new URL(`./${entry}.${ending}`, import.meta.url), {
    // What a library prints is no news for the user.
    stdout: true,
    stderr: true,
    workerData: {},
    // A list that grows without end takes the thread with it, not the program.
    resourceLimits: { maxOldGenerationSizeMb: 2048 },
  })

/**
 * A library in a thread of its own, until the scope ends. Damaged files can make some libraries break down or run without
 * end: then the thread goes, and the file is refused.
 */
export const libraryThread = Effect.fnUntraced(function* <Request, E>({
  entry,
  name,
  patience,
  failure,
}: ThreadedLibrary<E>): Effect.fn.Return<Ask<Request, E>, never, Scope.Scope> {
  const thread = yield* Effect.acquireRelease(
    Effect.sync(() => started(entry)),
    (running) => Effect.promise(() => running.terminate()),
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
  const ask = <A>(request: Request) =>
    Effect.callback<A, E>((resume) => {
      const fail = (reason: string): void => {
        end()
        resume(Effect.fail(failure(`${name} ${reason}`)))
      }
      if (lost !== undefined) return fail(`broke down: ${lost}`)
      const number = ++questions
      const onMessage = (answer: Answer): void => {
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
      thread.postMessage({ number, request } satisfies Question<Request>)
      return Effect.sync(end)
    })
  return (request) => turn.withPermits(1)(ask(request))
})
