import type { Random } from "../../array/random.ts"

/**
 * Sizes of a star-convex network, a U-Net: level by level the image gets half as fine and the channels change, then
 * back up to the level at which it answers.
 * @source U. Schmidt et al., MICCAI (2018) 265–273, doi:10.1007/978-3-030-00934-2_30; O. Ronneberger et al., MICCAI
 *   (2015) 234–241, doi:10.1007/978-3-319-24574-4_28
 */
export interface StarNetworkShape {
  /** [level] channels, multiples of four; level 0 is as fine as the image, each next one half as fine */
  readonly channels: readonly number[]
  /** Level at which it answers: one answer for 2^outputLevel × 2^outputLevel pixels */
  readonly outputLevel: number
  /** Channels before the answers, a multiple of four */
  readonly headChannels: number
  /** Directions in which distances are told, a multiple of four */
  readonly rayCount: number
  /** Distance for which the last convolution gives one [pixel] */
  readonly distanceScale: number
}

/** Some channels of one level; `channels` of them are reserved one after the other. */
export interface ChannelBlock {
  readonly level: number
  readonly channels: number
}

/** Channels `first` … of a block. */
export interface ChannelRange {
  readonly block: number
  readonly first: number
  readonly count: number
}

/** A step of the network, in the order in which they run. */
export type NetworkStep =
  | {
      readonly kind: "convolution"
      readonly name: string
      readonly from: ChannelRange
      readonly to: ChannelRange
      /** 9 (3 × 3) or 1 */
      readonly taps: number
      readonly rectified: boolean
      /** Place of the weights [output, input, tap] and biases [output] among the parameters */
      readonly weights: number
      readonly biases: number
    }
  /** The largest of 2 × 2 */
  | { readonly kind: "pool"; readonly from: ChannelRange; readonly to: ChannelRange }
  /** Each pixel four times */
  | { readonly kind: "enlarge"; readonly from: ChannelRange; readonly to: ChannelRange }

/** A network as blocks of channels and steps between them; the image is block 0, the answers are the last. */
export interface NetworkPlan {
  readonly blocks: readonly ChannelBlock[]
  readonly steps: readonly NetworkStep[]
  readonly parameterCount: number
}

const isWhole = (value: number, least: number, step = 1): boolean =>
  Number.isInteger(value) && value >= least && value % step === 0

/** What is wrong with a shape; undefined where nothing is. */
export const shapeFault = (shape: StarNetworkShape): string | undefined => {
  const { channels, outputLevel, headChannels, rayCount, distanceScale } = shape
  if (channels.length < 2 || channels.length > 8) return `${channels.length} levels; there are 2 to 8`
  const odd = channels.find((count) => !isWhole(count, 4, 4))
  if (odd !== undefined) return `${odd} channels; they come in fours`
  if (!isWhole(headChannels, 4, 4)) return `${headChannels} channels before the answers; they come in fours`
  if (!isWhole(outputLevel, 0) || outputLevel >= channels.length) return `answers at level ${outputLevel}`
  if (!isWhole(rayCount, 4, 4)) return `${rayCount} rays; they come in fours`
  return distanceScale > 0 && Number.isFinite(distanceScale) ? undefined : `a distance scale of ${distanceScale}`
}

/** The image must be a multiple of so many pixels wide and high: eights at the coarsest level. */
export const sizeStep = ({ channels }: StarNetworkShape): number => 8 * 2 ** (channels.length - 1)

/** Pixels that one answer stands for, along each edge. */
export const answerStep = ({ outputLevel }: StarNetworkShape): number => 2 ** outputLevel

/** Blocks and steps of a network. @throws RangeError where the shape is none */
export const networkPlan = (shape: StarNetworkShape): NetworkPlan => {
  const fault = shapeFault(shape)
  if (fault !== undefined) throw new RangeError(fault)
  const { channels, outputLevel, headChannels, rayCount } = shape
  const blocks: ChannelBlock[] = []
  const steps: NetworkStep[] = []
  let parameterCount = 0
  const block = (level: number, count: number): ChannelRange => {
    blocks.push({ level, channels: count })
    return { block: blocks.length - 1, first: 0, count }
  }
  const convolve = (name: string, from: ChannelRange, to: ChannelRange, taps = 9, rectified = true): ChannelRange => {
    const weights = parameterCount
    const biases = weights + from.count * to.count * taps
    parameterCount = biases + to.count
    steps.push({ kind: "convolution", name, from, to, taps, rectified, weights, biases })
    return to
  }
  const bottom = channels.length - 1
  const joined: ChannelRange[] = []
  let at = block(0, 1)
  for (let level = 0; level <= bottom; level++) {
    const count = channels[level]
    // A second convolution of the full image would cost more than all the others together.
    if (level > 0) at = convolve(`down${level}a`, at, block(level, count))
    const meetsAgain = level >= outputLevel && level < bottom
    const whole = block(level, meetsAgain ? count + channels[level + 1] : count)
    at = convolve(`down${level}b`, at, { ...whole, count })
    joined.push(whole)
    if (level === bottom) break
    const to = block(level + 1, count)
    steps.push({ kind: "pool", from: at, to })
    at = to
  }
  for (let level = bottom - 1; level >= outputLevel; level--) {
    const count = channels[level]
    steps.push({ kind: "enlarge", from: at, to: { block: joined[level].block, first: count, count: at.count } })
    at = convolve(`up${level}a`, joined[level], block(level, count))
    at = convolve(`up${level}b`, at, block(level, count))
  }
  at = convolve("head", at, block(outputLevel, headChannels))
  convolve("answers", at, block(outputLevel, 1 + rayCount), 1, false)
  return { blocks, steps, parameterCount }
}

/**
 * Parameters to start from: weights normal with variance 2 / inputs before rectifiers and 1 / inputs else; biases zero.
 * @source K. He et al., ICCV (2015) 1026–1034, doi:10.1109/ICCV.2015.123
 */
export const startWeights = ({ steps, parameterCount }: NetworkPlan, random: Random): Float64Array => {
  const parameters = new Float64Array(parameterCount)
  for (const step of steps) {
    if (step.kind !== "convolution") continue
    const deviation = Math.sqrt((step.rectified ? 2 : 1) / (step.from.count * step.taps))
    for (let at = step.weights; at < step.biases; at++) parameters[at] = deviation * random.normal()
  }
  return parameters
}

/** How far from its own pixels an answer can see [pixel]; no wider than needed by more than the pooling's grid. */
export const sightOf = (shape: StarNetworkShape): number => {
  const { blocks, steps } = networkPlan(shape)
  const reach = new Float64Array(blocks.length)
  for (const step of steps) {
    const edge = 2 ** blocks[step.from.block].level
    // A pooled or enlarged pixel may lie at either end of those that it stands for.
    const more = step.kind === "convolution" ? (step.taps === 9 ? edge : 0) : edge
    reach[step.to.block] = Math.max(reach[step.to.block], reach[step.from.block] + more)
  }
  return reach[blocks.length - 1] + answerStep(shape)
}

/** Multiplications and additions of one pass forward for each pixel of the image. */
export const operationsPerPixel = (shape: StarNetworkShape): number => {
  const { blocks, steps } = networkPlan(shape)
  return steps.reduce(
    (sum, step) =>
      step.kind === "convolution"
        ? sum + (2 * step.taps * step.from.count * step.to.count) / 4 ** blocks[step.to.block].level
        : sum,
    0,
  )
}
