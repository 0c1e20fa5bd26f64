import { Effect, Exit, Scope } from "effect"
import type { Work } from "../../engine/engine.ts"
import { InferenceLive } from "../../inference/session.ts"
import type { StarModel } from "../../inference/star-model.ts"
import { defaultTile, predictStars } from "../../inference/star-prediction.ts"
import { openStarModel } from "../segmenter/identify.ts"
import { lookAtSections, type PredictSection, type SectionsTask } from "./sections.ts"

/** A task with the network that it is for. */
export interface SectionsOrder {
  readonly file: string
  readonly task: SectionsTask
}

/** What has gone wrong with some sections: the operating system against reading or writing, or the network. */
export type SectionsTrouble =
  | { readonly trouble: "scratch"; readonly code: string; readonly message: string }
  | { readonly trouble: "model"; readonly reason: string }

/** Does one task and says what went wrong as a value. */
export const sectionsTold = async (task: SectionsTask, predict: PredictSection): Promise<unknown> => {
  try {
    return await lookAtSections(task, predict)
  } catch (cause) {
    const { code, syscall, message } = cause as NodeJS.ErrnoException
    if (code === undefined || syscall === undefined) throw cause
    return { trouble: "scratch", code, message } satisfies SectionsTrouble
  }
}

/** A network failure, on its way through a promise. */
class ModelTrouble extends Error {}

/** Looks at sections through a network, which is loaded with the first task and kept. */
export const sectionWork = (): { readonly work: Work; readonly close: Effect.Effect<void> } => {
  const scope = Scope.makeUnsafe()
  const models = new Map<string, Promise<StarModel>>()
  const opened = (file: string): Promise<StarModel> => {
    const known = models.get(file)
    if (known !== undefined) return known
    const model = Effect.runPromise(openStarModel(file, 1).pipe(Effect.provide(InferenceLive), Scope.provide(scope)))
    models.set(file, model)
    return model
  }
  const work: Work = async (input, tell) => {
    const { file, task } = input as SectionsOrder
    const predict: PredictSection = async (gray, [width, height], range) => {
      const image = { shape: [width, height, 1] as const, spacing: [1, 1, 1] as const, values: gray }
      const seen = predictStars(await opened(file), image, defaultTile, range)
      return Effect.runPromise(Effect.mapError(seen, ({ message }) => new ModelTrouble(message)))
    }
    try {
      tell(await sectionsTold(task, predict))
    } catch (cause) {
      if (!(cause instanceof ModelTrouble)) throw cause
      tell({ trouble: "model", reason: cause.message } satisfies SectionsTrouble)
    }
  }
  return { work, close: Scope.close(scope, Exit.void) }
}
