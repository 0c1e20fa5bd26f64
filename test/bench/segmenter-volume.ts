/**
 * Holds the fusion of three views, each view by itself and the watershed against the truth of a phantom volume:
 *
 *     node test/bench/segmenter-volume.ts models/segmenter.onnx [edge] [nm] [seed] [preset] [threads]
 *
 * 256 voxels of 120 nm of the preset holotomography unless told: cracked, touching particles of some 77 voxels with
 * splinters between them. Most of them are cut by the border, down to slivers. Prints F1 over overlaps, errors of the objects, error of the crack share of each particle that
 * is found, and the times in the network and around it. Truth: particles with their cracks, as far as they are as large as
 * those that are looked for (1 µm).
 */
import { tmpdir } from "node:os"
import { Effect } from "effect"
import { volumeInMemory } from "../../src/formats/volume-in-memory.ts"
import { wholeOf } from "../../src/image/brick.ts"
import { addExtents, type ObjectExtent } from "../../src/image/label-agreement.ts"
import { phantomPresets } from "../../src/image/phantom-volume/settings.ts"
import { phantomBox, phantomVolume } from "../../src/image/phantom-volume/volume.ts"
import { matchedPairs, objectSizes, overlappingPairs, scoresOf, standardOverlaps } from "../../src/image/score.ts"
import { objectErrors } from "../../src/image/score-errors.ts"
import { defaultFusionSettings, type FusionSettings } from "../../src/pipeline/fusion/fused-particles.ts"
import { views } from "../../src/pipeline/fusion/sections.ts"
import { segmentByNetwork } from "../../src/pipeline/fusion/segment-by-network.ts"
import type { LabelledVolume } from "../../src/pipeline/segmentation/labelled-volume.ts"
import { ballVoxels } from "../../src/pipeline/segmentation/particles.ts"
import { segmentVolume } from "../../src/pipeline/segmentation/segment-volume.ts"
import { defaultVolumeSettings, type VolumeSettings } from "../../src/pipeline/segmentation/settings.ts"
import { contingencyOf } from "../../src/statistics/contingency.ts"

const [file, edge = "256", nanometres = "120", seed = "1", preset = "holotomography", threads = "1"] =
  process.argv.slice(2)
const n = Number(edge)
const phantom = phantomVolume(
  phantomPresets[preset as keyof typeof phantomPresets]([n, n, n], 1e-9 * Number(nanometres), Number(seed)),
)
const truth = phantomBox(phantom, wholeOf(phantom))
const source = volumeInMemory(phantom, truth.gray)
const settings: VolumeSettings = {
  ...defaultVolumeSettings,
  meaning: { kind: "gray", denoise: { kind: "median", radius: 1 }, threshold: { kind: "otsu", classes: 2 } },
}
const resources = { memory: 8e9, threads: Number(threads), scratch: tmpdir() }
const quiet = () => Effect.void

const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Crack share of every object. @param isCrack [voxel] */
const crackShares = (labels: Int32Array, isCrack: (voxel: number) => boolean): ReadonlyMap<number, number> => {
  const [all, cracks] = [new Map<number, number>(), new Map<number, number>()]
  labels.forEach((label, i) => {
    if (label === 0) return
    all.set(label, (all.get(label) ?? 0) + 1)
    if (isCrack(i)) cracks.set(label, (cracks.get(label) ?? 0) + 1)
  })
  return new Map([...all].map(([label, size]) => [label, (cracks.get(label) ?? 0) / size]))
}

const trueShares = crackShares(truth.labels, (i) => truth.cracks[i] === 1)

/** Particles of the truth that are as large as those that are looked for; the others are no particles here. */
const judged = (() => {
  const sizes = new Map<number, number>()
  for (const label of truth.labels) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  const least = ballVoxels(phantom, settings.smallestDiameter)
  return truth.labels.map((label) => (sizes.get(label)! < least ? 0 : label))
})()

/** Labels that reach the border of the volume. */
const cutLabels = (labels: Int32Array): ReadonlySet<number> => {
  const extents = new Map<number, ObjectExtent>()
  addExtents(phantom, wholeOf(phantom), labels, extents)
  return new Set([...extents].filter(([, { isCut }]) => isCut).map(([label]) => label))
}
const trulyCut = cutLabels(judged)

const judge = Effect.fnUntraced(function* (name: string, volume: LabelledVolume, begun: number) {
  const spent = processorTime() - begun
  const labels = yield* volume.readLabels(wholeOf(phantom))
  const phases = yield* volume.readPhases!(wholeOf(phantom))
  const contingency = contingencyOf(judged, labels)
  const scores = scoresOf(contingency, standardOverlaps)
  const sizes = objectSizes(contingency)
  const errors = objectErrors(contingency, sizes)
  const shares = crackShares(labels, (i) => phases[i] !== 1)
  const pairs = matchedPairs(overlappingPairs(contingency, sizes), 0.5)
  const damage = pairs.reduce(
    (sum, pair) => sum + Math.abs((shares.get(pair.found) ?? 0) - (trueShares.get(pair.truth) ?? 0)),
    0,
  )
  // Whole ones: a found one counts as whole by its own border, unless it matches.
  const foundCut = cutLabels(labels)
  const whole = pairs.filter(({ truth: label }) => !trulyCut.has(label))
  const matchedFinds = new Set(pairs.map(({ found }) => found))
  const [wholeTruth, wrongWhole] = [
    [...sizes.truth.keys()].filter((label) => !trulyCut.has(label)).length,
    [...sizes.found.keys()].filter((label) => !foundCut.has(label) && !matchedFinds.has(label)).length,
  ]
  const wholeF1 = (2 * whole.length) / (whole.length + wrongWhole + wholeTruth)
  console.log(
    `${name.padEnd(12)} F1 at ${standardOverlaps.join(", ")}: ${scores.map(({ f1 }) => f1.toFixed(3)).join(" ")}\n` +
      `             ${scores[0].matched} of ${sizes.truth.size} matched, ${scores[0].falsePositives} wrong; ${errors.splitTruths} split, ${errors.mergedFinds} hold several, ${errors.missed} missed, ${errors.spurious} spurious\n` +
      `             F1 at 0.5 of the ${wholeTruth} that the border does not cut: ${wholeF1.toFixed(3)}\n` +
      `             crack share off by ${(damage / pairs.length).toFixed(3)} in the mean; ${spent.toFixed(1)} s of processor time`,
  )
  return scores[0].f1
})

const program = Effect.gen(function* () {
  console.log(`${preset}, ${n}³ voxels of ${nanometres} nm, seed ${seed}`)
  let begun = processorTime()
  yield* judge("watershed", yield* segmentVolume(source, settings, resources, quiet), begun)
  const byNetwork = Effect.fnUntraced(function* (name: string, fusion: Omit<FusionSettings, "smallestDiameter">) {
    begun = processorTime()
    const { volume, effort, pixel } = yield* segmentByNetwork(source, settings, file, resources, quiet, fusion)
    const f1 = yield* judge(name, volume, begun)
    console.log(
      `             ${effort.sections} sections in pixels of ${(1e9 * pixel).toFixed(0)} nm: ${effort.network.toFixed(1)} s in the network, ${effort.around.toFixed(1)} s around it; ${effort.polygons} polygons`,
    )
    return f1
  })
  const single: number[] = []
  for (const [k, view] of views.entries()) {
    single.push(yield* byNetwork(["xy", "xz", "yz"][k], { ...defaultFusionSettings, views: [view], agreeing: 1 }))
  }
  const fused = yield* byNetwork("fusion", defaultFusionSettings)
  console.log(`gain over the best view: ${(fused - Math.max(...single)).toFixed(3)}`)
})
await Effect.runPromise(Effect.scoped(program))
