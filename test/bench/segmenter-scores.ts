/**
 * Holds a star-convex network and the watershed against the truth of slices that no training has seen:
 *
 *     node test/bench/segmenter-scores.ts runs/segmenter/segmenter.onnx [slices] [first seed]
 *
 * Prints precision, recall and F1 over overlaps for all particles together, and the processor time of each.
 */
import { Effect } from "effect"
import { classicalParticles } from "../../src/image/classical.ts"
import { detectionScores, standardOverlaps } from "../../src/image/score.ts"
import { segmentSlice } from "../../src/image/segment.ts"
import { defaultSegmentSettings } from "../../src/image/settings.ts"
import { defaultStarSettings, identifiedBy, starPolygons } from "../../src/image/star/labels.ts"
import { cropped, type Identify, type Labels, type Seen } from "../../src/image/volume.ts"
import { InferenceLive } from "../../src/inference/session.ts"
import { predictStars } from "../../src/inference/star-prediction.ts"
import { openStarModel } from "../../src/pipeline/segmenter/identify.ts"
import { trainingSlice } from "../../src/pipeline/segmenter/slices.ts"

const [file, count = "20", first = "9000000"] = process.argv.slice(2)

const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Matches of one way of finding particles, over all slices. */
interface Tally {
  readonly name: string
  readonly matched: number[]
  readonly missed: number[]
  readonly wrong: number[]
  seconds: number
}

const tallyOf = (name: string): Tally => ({
  name,
  matched: standardOverlaps.map(() => 0),
  missed: standardOverlaps.map(() => 0),
  wrong: standardOverlaps.map(() => 0),
  seconds: 0,
})

const add = (tally: Tally, truth: Labels, found: Labels): void => {
  detectionScores(truth.values, found.values).forEach((score, k) => {
    tally.matched[k] += score.matched
    tally.missed[k] += score.falseNegatives
    tally.wrong[k] += score.falsePositives
  })
}

/** Both ways see the very same rows and threshold. */
const program = Effect.gen(function* () {
  const model = yield* openStarModel(file, 1)
  const tallies = { network: tallyOf("network"), watershed: tallyOf("watershed") }
  for (let k = 0; k < Number(count); k++) {
    const { gray, labels } = trainingSlice(Number(first) + k, 512, 512)
    let begun = processorTime()
    const prediction = yield* predictStars(model, gray)
    const polygons = starPolygons(prediction, defaultStarSettings)
    tallies.network.seconds += processorTime() - begun
    const both: Identify = (seen: Seen) => {
      const [width, height] = seen.gray.shape
      const truth = cropped(labels, [0, seen.firstRow, 0], [width, seen.firstRow + height, 1])
      begun = processorTime()
      add(tallies.network, truth, identifiedBy(polygons, defaultStarSettings)(seen))
      tallies.network.seconds += processorTime() - begun
      begun = processorTime()
      const found = classicalParticles(seen.bright, defaultSegmentSettings)
      tallies.watershed.seconds += processorTime() - begun
      add(tallies.watershed, truth, found)
      return found
    }
    segmentSlice(gray, { ...defaultSegmentSettings, identify: both })
  }
  return [tallies.network, tallies.watershed]
})

const tallies = await Effect.runPromise(program.pipe(Effect.scoped, Effect.provide(InferenceLive)))
for (const { name, matched, missed, wrong, seconds } of tallies) {
  console.log(`${name}: ${(seconds / Number(count)).toFixed(2)} s of processor time a slice`)
  standardOverlaps.forEach((overlap, k) => {
    const [precision, recall] = [matched[k] / (matched[k] + wrong[k]), matched[k] / (matched[k] + missed[k])]
    const f1 = (2 * matched[k]) / (2 * matched[k] + wrong[k] + missed[k])
    console.log(
      `  overlap ${overlap}: F1 ${f1.toFixed(3)}, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)} (${matched[k]} matched, ${missed[k]} missed, ${wrong[k]} wrong)`,
    )
  })
}
