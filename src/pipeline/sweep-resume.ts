import { Effect } from "effect"
import type { RunUnreadable } from "../store/errors.ts"
import { readSweepRecord } from "../store/sweep-record.ts"
import { type FileUnreadable, SweepInvalid } from "../twin/errors.ts"
import type { BuildError } from "./build.ts"
import type { SweepRequest } from "./sweep-ledger.ts"
import { checkedPoints } from "./sweep-points.ts"

/** The request of a sweep as its directory remembers it; its files must still mean what they meant. */
export const rememberedSweep = Effect.fn("rememberedSweep")(function* (
  folder: string,
  onStage: (text: string) => Effect.Effect<void>,
): Effect.fn.Return<SweepRequest, RunUnreadable | SweepInvalid | FileUnreadable | BuildError> {
  const { description, design, tomogram, factors, points } = yield* readSweepRecord(folder)
  const checked = yield* checkedPoints({ factors, points }, tomogram ?? undefined, onStage)
  const changed = checked.points.findIndex(({ inputs }, index) => inputs !== points[index].inputs)
  if (changed >= 0) {
    const { twin, scenario } = points[changed]
    return yield* new SweepInvalid({
      problems: [
        {
          file: `point ${changed + 1} of ${points.length}`,
          path: "",
          expected: `${twin} and ${scenario} as they were when the sweep began`,
          found: "other values in them",
          hint: "give the `synchrode sweep` command again: it keeps the runs that are still right",
        },
      ],
    })
  }
  return {
    out: folder,
    description,
    design,
    tomogram: tomogram ?? undefined,
    factors: checked.factors,
    points: checked.points,
    retriesFailed: false,
  }
})
