import { parentPort } from "node:worker_threads"

/** Answers bear the number of their question. */
export interface Question<Request> {
  readonly number: number
  readonly request: Request
}

export type Answer =
  | { readonly kind: "done"; readonly number: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly number: number; readonly reason: string }

/** The buffer of a typed array, or of those in a list, which need not be copied. */
const buffersOf = (value: unknown): readonly ArrayBuffer[] =>
  Array.isArray(value) ? value.flatMap(buffersOf) : ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : []

/**
 * Answers the questions that `libraryThread` puts to this thread, one after the other.
 * @param reasonIn what a user can make of an error
 */
export const answerQuestions = <Request>(
  answer: (request: Request) => unknown,
  reasonIn: (cause: unknown) => string,
): void => {
  parentPort?.on("message", async ({ number, request }: Question<Request>) => {
    const reply = (answered: Answer, buffers: readonly ArrayBuffer[] = []): void =>
      parentPort?.postMessage(answered, buffers)
    try {
      const value = await answer(request)
      reply({ kind: "done", number, value }, buffersOf(value))
    } catch (cause) {
      reply({ kind: "failed", number, reason: reasonIn(cause) })
    }
  })
}
