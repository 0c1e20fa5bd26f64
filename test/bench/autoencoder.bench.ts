/**
 * Training of autoencoders and the tests that go with them, one thread: `node test/bench/autoencoder.bench.ts`.
 *
 * Times are processor time of the thread (the machine is shared, and the peers' figures are processor time too). The peer
 * is torch on a machine of this kind: a sparse autoencoder 24-9-24 on 2,000 rows, L-BFGS with 500 iterations 0.41 s, Adam
 * with 1,000 iterations 2.2 s; it computes in 32 bits, this in 64. Then: what nine latent values leave of nine bent factors,
 * against nine components; the scan of sizes on such tables; joint distances of 3,000 points with 999 permutations. Not
 * measured: more than one thread, tables beyond memory.
 */
import { seededRandom } from "../../src/array/random.ts"
import { defaultAutoencoder, quasiNewtonTraining, trainAutoencoder } from "../../src/learning/autoencoder.ts"
import { AutoencoderLoss, publishedRegularisation } from "../../src/learning/autoencoder-loss.ts"
import { factorTable } from "../../src/learning/factor-table.ts"
import { type AutoencoderShape, decoderLayers, encoderLayers, startParameters } from "../../src/learning/layers.ts"
import { defaultSizeScan, scanSizes } from "../../src/learning/size-scan.ts"
import { randomSplit } from "../../src/learning/splits.ts"
import { adaptiveSteps, defaultAdaptive, minimiseQuasiNewton } from "../../src/solve/minimise.ts"
import { jointDistances } from "../../src/statistics/joint-distance.ts"

const repetitions = 5
let sink = 0

const processorTime = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1e6
}

interface Times {
  readonly least: number
  readonly middle: number
}

const timed = (work: () => number, count = repetitions): Times => {
  const times: number[] = []
  for (let run = 0; run <= count; run++) {
    const start = processorTime()
    sink += work()
    if (run > 0) times.push(processorTime() - start)
  }
  times.sort((a, b) => a - b)
  return { least: times[0], middle: times[times.length >> 1] }
}

const row = ({ least, middle }: Times, result: string, peer?: number) => ({
  "least [s]": least.toFixed(3),
  "middle [s]": middle.toFixed(3),
  "middle/peer": peer === undefined ? "" : (middle / peer).toFixed(2),
  result,
})

const { table } = factorTable({ rowCount: 2000, columnCount: 24, factorCount: 9, bend: 0.3, noise: 0.05, seed: 1 })
const everyRow = Int32Array.from({ length: 2000 }, (_, at) => at)

const training = (hiddenCount: number) => {
  const shape: AutoencoderShape = { columnCount: 24, hiddenCount, latentCount: 9 }
  const loss = new AutoencoderLoss(shape, publishedRegularisation, table.values, everyRow)
  const start = startParameters([...encoderLayers(shape), ...decoderLayers(shape)], seededRandom(1))
  const settings = { memory: 10, mostIterations: 500, flatness: 0 }
  const quasiNewton = (): number =>
    minimiseQuasiNewton((x, gradient) => loss.evaluate(x, gradient), start, settings).values[500]
  const adaptive = (): number => {
    const step = adaptiveSteps(start.length, defaultAdaptive)
    const x = start.slice()
    const gradient = new Float64Array(x.length)
    let value = 0
    for (let at = 0; at < 1000; at++) {
      value = loss.evaluate(x, gradient)
      step(gradient, x)
    }
    return value
  }
  return { quasiNewton, adaptive }
}

const small = training(0)
const deep = training(18)
console.log(`Node ${process.version}, ${repetitions} repetitions, processor time`)
console.table({
  "24-9-24, L-BFGS, 500 iterations": row(timed(small.quasiNewton), `loss ${small.quasiNewton().toFixed(3)}`, 0.41),
  "24-9-24, Adam, 1,000 iterations": row(timed(small.adaptive), `loss ${small.adaptive().toFixed(3)}`, 2.2),
  "24-18-9-18-24, L-BFGS, 500": row(timed(deep.quasiNewton), `loss ${deep.quasiNewton().toFixed(3)}`),
  "24-18-9-18-24, Adam, 1,000": row(timed(deep.adaptive), `loss ${deep.adaptive().toFixed(3)}`),
})

const wide = {
  ...defaultAutoencoder,
  hiddenCount: 36,
  training: { ...quasiNewtonTraining, mostIterations: 800 } as never,
  patience: { every: 5, looks: 20 },
}
const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

const scans: Record<string, object> = {}
for (const [bend, hiddenCount] of [
  [0, 18],
  [0.3, 36],
]) {
  for (const seed of [1, 2]) {
    const made = factorTable({ rowCount: 1000, columnCount: 23, factorCount: 9, bend, noise: 0.05, seed })
    const start = processorTime()
    const { choice, sizes } = scanSizes(made.table, {
      ...defaultSizeScan,
      sizes: [6, 7, 8, 9, 10, 11, 12],
      repeats: 2,
      autoencoder: { ...wide, hiddenCount },
    })
    const nine = sizes[3]
    scans[`${bend === 0 ? "straight" : "bent"}, seed ${seed}`] = {
      "chosen of nine": choice.latentCount,
      "left by nine latent values": mean(nine.heldOut).toFixed(3),
      "by nine components": mean(nine.principal).toFixed(3),
      "time [s]": (processorTime() - start).toFixed(1),
    }
  }
}
console.table(scans)

const split = randomSplit(2000, 0.05, 1)
const cloud = (seed: number): Float64Array => {
  const { normal } = seededRandom(seed)
  return Float64Array.from({ length: 9 * 1500 }, normal)
}
const [first, second] = [cloud(1), cloud(2)]
console.table({
  "default training, 2,000 × 24": row(
    timed(() => trainAutoencoder(table, split).heldOutError, 3),
    `held-out error ${trainAutoencoder(table, split).heldOutError.toFixed(3)}`,
  ),
  "joint distances, 2 × 1,500 points": row(
    timed(() => jointDistances(first, second, 9).energy.value, 1),
    `p ${jointDistances(first, second, 9).energy.probability.toFixed(2)}`,
  ),
})
if (Number.isNaN(sink)) console.log(sink)
