import { type Effect, Schema } from "effect"
import { answerStep, type StarNetworkShape, sizeStep } from "../../learning/segmenter/shape.ts"
import { heldOutEvery, type SegmenterTraining } from "../../learning/segmenter/training.ts"
import { type SliceMix, trainingMix } from "./slices.ts"

/** The slices that a network learns from. */
export interface TrainingSlices {
  /** Slices in all; every tenth is held out */
  readonly count: number
  /** Edges of each [pixel] */
  readonly width: number
  readonly height: number
  /** Seed of the first; the others follow */
  readonly firstSeed: number
  readonly mix: SliceMix
}

/** What is asked for. */
export interface TrainSegmenterRequest {
  readonly training: SegmenterTraining
  readonly slices: TrainingSlices
  readonly out: string
  /** Whether another training in the directory is replaced */
  readonly overwrite: boolean
  readonly threads: number
  /** Steps from one look at the slices held out to the next, and from checkpoint to checkpoint */
  readonly lookEvery: number
}

/** How far a training has come. */
export interface TrainingNews {
  /** 0 … 1 */
  readonly share: number
  readonly doing: string
  /** [step] loss of each step so far */
  readonly losses: readonly number[]
  readonly looks: readonly { readonly step: number; readonly loss: number }[]
}

/** Who hears how a training goes. */
export interface TrainingListener {
  readonly onProgress: (news: TrainingNews) => Effect.Effect<void>
  /** Something worth knowing */
  readonly onNote: (text: string) => Effect.Effect<void>
}

/** A network for particles of some hundred pixels, that sees two hundred pixels far. */
export const defaultShape: StarNetworkShape = {
  channels: [12, 24, 40, 56, 64, 64],
  outputLevel: 2,
  headChannels: 64,
  rayCount: 32,
  distanceScale: 32,
}

/** A training that takes an hour or so of one core. */
export const defaultTraining: SegmenterTraining = {
  shape: defaultShape,
  seed: 1,
  cropEdge: 256,
  batch: 4,
  steps: 6000,
  rate: 1e-3,
  warmUp: 200,
}

/** As many slices as show a network most of what there is. */
export const defaultSlices: TrainingSlices = {
  count: 200,
  width: 512,
  height: 512,
  firstSeed: 1_000_000,
  mix: trainingMix,
}

/** What is wrong with a request; undefined where nothing is. */
export const trainingFault = ({ training, slices }: TrainSegmenterRequest): string | undefined => {
  const { shape, cropEdge } = training
  if (slices.count < heldOutEvery) return `${slices.count} slices; ${heldOutEvery} at least, one of them held out`
  if (cropEdge % sizeStep(shape) !== 0) return `squares of ${cropEdge} pixels; expected multiples of ${sizeStep(shape)}`
  const isWhole = slices.width % answerStep(shape) === 0 && slices.height % answerStep(shape) === 0
  return isWhole && slices.width >= cropEdge && slices.height >= cropEdge
    ? undefined
    : `slices of ${slices.width} × ${slices.height} pixels; expected multiples of ${answerStep(shape)} from ${cropEdge} on`
}

/** A training whose threads broke off, or whose numbers are no longer finite. */
export class TrainingLost extends Schema.TaggedError<TrainingLost>()("TrainingLost", { reason: Schema.String }) {
  override get message(): string {
    return `the training was lost: ${this.reason}`
  }
}
