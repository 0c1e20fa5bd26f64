import { seededRandom } from "../../array/random.ts"
import { type AdaptiveState, adaptiveStart, defaultAdaptive, takeAdaptiveStep } from "../../solve/minimise.ts"
import { cropOf, drawnCrop, type Examples } from "./examples.ts"
import { type StarLoss, starLossInto } from "./loss.ts"
import { NetworkPass } from "./pass.ts"
import { networkPlan, type StarNetworkShape, startWeights } from "./shape.ts"

/** How a star-convex network is trained. */
export interface SegmenterTraining {
  readonly shape: StarNetworkShape
  /** A whole number below 2²⁰; the same one gives the same network whatever the number of threads */
  readonly seed: number
  /** Edge of the squares that it learns from, a multiple of `sizeStep` [pixel] */
  readonly cropEdge: number
  /** Squares of one step, at most 256 */
  readonly batch: number
  readonly steps: number
  /** Largest rate of the steps, and the steps in which it is reached */
  readonly rate: number
  readonly warmUp: number
}

/** Where a training is; enough to go on bit for bit. */
export interface TrainingState {
  /** Steps that are done */
  step: number
  readonly parameters: Float64Array
  readonly moments: AdaptiveState
  /** Loss of each step on the squares that it learned from */
  readonly losses: number[]
  /** Loss on the images held out, after how many steps */
  readonly looks: { readonly step: number; readonly loss: number }[]
}

/** A training before its first step. */
export const trainingStart = ({ shape, seed }: SegmenterTraining): TrainingState => {
  const plan = networkPlan(shape)
  return {
    step: 0,
    parameters: startWeights(plan, seededRandom(seed)),
    moments: adaptiveStart(plan.parameterCount),
    losses: [],
    looks: [],
  }
}

/**
 * Rate of a step: rises in a straight line, then falls along half a cosine to a hundredth.
 * @source I. Loshchilov, F. Hutter, ICLR (2017), arXiv:1608.03983, eq. (5)
 */
export const rateAt = ({ rate, warmUp, steps }: SegmenterTraining, step: number): number => {
  if (step < warmUp) return (rate * (step + 1)) / warmUp
  const share = (step - warmUp) / Math.max(1, steps - warmUp)
  return rate * (0.01 + 0.99 * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, share))))
}

/** Images to learn from, and images to judge by: every tenth. */
export const heldOutEvery = 10

/** Numbers of the images on either side of the split. */
export const splitOf = (count: number): { readonly training: Int32Array; readonly heldOut: Int32Array } => {
  const all = Int32Array.from({ length: count }, (_, k) => k)
  const isHeld = (k: number): boolean => k % heldOutEvery === heldOutEvery - 1
  return { training: all.filter((k) => !isHeld(k)), heldOut: all.filter(isHeld) }
}

/** One thread's part in a training: slopes of single squares, and losses of images held out. */
export class TrainingThread {
  readonly #settings: SegmenterTraining
  readonly #examples: Examples
  readonly #split: ReturnType<typeof splitOf>
  readonly #pass: NetworkPass
  readonly #slopes: Float32Array
  #step = -1

  constructor(settings: SegmenterTraining, examples: Examples) {
    const { shape, cropEdge } = settings
    this.#settings = settings
    this.#examples = examples
    this.#split = splitOf(examples.count)
    this.#pass = new NetworkPass(shape, cropEdge, cropEdge, true)
    this.#slopes = new Float32Array((1 + shape.rayCount) * (cropEdge / examples.step) ** 2)
  }

  /** @param step after which the parameters are these; they are taken once */
  #take(parameters: Float32Array, step: number): void {
    if (step !== this.#step) this.#pass.setParameters(parameters)
    this.#step = step
  }

  /**
   * Loss of one square and its slopes. The square follows from seed, step and place alone.
   * @param parameters [parameter] after so many steps
   * @param place      of the square in its batch
   * @param out        [parameter], written
   */
  gradientInto(parameters: Float32Array, step: number, place: number, out: Float32Array): StarLoss {
    const { seed, cropEdge, shape } = this.#settings
    this.#take(parameters, step)
    const random = seededRandom(seed * 2 ** 32 + step * 2 ** 8 + place)
    const { gray, targets } = drawnCrop(this.#examples, this.#split.training, cropEdge, random)
    const loss = starLossInto(this.#pass.forward(gray), targets, shape.distanceScale, this.#slopes)
    this.#pass.backwardInto(this.#slopes, out)
    return loss
  }

  /** Loss of the middle of an image held out. @param which of them */
  heldOutLoss(parameters: Float32Array, step: number, which: number): number {
    const { cropEdge, shape } = this.#settings
    const { width, height, step: grid } = this.#examples
    this.#take(parameters, step)
    const middle = (length: number): number => grid * Math.floor((length - cropEdge) / grid / 2)
    const turn = { isTransposed: false, flipsX: false, flipsY: false }
    const { gray, targets } = cropOf(
      this.#examples,
      this.#split.heldOut[which],
      middle(width),
      middle(height),
      cropEdge,
      turn,
    )
    return starLossInto(this.#pass.forward(gray), targets, shape.distanceScale, this.#slopes).total
  }

  dispose(): void {
    this.#pass.dispose()
  }
}

/**
 * Takes one step from the slopes of a batch, which are added in the order of their places.
 * @param gradients [place, parameter]
 * @param losses    [place]
 * @returns         whether all numbers are finite; if not the state is as it was
 */
export const takeTrainingStep = (
  settings: SegmenterTraining,
  state: TrainingState,
  gradients: Float32Array,
  losses: readonly number[],
): boolean => {
  const { parameters, moments } = state
  const size = parameters.length
  const mean = new Float64Array(size)
  for (let place = 0; place < settings.batch; place++)
    for (let i = 0, at = place * size; i < size; i++, at++) mean[i] += gradients[at]
  let isSound = losses.every(Number.isFinite)
  for (let i = 0; i < size; i++) {
    mean[i] /= settings.batch
    if (!Number.isFinite(mean[i])) isSound = false
  }
  if (!isSound) return false
  takeAdaptiveStep(moments, { ...defaultAdaptive, rate: rateAt(settings, state.step) }, mean, parameters)
  state.losses.push(losses.reduce((sum, loss) => sum + loss, 0) / settings.batch)
  state.step++
  return true
}
