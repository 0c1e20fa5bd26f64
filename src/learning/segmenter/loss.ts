import { assertLength } from "../../array/assert.ts"

/** What a network should answer, at the places of its answers. */
export interface StarTargets {
  readonly height: number
  readonly width: number
  /** [row, column] 0 … 1 */
  readonly probability: Float32Array
  /** [ray, row, column] [pixel] */
  readonly distances: Float32Array
}

/** Parts of the loss. */
export interface StarLoss {
  /** Mean binary cross-entropy of the probability */
  readonly crossEntropy: number
  /** Mean absolute error of the distances, weighted by the probability wanted [pixel] */
  readonly distanceError: number
  /** Mean absolute distance where no object is wanted [pixel] */
  readonly idleDistance: number
  readonly total: number
}

/** Weight of the distances beside the probability, and of distances where there is nothing beside the others. */
const distanceWeight = 0.2
const idleWeight = 1e-4

/** Share of the image that counts as object at least, so that a crumb in an empty crop does not outweigh all else. */
const leastObjectShare = 0.1

/**
 * The loss of some answers and its slopes: binary cross-entropy + 0.2 (Σ t |d − D| / Σ t + 10⁻⁴ ⟨(1 − t) |d|⟩) with the
 * probability t and distances D that are wanted.
 * @param answers [1 + ray, row, column] logit of the probability, then distances / scale
 * @param scale   [pixel]
 * @param slopes  [1 + ray, row, column], written
 * @source U. Schmidt et al., MICCAI (2018) 265–273, doi:10.1007/978-3-030-00934-2_30
 */
export const starLossInto = (
  answers: Float32Array,
  targets: StarTargets,
  scale: number,
  slopes: Float32Array,
): StarLoss => {
  const { probability, distances } = targets
  const count = targets.height * targets.width
  assertLength("probability", probability, count)
  assertLength("answers", answers, count + distances.length)
  assertLength("slopes", slopes, answers.length)
  const rayCount = distances.length / count
  let [crossEntropy, objects, error, idle] = [0, 0, 0, 0]
  for (let p = 0; p < count; p++) {
    const [logit, wanted] = [answers[p], probability[p]]
    // ln(1 + eˣ) without overflow
    crossEntropy += Math.max(logit, 0) - logit * wanted + Math.log1p(Math.exp(-Math.abs(logit)))
    slopes[p] = (1 / (1 + Math.exp(-logit)) - wanted) / count
    objects += wanted
  }
  const norm = Math.max(objects, leastObjectShare * count) * rayCount
  for (let ray = 0, i = 0; ray < rayCount; ray++)
    for (let p = 0; p < count; p++, i++) {
      const found = scale * answers[count + i]
      const difference = found - distances[i]
      const wanted = probability[p]
      error += wanted * Math.abs(difference)
      idle += (1 - wanted) * Math.abs(found)
      slopes[count + i] =
        scale *
        distanceWeight *
        ((wanted / norm) * Math.sign(difference) +
          ((idleWeight * (1 - wanted)) / (count * rayCount)) * Math.sign(found))
    }
  const parts = {
    crossEntropy: crossEntropy / count,
    distanceError: error / norm,
    idleDistance: idle / (count * rayCount),
  }
  return {
    ...parts,
    total: parts.crossEntropy + distanceWeight * (parts.distanceError + idleWeight * parts.idleDistance),
  }
}
