import { Effect, Layer } from "effect"
import { attempt } from "./attempt.ts"
import { Engine, engineOf, type Host, type Work } from "./engine.ts"

const hostOf = (work: Work): Host => {
  let controller = new AbortController()
  return {
    begin: (input, hear) => {
      controller = new AbortController()
      const tell = (news: unknown): void => hear({ kind: "told", news: structuredClone(news) })
      void attempt(work, structuredClone(input), tell, controller.signal).then((end) => hear({ kind: "ended", end }))
    },
    stop: () => controller.abort(),
  }
}

/** Work in this very thread, one job after the other. */
export const inProcess = (work: Work): Layer.Layer<Engine> =>
  Layer.succeed(Engine)(
    engineOf(
      1,
      Effect.sync(() => hostOf(work)),
    ),
  )
