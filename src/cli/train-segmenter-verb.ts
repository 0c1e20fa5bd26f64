import { existsSync } from "node:fs"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"
import type { ModelUnreadable } from "../inference/errors.ts"
import { averageSegmenters, type NetworksApart } from "../pipeline/segmenter/average.ts"
import { trainingFiles } from "../pipeline/segmenter/checkpoint.ts"
import {
  defaultShape,
  defaultSlices,
  defaultTraining,
  type TrainSegmenterRequest,
  trainingFault,
} from "../pipeline/segmenter/request.ts"
import { type TrainingError, type TrainingOutcome, trainSegmenter } from "../pipeline/segmenter/train.ts"
import { countOf, optionValue, type Parsed, UsageWrong } from "./arguments.ts"
import { exitCodes } from "./failure.ts"
import { livePlot, lossPlot } from "./loss-plot.ts"
import type { Output } from "./output.ts"
import { shown } from "./paths.ts"
import { optionWrong } from "./quantity-options.ts"
import { trainSegmenterUsage } from "./usages.ts"

const wrong = (reason: string): UsageWrong => new UsageWrong({ verb: trainSegmenterUsage.verb, reason })

/** `12,24,40`: channels of each level */
const channelsOf = (parsed: Parsed): Effect.Effect<readonly number[], UsageWrong> => {
  const text = optionValue(parsed, "channels")
  if (text === undefined) return Effect.succeed(defaultShape.channels)
  const counts = text.split(",").map((part) => (/^\s*\d{1,3}\s*$/.test(part) ? Number(part) : 0))
  return counts.length >= 2 && counts.length <= 8 && counts.every((count) => count > 0 && count % 4 === 0)
    ? Effect.succeed(counts)
    : Effect.fail(
        optionWrong(trainSegmenterUsage, "channels", "two to eight multiples of four, such as 12,24,40", text),
      )
}

const requestOf = Effect.fnUntraced(function* (parsed: Parsed): Effect.fn.Return<TrainSegmenterRequest, UsageWrong> {
  const count = (name: string, fallback: number) => countOf(trainSegmenterUsage, parsed, name, fallback)
  const text = optionValue(parsed, "rate")
  const rate = text === undefined ? defaultTraining.rate : Number(text)
  if (!(rate > 0 && rate < 1)) {
    return yield* optionWrong(trainSegmenterUsage, "rate", "a number between 0 and 1", text ?? "")
  }
  const steps = yield* count("steps", defaultTraining.steps)
  const slices = yield* count("slices", defaultSlices.count)
  const edge = yield* count("slice-size", defaultSlices.width)
  const request: TrainSegmenterRequest = {
    training: {
      ...defaultTraining,
      shape: { ...defaultShape, channels: yield* channelsOf(parsed) },
      seed: yield* count("seed", defaultTraining.seed),
      batch: yield* count("batch", defaultTraining.batch),
      steps,
      rate,
      warmUp: Math.min(defaultTraining.warmUp, Math.ceil(steps / 10)),
    },
    slices: { ...defaultSlices, count: slices, width: edge, height: edge },
    out: optionValue(parsed, "out") ?? join("runs", "segmenter"),
    overwrite: parsed.switches.has("overwrite"),
    threads: yield* count("threads", availableParallelism()),
    lookEvery: Math.max(1, Math.min(200, Math.ceil(steps / 20))),
  }
  const fault = trainingFault(request)
  return fault === undefined ? request : yield* wrong(fault)
})

const tell = Effect.fnUntraced(function* (
  { state, model, modelSize, resumedAt }: TrainingOutcome,
  request: TrainSegmenterRequest,
  output: Output,
) {
  const heldOut = state.looks[state.looks.length - 1]?.loss ?? Number.NaN
  const words = `${lossPlot(state).join("\n")}\n${state.step} steps, loss on slices held out ${heldOut.toPrecision(3)}\nModel: ${shown(model)} (${(modelSize / 1e6).toFixed(1)} MB)\n`
  yield* output.result(words, {
    status: "done",
    folder: request.out,
    model,
    modelSize,
    steps: state.step,
    resumedAt,
    heldOutLoss: heldOut,
  })
  return exitCodes.done
})

/** Networks joined into one; takes no time worth a meter. */
const average = Effect.fnUntraced(function* (files: readonly string[], parsed: Parsed, output: Output) {
  if (files.includes("")) {
    return yield* optionWrong(trainSegmenterUsage, "average", "files between commas", files.join(","))
  }
  const idle = [...parsed.values.keys()].filter((name) => name !== "average" && name !== "out")
  if (idle.length > 0) return yield* wrong(`--average trains nothing: leave out --${idle.join(", --")}`)
  const out = optionValue(parsed, "out") ?? join("runs", "segmenter")
  const joined = yield* averageSegmenters({ files, out, overwrite: parsed.switches.has("overwrite") })
  yield* output.result(
    `Model: ${shown(joined.model)} (${(joined.modelSize / 1e6).toFixed(1)} MB), the mean of ${files.length} networks\n`,
    { status: "done", folder: out, ...joined, averaged: files },
  )
  return exitCodes.done
})

export const trainSegmenterVerb = Effect.fnUntraced(function* (
  parsed: Parsed,
  output: Output,
): Effect.fn.Return<number, UsageWrong | TrainingError | ModelUnreadable | NetworksApart> {
  const files = optionValue(parsed, "average")
  if (files !== undefined)
    return yield* average(
      files.split(",").map((file) => file.trim()),
      parsed,
      output,
    )
  const request = yield* requestOf(parsed)
  const plot = livePlot(process.stderr, output.quiet)
  const stopped = Effect.sync(() => {
    output.meter.clear()
    if (output.quiet) return
    const words = existsSync(join(request.out, trainingFiles.checkpoint))
      ? `The network so far is kept in ${shown(request.out)}: the same command goes on.`
      : "Nothing was learned yet: the same command begins anew."
    process.stderr.write(`\nInterrupted. ${words}\n`)
  })
  const outcome = yield* Effect.scoped(
    trainSegmenter(request, {
      onProgress: (news) =>
        Effect.sync(() => {
          output.meter.clear()
          plot.draw(news)
          const last = news.losses[news.losses.length - 1]
          const held = news.looks[news.looks.length - 1]?.loss
          const loss = last === undefined ? "" : `, loss ${last.toPrecision(3)}`
          output.meter.drawShare(
            news.share,
            `${news.doing}${loss}${held === undefined ? "" : `, held out ${held.toPrecision(3)}`}`,
          )
        }),
      onNote: output.note,
    }),
  ).pipe(Effect.onInterrupt(() => stopped))
  output.meter.clear()
  plot.erase()
  return yield* tell(outcome, request, output)
})
