/**
 * Holds a star-convex network and the watershed against the truth of slices that no training has seen:
 *
 *     node test/bench/segmenter-scores.ts runs/segmenter/segmenter.onnx [slices [first seed [probability]]]
 *
 * Prints precision, recall and F1 over overlaps for all particles together, the processor time of each, and by how much
 * the crack shares of the network's particles err, beside those that true outlines would give.
 */
import { Effect } from "effect"
import { classicalParticles } from "../../src/image/classical.ts"
import { detectionScores, standardOverlaps } from "../../src/image/score.ts"
import { isSegmentProblem, type Segmentation, segmentSlice } from "../../src/image/segment.ts"
import { defaultSegmentSettings } from "../../src/image/settings.ts"
import { defaultStarSettings, identifiedBy, starPolygons } from "../../src/image/star/labels.ts"
import { cropped, type Identify, type Labels, type Mask, type Seen } from "../../src/image/volume.ts"
import { InferenceLive } from "../../src/inference/session.ts"
import { predictStars } from "../../src/inference/star-prediction.ts"
import { openStarModel } from "../../src/pipeline/segmenter/identify.ts"
import { judgedMix, mixedSlice, sliceKind } from "../../src/pipeline/segmenter/slices.ts"

const [file, count = "20", first = "9000000", probability = String(defaultStarSettings.probability)] =
  process.argv.slice(2)
const settings = { ...defaultStarSettings, probability: Number(probability) }

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

/** Crack shares of a particle that overlaps with a true one by half: found, and by the truth. */
interface CrackShares {
  readonly found: number
  readonly truth: number
}
const byNetwork: CrackShares[] = []
const byTrueOutlines: CrackShares[] = []

const addDamages = (segmentation: Segmentation, labels: Labels, cracks: Mask, damages: CrackShares[]): void => {
  const { width, height, crop, separator, crackMask, particleCount } = segmentation
  const overlaps = Array.from({ length: particleCount }, () => new Map<number, number>())
  const areas = new Int32Array(particleCount)
  const dark = new Int32Array(particleCount)
  const imageAt = (x: number, y: number): number =>
    crop.x + x + labels.shape[0] * (crop.y + (separator === "top" ? y : height - 1 - y))
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < width; x++, p++) {
      const own = segmentation.labels[p] - 1
      if (own < 0) continue
      areas[own]++
      dark[own] += crackMask[p]
      const truth = labels.values[imageAt(x, y)]
      overlaps[own].set(truth, (overlaps[own].get(truth) ?? 0) + 1)
    }
  const whole = new Int32Array(labels.count + 1)
  const cracked = new Int32Array(labels.count + 1)
  labels.values.forEach((label, p) => {
    whole[label]++
    cracked[label] += cracks.values[p]
  })
  overlaps.forEach((shares, own) => {
    for (const [label, common] of shares) {
      if (label === 0 || common / (areas[own] + whole[label] - common) <= 0.5) continue
      damages.push({ found: dark[own] / areas[own], truth: cracked[label] / whole[label] })
    }
  })
}

/** Both ways see the very same rows and threshold. */
const program = Effect.gen(function* () {
  const model = yield* openStarModel(file, 1)
  const kinds = new Map<string, { readonly network: Tally; readonly watershed: Tally; slices: number }>()
  for (let k = 0; k < Number(count); k++) {
    const kind = sliceKind(Number(first) + k, judgedMix)
    const tallies = kinds.get(kind) ?? { network: tallyOf("network"), watershed: tallyOf("watershed"), slices: 0 }
    kinds.set(kind, tallies)
    tallies.slices++
    const { gray, labels, cracks } = mixedSlice(judgedMix)(Number(first) + k, 512, 512)
    let begun = processorTime()
    const prediction = yield* predictStars(model, gray)
    const polygons = starPolygons(prediction, settings)
    tallies.network.seconds += processorTime() - begun
    const trueLabels: Identify = ({ gray: { shape }, firstRow }) =>
      cropped(labels, [0, firstRow, 0], [shape[0], firstRow + shape[1], 1])
    const both: Identify = (seen: Seen) => {
      const truth = trueLabels(seen)
      begun = processorTime()
      const ours = identifiedBy(polygons, settings)(seen)
      add(tallies.network, truth, ours)
      tallies.network.seconds += processorTime() - begun
      begun = processorTime()
      const found = classicalParticles(seen.bright, defaultSegmentSettings)
      tallies.watershed.seconds += processorTime() - begun
      add(tallies.watershed, truth, found)
      return ours
    }
    const ways = [
      [both, byNetwork],
      [trueLabels, byTrueOutlines],
    ] as const
    for (const [identify, damages] of ways) {
      const segmentation = segmentSlice(gray, { ...defaultSegmentSettings, identify })
      if (cracks !== undefined && !isSegmentProblem(segmentation)) addDamages(segmentation, labels, cracks, damages)
    }
  }
  return kinds
})

const kinds = await Effect.runPromise(program.pipe(Effect.scoped, Effect.provide(InferenceLive)))

const show = (tally: Tally, slices: number): void => {
  console.log(`  ${tally.name}: ${(tally.seconds / slices).toFixed(2)} s of processor time a slice`)
  standardOverlaps.forEach((overlap, k) => {
    const [matched, missed, wrong] = [tally.matched[k], tally.missed[k], tally.wrong[k]]
    const [precision, recall] = [matched / (matched + wrong), matched / (matched + missed)]
    const f1 = (2 * matched) / (2 * matched + wrong + missed)
    console.log(
      `    overlap ${overlap}: F1 ${f1.toFixed(3)}, precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)} (${matched} matched, ${missed} missed, ${wrong} wrong)`,
    )
  })
}

const joined = (name: "network" | "watershed"): Tally => {
  const all = tallyOf(name)
  for (const { [name]: own } of kinds.values()) {
    for (const part of ["matched", "missed", "wrong"] as const) {
      own[part].forEach((count, k) => {
        all[part][k] += count
      })
    }
    all.seconds += own.seconds
  }
  return all
}

for (const [kind, { network, watershed, slices }] of kinds) {
  console.log(`${slices} slices ${kind}`)
  show(network, slices)
  show(watershed, slices)
}
console.log(`all ${count} slices, particles of probability above ${settings.probability}`)
show(joined("network"), Number(count))
show(joined("watershed"), Number(count))
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const tellShares = (name: string, damages: readonly CrackShares[]): void => {
  const errors = damages.map(({ found, truth }) => found - truth)
  console.log(
    `crack share of ${damages.length} particles ${name}: true ${mean(damages.map(({ truth }) => truth)).toFixed(4)}, found ${mean(damages.map(({ found }) => found)).toFixed(4)}, error ${mean(errors).toFixed(4)} in the mean, ${mean(errors.map(Math.abs)).toFixed(4)} in magnitude`,
  )
}
tellShares("of the network", byNetwork)
tellShares("with true outlines", byTrueOutlines)
