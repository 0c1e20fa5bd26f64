import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Context, Effect, Layer } from "effect"
import { afterAll, describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { Engine } from "../../../src/engine/engine.ts"
import { inProcess } from "../../../src/engine/in-process.ts"
import { volumeInMemory } from "../../../src/formats/volume-in-memory.ts"
import { type Triple, wholeOf } from "../../../src/image/brick.ts"
import { detectionScores } from "../../../src/image/score.ts"
import type { StarPrediction } from "../../../src/image/star/labels.ts"
import { resampled } from "../../../src/image/star/resampled.ts"
import { starAnswers } from "../../../src/image/star/targets.ts"
import { planeGrid } from "../../../src/image/volume.ts"
import { defaultFusionSettings } from "../../../src/pipeline/fusion/fused-particles.ts"
import { type SectionsOrder, sectionsTold } from "../../../src/pipeline/fusion/section-work.ts"
import { type PredictSection, sectionOf, walkOf } from "../../../src/pipeline/fusion/sections.ts"
import { fuseIn } from "../../../src/pipeline/fusion/segment-by-network.ts"
import { defaultVolumeSettings, type VolumeSettings } from "../../../src/pipeline/segmentation/settings.ts"
import { scratchInMemory, scratchOnDisk } from "../../../src/store/scratch-volume.ts"

const folder = mkdtempSync(join(tmpdir(), "fusion-test-"))
afterAll(() => rmSync(folder, { recursive: true }))

interface Ball {
  readonly centre: Triple
  readonly radius: number
}

/** Balls of which the first two, and the third and fourth, press into one another; the last is cut by the border. */
const balls: readonly Ball[] = [
  { centre: [13, 13, 14], radius: 10 },
  { centre: [31, 15, 15], radius: 9.5 },
  { centre: [14, 35, 30], radius: 10.5 },
  { centre: [24, 33, 14.5], radius: 8.5 },
  { centre: [36, 36, 36], radius: 9 },
]

/** Voxels along x, y and z, and how much longer than along x their edges are */
interface Scene {
  readonly shape: Triple
  readonly stretch: Triple
}
const cubic: Scene = { shape: [46, 46, 44], stretch: [1, 1, 1] }
const flat: Scene = { shape: [46, 46, 22], stretch: [1, 1, 2] }
const edge = 100e-9

/** Number of the ball that each voxel lies in, deepest by its share. */
const truthOf = ({ shape, stretch }: Scene): Int32Array => {
  const out = new Int32Array(shape[0] * shape[1] * shape[2])
  for (let z = 0, i = 0; z < shape[2]; z++)
    for (let y = 0; y < shape[1]; y++)
      for (let x = 0; x < shape[0]; x++, i++) {
        const place = [(x + 0.5) * stretch[0], (y + 0.5) * stretch[1], (z + 0.5) * stretch[2]]
        let least = 1
        balls.forEach(({ centre, radius }, k) => {
          const share = Math.hypot(...centre.map((c, axis) => c - place[axis])) / radius
          if (share <= least) {
            least = share
            out[i] = k + 1
          }
        })
      }
  return out
}

/** A broad crack through the third ball, from side to side. */
const isCrack = (label: number, x: number, y: number): boolean => label === 3 && Math.abs(x - y + 21) < 2

const scenes = new Map(
  [cubic, flat].map((scene) => {
    const truth = truthOf(scene)
    const random = seededRandom(3)
    const [nx, ny] = scene.shape
    const gray = Uint8Array.from(truth, (label, i) =>
      Math.round((label > 0 && !isCrack(label, i % nx, Math.floor(i / nx) % ny) ? 180 : 60) + 6 * random.normal()),
    )
    return [scene, { truth, gray }] as const
  }),
)

/** What is wrong with the answers about a section: the labels that a network takes for true in it. */
type Lapse = (through: number, at: number, labels: Int32Array) => Int32Array

/** Says of every section what a perfect network would say of the labels that a lapse leaves. */
const knowing =
  ({ shape }: Scene, truth: Int32Array, lapse: Lapse): PredictSection =>
  async (_, size, __, { view, at }) => {
    const walk = walkOf({ from: [0, 0, 0], to: shape }, view)
    const section = sectionOf(truth, walk, at, new Int32Array(walk.width * walk.height))
    const seen = lapse(view.through, at, section)
    // Each label by itself, so that pixels in between are of one.
    const values = new Int32Array(size[0] * size[1])
    for (const label of new Set(seen)) {
      if (label === 0) continue
      const mask = Float32Array.from(seen, (other) => (other === label ? 1 : 0))
      resampled(mask, [walk.width, walk.height], size).forEach((share, p) => {
        if (share >= 0.5) values[p] = label
      })
    }
    const answers = starAnswers({ ...planeGrid(size[0], size[1], 1), values, count: 9 }, 2, 16)
    const places = answers.width * answers.height
    const distances = new Float32Array(16 * places)
    for (let p = 0; p < places; p++)
      for (let ray = 0; ray < 16; ray++) distances[p * 16 + ray] = answers.distances[ray * places + p]
    const prediction: StarPrediction = { ...answers, offset: 0.5, rayCount: 16, distances }
    return prediction
  }

const settings: VolumeSettings = {
  ...defaultVolumeSettings,
  meaning: { kind: "gray", denoise: { kind: "none" }, threshold: { kind: "values", particle: 120 } },
}

interface Cut {
  readonly bytes?: number
  readonly threads?: number
  readonly brick?: number
  readonly onDisk?: boolean
}

const none: Lapse = (_, __, labels) => labels

const fused = (scene: Scene, lapse: Lapse = none, { bytes = 8e6, onDisk = false, threads = 1, brick }: Cut = {}) => {
  const { truth, gray } = scenes.get(scene)!
  const spacing = scene.stretch.map((stretch) => stretch * edge) as unknown as Triple
  const source = volumeInMemory({ shape: scene.shape, spacing }, gray)
  const predict = knowing(scene, truth, lapse)
  const work = Effect.gen(function* () {
    const space = onDisk ? yield* scratchOnDisk(scene.shape, folder, 1e6) : scratchInMemory(scene.shape)
    const room = { space, plan: { bytes, threads, ...(brick === undefined ? {} : { brick }) }, memory: 1e9 }
    const layer = inProcess(async (input, tell) => tell(await sectionsTold((input as SectionsOrder).task, predict)))
    const engine = Context.get(yield* Layer.build(layer), Engine)
    const order = (task: SectionsOrder["task"]): SectionsOrder => ({ file: "", task })
    const fusion = { ...defaultFusionSettings, smallestDiameter: 6 * edge }
    const looking = { engine, order, model: "what is known", pixel: edge }
    const { volume, effort } = yield* fuseIn(room, source, settings, fusion, looking, () => Effect.void)
    return { labels: yield* volume.readLabels(wholeOf(source)), count: volume.count, effort }
  })
  return Effect.runPromise(Effect.scoped(work))
}

const scoreOf = (scene: Scene, labels: Int32Array, overlap: number) =>
  detectionScores(scenes.get(scene)!.truth, labels, [overlap])[0]

describe("particles of three views", () => {
  it.each([
    ["cubic voxels", cubic],
    ["voxels twice as high", flat],
  ])("are the true ones where the network is right, with their cracks: %s", async (_, scene) => {
    const { labels, count, effort } = await fused(scene)
    expect(count).toBe(balls.length)
    expect(effort.sections).toBe(scene.shape[0] + scene.shape[1] + scene.shape[2])
    expect(scoreOf(scene, labels, 0.9).f1).toBe(1)
    const { truth } = scenes.get(scene)!
    const [nx, ny] = scene.shape
    let [cracks, held] = [0, 0]
    truth.forEach((label, i) => {
      if (!isCrack(label, i % nx, Math.floor(i / nx) % ny)) return
      cracks++
      if (labels[i] !== 0) held++
    })
    // Along the rims gray values decide.
    expect(held / cracks).toBeGreaterThan(0.6)
  })

  it("stay apart, and whole, where the network errs in a third of the sections", async () => {
    const lapse: Lapse = (through, at, labels) => {
      if ((at + through) % 3 !== 0) return labels
      // Two that touch as one; one as two halves.
      return labels.map((label, p) => (label === 2 ? 1 : label === 3 && p % 46 > 14 ? 6 : label))
    }
    const { labels, count } = await fused(cubic, lapse)
    expect(count).toBe(balls.length)
    expect(scoreOf(cubic, labels, 0.75).f1).toBe(1)
  })

  it("are one where most of the sections see one", async () => {
    const { count } = await fused(cubic, (_, __, labels) => labels.map((label) => (label === 2 ? 1 : label)))
    expect(count).toBe(balls.length - 1)
  })

  it("are what two views see where the third sees nothing", async () => {
    const { labels, count } = await fused(cubic, (through, _, all) => (through === 1 ? all.map(() => 0) : all))
    expect(count).toBe(balls.length)
    expect(scoreOf(cubic, labels, 0.8).f1).toBe(1)
  })

  it("are the same bit for bit for any memory, bricks and threads", async () => {
    const expected = (await fused(cubic)).labels
    for (const cut of [{ brick: 7 }, { bytes: 150_000, onDisk: true }, { brick: 16, threads: 2 }])
      expect((await fused(cubic, none, cut)).labels, JSON.stringify(cut)).toEqual(expected)
  })
})
