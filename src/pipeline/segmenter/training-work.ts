import type { Work } from "../../engine/engine.ts"
import { grayRange, rangedGray } from "../../image/star/gray-range.ts"
import { starAnswers } from "../../image/star/targets.ts"
import { distanceParts, type Examples, exampleLengths } from "../../learning/segmenter/examples.ts"
import { type SegmenterTraining, TrainingThread } from "../../learning/segmenter/training.ts"
import { mixedSlice, type SliceMaker, type SliceMix } from "./slices.ts"

/** Arrays that all threads of a training see. */
export interface TrainingArrays {
  /** One name for each training of a process */
  readonly name: string
  readonly settings: SegmenterTraining
  readonly examples: Examples
  /** [parameter] after the steps done so far */
  readonly parameters: Float32Array
  /** [place in the batch, parameter] */
  readonly gradients: Float32Array
}

/** A piece of a training. */
export type TrainingJob =
  | {
      readonly kind: "slice"
      readonly arrays: TrainingArrays
      readonly example: number
      readonly seed: number
      readonly mix: SliceMix
    }
  | { readonly kind: "slopes"; readonly arrays: TrainingArrays; readonly step: number; readonly place: number }
  | { readonly kind: "look"; readonly arrays: TrainingArrays; readonly step: number; readonly which: number }

/** Zeros that threads share. */
export const sharedFloats = (count: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * count))

/** Makes a slice and writes it, and what is to be answered for it, among the examples. */
export const addExample = (examples: Examples, example: number, seed: number, make: SliceMaker): void => {
  const { width, height, step, rayCount } = examples
  const { gray, labels, range = grayRange(gray.values) } = make(seed, width, height)
  const lengths = exampleLengths(examples)
  examples.gray.set(rangedGray(gray.values, range), example * lengths.gray)
  const { probability, distances } = starAnswers(labels, step, rayCount)
  examples.probability.set(probability, example * lengths.probability)
  const from = example * lengths.distances
  for (let i = 0; i < distances.length; i++) {
    examples.distances[from + i] = Math.min(2 ** 16 - 1, Math.round(distanceParts * distances[i]))
  }
}

let current: { readonly name: string; readonly thread: TrainingThread } | undefined

const threadOf = ({ name, settings, examples }: TrainingArrays): TrainingThread => {
  if (current?.name !== name) {
    current?.thread.dispose()
    current = { name, thread: new TrainingThread(settings, examples) }
  }
  return current.thread
}

/** Does one piece of a training. @returns the loss; 0 for a slice */
export const trainingWork: Work = async (input) => {
  const job = input as TrainingJob
  const { examples, parameters, gradients } = job.arrays
  if (job.kind === "slice") {
    addExample(examples, job.example, job.seed, mixedSlice(job.mix))
    return 0
  }
  const thread = threadOf(job.arrays)
  if (job.kind === "look") return thread.heldOutLoss(parameters, job.step, job.which)
  const size = parameters.length
  const out = gradients.subarray(job.place * size, (job.place + 1) * size)
  return thread.gradientInto(parameters, job.step, job.place, out).total
}
