/**
 * Filters of masks and gray values: dilation by balls small and large, against the distance transform that gives the same
 * (the radius at which both cost the same decides which is taken: `mostRows` of morphology.ts); Gaussian and median of a
 * slice of 1800 × 575 pixels, in nanoseconds a voxel. One thread; minimum and median.
 * Not measured: oblong voxels, masks without anything (faster), non-local means.
 *
 * npm run bench -- filters
 */
import { seededRandom } from "../../src/array/random.ts"
import { nearestSeed } from "../../src/image/distance.ts"
import { dilated } from "../../src/image/morphology.ts"
import { gaussian, median } from "../../src/image/smoothing.ts"
import { type Grid, type Mask, voxelCount } from "../../src/image/volume.ts"

let sink = 0

interface Times {
  /** [s] */
  readonly least: number
  readonly middle: number
}

const timesOf = (work: () => ArrayLike<number>): Times => {
  const times: number[] = []
  for (let round = 0; round < 8; round++) {
    const begun = performance.now()
    sink += work()[0]
    if (round > 0) times.push((performance.now() - begun) / 1e3)
  }
  times.sort((a, b) => a - b)
  return { least: times[0], middle: times[times.length >> 1] }
}

const line = (name: string, { least, middle }: Times, more: string): void =>
  console.log(
    `${name.padEnd(38)} ${(1e3 * least).toFixed(1).padStart(7)} ms  (median ${(1e3 * middle).toFixed(1)} ms)  ${more}`,
  )

const random = seededRandom(1)
const slice: Grid = { shape: [1800, 575, 1], spacing: [1, 1, 1] }
const cube: Grid = { shape: [128, 128, 128], spacing: [1, 1, 1] }

/** Runs of seven voxels, three in ten of them: what a ball is laid over is neither empty nor full. */
const maskOf = (grid: Grid): Mask => {
  const runs = Uint8Array.from({ length: Math.ceil(voxelCount(grid) / 7) }, () => (random.uniform() < 0.3 ? 1 : 0))
  return { ...grid, values: Uint8Array.from({ length: voxelCount(grid) }, (_, i) => runs[Math.floor(i / 7)]) }
}

for (const [name, grid, radii] of [
  ["slice", slice, [3, 30, 300]],
  ["cube", cube, [3, 10, 16]],
] as const) {
  const mask = maskOf(grid)
  const distance = timesOf(() => nearestSeed(mask, mask.values).squared)
  line(`distance, ${name} of ${grid.shape.join(" × ")}`, distance, "")
  for (const radius of radii) {
    const ball = timesOf(() => dilated(mask, radius).values)
    line(`dilation, ${name}, radius ${radius}`, ball, `${(distance.least / ball.least).toFixed(1)} × as fast`)
  }
}

const gray = { ...slice, values: Float32Array.from({ length: voxelCount(slice) }, () => 100 + 20 * random.normal()) }
const perVoxel = ({ least }: Times): string => `${((1e9 * least) / gray.values.length).toFixed(1)} ns a voxel`
for (const sigma of [1, 6]) {
  const times = timesOf(() => gaussian(gray, sigma).values)
  line(`Gaussian, σ ${sigma}`, times, perVoxel(times))
}
for (const radius of [1, 2]) {
  const times = timesOf(() => median(gray, radius).values)
  line(`median, radius ${radius}`, times, perVoxel(times))
}
console.log(`(sink ${sink})`)
