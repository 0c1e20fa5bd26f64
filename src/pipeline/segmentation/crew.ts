import { Context, Effect, Layer, type Scope } from "effect"
import { Engine } from "../../engine/engine.ts"
import { inProcess } from "../../engine/in-process.ts"
import { lastingThreads } from "../../engine/threads.ts"
import { Workspace } from "../../kernels/workspace.ts"
import { type ScratchUnusable, scratchUnusable } from "../../store/scratch-volume.ts"
import { codeEnding } from "../program.ts"
import { SegmentationLost } from "./errors.ts"
import type { SegmentationProgress } from "./settings.ts"
import { type Reply, segmentationWork, type Task, type Trouble } from "./work.ts"

export type CrewError = ScratchUnusable | SegmentationLost

/** Does the pieces of work, side by side. */
export interface Crew {
  /**
   * Says how far a step has come that is done here and not by the crew; at the end, 1, the next one begins.
   * @param share of the whole work that the step is, 0 … 1
   * @param part  of the step that is done, 0 … 1
   */
  readonly tell: (doing: string, share: number, part: number) => Effect.Effect<void>
  /**
   * Does all tasks and hands the answers to `hear` in whatever order they come.
   * @param doing what this is, for whoever waits
   * @param share of the whole work that it is, 0 … 1
   */
  readonly run: <T extends Task>(
    doing: string,
    share: number,
    tasks: readonly T[],
    hear?: (reply: Reply<T>, task: T) => void,
  ) => Effect.Effect<void, CrewError>
}

const isTrouble = (news: unknown): news is Trouble => typeof news === "object" && news !== null && "trouble" in news

/** This thread alone. */
const single = Effect.gen(function* () {
  const work = yield* Effect.acquireRelease(
    Effect.sync(() => new Workspace()),
    (open) => Effect.sync(() => open.close()),
  )
  return Context.get(yield* Layer.build(inProcess(segmentationWork(work))), Engine)
})

/**
 * A crew of so many threads, or of this one alone; it goes with the scope.
 * @param path of the intermediate volumes, for messages
 */
export const crewOf = Effect.fn("crewOf")(function* (
  threads: number,
  path: string,
  onProgress: (progress: SegmentationProgress) => Effect.Effect<void>,
): Effect.fn.Return<Crew, never, Scope.Scope> {
  const engine =
    threads === 1 ? yield* single : yield* lastingThreads(new URL(`./worker.${codeEnding}`, import.meta.url), threads)
  let done = 0
  const tell: Crew["tell"] = (doing, share, part) =>
    Effect.suspend(() => {
      const reached = Math.min(1, done + share * part)
      if (part === 1) done = reached
      return onProgress({ share: reached, doing })
    })
  const run: Crew["run"] = (doing, share, tasks, hear) =>
    Effect.gen(function* () {
      let ended = 0
      yield* tell(doing, share, 0)
      const jobs = tasks.map((input) => ({ name: doing, input }))
      yield* engine.runAll(
        jobs,
        Effect.fnUntraced(function* (event) {
          if (event.kind === "told") {
            if (isTrouble(event.news)) return yield* scratchUnusable(path, event.news.trouble)
            hear?.(event.news as Reply<(typeof tasks)[number]>, tasks[event.job])
          }
          if (event.kind !== "ended") return
          if (event.end.kind !== "done") return yield* new SegmentationLost({ reason: event.end.reason })
          yield* tell(doing, share, ++ended / tasks.length)
        }),
      )
      if (tasks.length === 0) yield* tell(doing, share, 1)
    })
  return { tell, run }
})
