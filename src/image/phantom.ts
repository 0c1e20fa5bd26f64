import { type Random, seededRandom } from "../array/random.ts"
import { packedShapes, type StarShape } from "./phantom-packing.ts"
import { gaussian } from "./smoothing.ts"
import { type Grid, gridOf, type Labels, type Mask, planeGrid, type Volume, voxelCount } from "./volume.ts"

/** Gray values of the materials before blur and noise. */
export interface PhantomGray {
  readonly particle: number
  /** Spread of the mean gray value over particles */
  readonly particleSpread: number
  readonly crack: number
  /** Matrix rich in carbon/binder, and matrix that is mostly pore */
  readonly carbon: number
  readonly pore: number
  readonly collector: number
  readonly separator: number
}

export interface PhantomSettings {
  readonly seed: number
  /** Of the image [m] */
  readonly width: number
  readonly height: number
  /** [m] */
  readonly pixel: number
  /** Share of the electrode's area that particles take; ≤ 0.5 packs reliably */
  readonly particleShare: number
  /** Median diameter [m] and the standard deviation of its logarithm */
  readonly diameter: number
  readonly diameterSpread: number
  /** Amplitude of the second to fifth Fourier term of the outlines, relative to the radius */
  readonly roughness: number
  /** Share of particles that are pushed against their nearest neighbour */
  readonly contactShare: number
  /** Share of particles with cracks and a dark core */
  readonly crackedShare: number
  /** Height of the separator's and the collector's band [m] */
  readonly bands: number
  readonly separator: "top" | "bottom"
  /** Area share of the carbon-rich matrix and the size of its domains [m] */
  readonly carbonShare: number
  readonly domainLength: number
  readonly gray: PhantomGray
  /** Standard deviation of the optical blur [pixel] and of the noise [gray value] */
  readonly blur: number
  readonly noise: number
}

/** A slice like the bundled demonstration: some fourteen particles in 51 × 32 µm. */
export const defaultPhantomSettings: PhantomSettings = {
  seed: 1,
  width: 51.2e-6,
  height: 32e-6,
  pixel: 100e-9,
  particleShare: 0.42,
  diameter: 7e-6,
  diameterSpread: 0.22,
  roughness: 0.05,
  contactShare: 0.3,
  crackedShare: 0.7,
  bands: 2.5e-6,
  separator: "top",
  carbonShare: 0.5,
  domainLength: 1.5e-6,
  gray: { particle: 175, particleSpread: 4, crack: 98, carbon: 104, pore: 84, collector: 120, separator: 78 },
  blur: 0.8,
  noise: 9,
}

/** A generated slice and the truth behind it, in the orientation of the stored image. */
export interface Phantom {
  /** Whole gray values 0 … 255 */
  readonly gray: Volume
  readonly labels: Labels
  readonly cracks: Mask
  /** 1 in carbon-rich matrix */
  readonly carbon: Mask
  /** Rows of the electrode: first inside, first outside */
  readonly band: readonly [number, number]
  readonly separator: "top" | "bottom"
}

/** Smooth random field of mean 0 and deviation 1; `length` is the Gaussian's standard deviation [pixel]. */
const randomField = (grid: Grid, length: number, random: Random): Float32Array => {
  const values = new Float32Array(voxelCount(grid))
  for (let i = 0; i < values.length; i++) values[i] = random.normal()
  const smooth = gaussian({ ...gridOf(grid), values }, length).values as Float32Array
  let sum = 0
  let square = 0
  for (const v of smooth) {
    sum += v
    square += v * v
  }
  const mean = sum / smooth.length
  const deviation = Math.sqrt(square / smooth.length - mean * mean)
  return smooth.map((v) => (v - mean) / deviation)
}

/** Paints a disc into a mask, inside one label only. */
const paint = (mask: Mask, labels: Labels, label: number, x: number, y: number, radius: number): void => {
  const [width, height] = mask.shape
  for (let py = Math.max(0, Math.floor(y - radius)); py <= Math.min(height - 1, Math.ceil(y + radius)); py++)
    for (let px = Math.max(0, Math.floor(x - radius)); px <= Math.min(width - 1, Math.ceil(x + radius)); px++) {
      const i = px + width * py
      if (labels.values[i] === label && Math.hypot(px - x, py - y) <= radius) mask.values[i] = 1
    }
}

/** A dark core, often hollow and star-shaped, and radial cracks that start in it and may reach the surface. */
const crack = (mask: Mask, labels: Labels, label: number, shape: StarShape, random: Random): void => {
  const { x, y, radius } = shape
  const core = radius * (0.06 + 0.16 * random.uniform() ** 2)
  for (let blob = 0; blob < 4; blob++) {
    const away = 0.8 * core
    paint(mask, labels, label, x + away * random.normal(), y + away * random.normal(), core * (0.5 + random.uniform()))
  }
  const count = random.integer(7)
  const turn = 2 * Math.PI * random.uniform()
  for (let k = 0; k < count; k++) {
    let angle = turn + (2 * Math.PI * (k + 0.6 * (random.uniform() - 0.5))) / count
    const length = radius * (random.uniform() < 0.25 ? 1.3 : 0.3 + 0.5 * random.uniform())
    const width = 0.5 + random.uniform()
    let [px, py] = [x, y]
    for (let s = 0; s < length; s += 0.5) {
      angle += 0.03 * random.normal()
      px += 0.5 * Math.cos(angle)
      py += 0.5 * Math.sin(angle)
      paint(mask, labels, label, px, py, width)
    }
  }
}

/**
 * A gray slice of a cathode with known truth: rough, polydisperse particles that touch or do not, radial cracks and
 * dark cores, a matrix of carbon-rich and pore-rich domains, a bright collector and a dark, fibrous separator, blur
 * and noise. The same settings give the same image on every machine.
 */
export const phantomSlice = (settings: PhantomSettings = defaultPhantomSettings): Phantom => {
  const { pixel, gray } = settings
  const random = seededRandom(settings.seed)
  const grid = planeGrid(Math.round(settings.width / pixel), Math.round(settings.height / pixel), pixel)
  const [width, height] = grid.shape
  const rows = Math.round(settings.bands / pixel)
  const band: readonly [number, number] = [rows, height - rows]

  const { shapes, labels } = packedShapes(grid, band, settings, random.split())
  const crackRandom = random.split()
  const cracks: Mask = { ...grid, values: new Uint8Array(width * height) }
  shapes.forEach((shape, k) => {
    if (crackRandom.uniform() < settings.crackedShare) crack(cracks, labels, k + 1, shape, crackRandom)
  })

  const texture = random.split()
  const domains = randomField(grid, settings.domainLength / pixel / 2, texture)
  const fine = randomField(grid, 1, texture)
  const fibres = randomField({ shape: [width, 6 * height, 1], spacing: grid.spacing }, 2.5, texture)
  const cut =
    Float32Array.from(domains).sort()[
      Math.min(domains.length - 1, Math.floor((1 - settings.carbonShare) * domains.length))
    ]
  const tone = Float64Array.from(
    { length: labels.count + 1 },
    () => gray.particle + gray.particleSpread * texture.normal(),
  )
  const carbon: Mask = { ...grid, values: new Uint8Array(width * height) }
  const clean = new Float32Array(width * height)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const above = y < band[0]
      if (above || y >= band[1]) {
        // Fibres are streaks along x: a field that varies six times faster across.
        clean[i] =
          above === (settings.separator === "top") ? gray.separator + 4 * fibres[x + width * 6 * y] : gray.collector
      } else if (labels.values[i] > 0) {
        clean[i] = cracks.values[i] !== 0 ? gray.crack : tone[labels.values[i]] + 2 * fine[i]
      } else {
        carbon.values[i] = domains[i] > cut ? 1 : 0
        clean[i] = (carbon.values[i] === 1 ? gray.carbon : gray.pore) + 5 * fine[i]
      }
    }
  const noise = randomField(grid, 0.6, random.split())
  const values = gaussian({ ...grid, values: clean }, settings.blur).values
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.min(255, Math.max(0, Math.round(values[i] + settings.noise * noise[i])))
  }
  return { gray: { ...grid, values }, labels, cracks, carbon, band, separator: settings.separator }
}
