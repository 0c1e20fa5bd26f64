import { seededRandom } from "../../array/random.ts"
import { largestParts, renumbered } from "../outlines.ts"
import { gridOf, type Labels, type Mask, type Volume } from "../volume.ts"
import { addStroke, damaged } from "./damage.ts"
import { imaged, noiseField, slowField } from "./fields.ts"
import { arranged } from "./particles.ts"
import type { SliceSettings } from "./settings.ts"

/** A generated slice and the truth behind it. */
export interface LikeSlice {
  /** Whole gray values 0 … 255 */
  readonly gray: Volume
  /** Cracks and cores belong to their particle; nothing beyond the field of view */
  readonly labels: Labels
  /** 1 in cracks and cores */
  readonly cracks: Mask
}

/** Distances of the nodes of slow fields [pixel]: small and large clouds of the matrix, drift within particles */
const smallCloud = 11
const largeCloud = 34
const driftLength = 18

/** Pixels over which a band's edge passes into the electrode */
const bandEdge = 26

/** A particle of which less is left by borders and neighbours is none [pixel] */
const leastArea = 60

/** Each particle in one piece, those of which next to nothing is seen left out. @param least area of a particle [pixel] */
export const wholeParticles = (labels: Labels, least = leastArea): Labels => {
  const parts = largestParts(labels)
  const areas = new Int32Array(labels.count + 1)
  for (const label of parts.values) areas[label]++
  return renumbered({ ...parts, values: parts.values.map((label) => (areas[label] < least ? 0 : label)) })
}

/**
 * A slice as a holo-tomogram shows it, with its truth: layers of rounded and irregular particles of several sizes, hollow,
 * cracked, shattered, with splinters and dust between, a cloudy matrix, soft edges with rims and fringes, noise of a
 * stated spectrum, streaks and rings. The same settings give the same slice on every machine.
 */
export const likeSlice = (settings: SliceSettings): LikeSlice => {
  const { width, height, pixel, tones, deviations } = settings
  const random = seededRandom(settings.seed)
  const { particles, labels, rows } = arranged(settings, random.split())
  const dark = damaged(particles, labels, settings.damage, random.split())
  const texture = random.split()
  const tone = Float64Array.from(particles, ({ isSplinter }) => {
    const dimmer = isSplinter ? 0.25 * texture.uniform() * (tones.particle - tones.matrix) : 0
    return tones.particle + deviations.particles * texture.normal() - dimmer
  })

  const dust = new Float32Array(width * height)
  const wisps = Math.round(settings.wisps * particles.length)
  for (let k = 0; k < wisps; k++) {
    // Dust clings to particles more often than not.
    const beside = particles[texture.integer(particles.length)]
    const around = 2 * Math.PI * texture.uniform()
    const away = beside.largest + 8 * texture.normal()
    const isClinging = texture.uniform() < 0.7
    addStroke(
      dust,
      width,
      {
        x: isClinging ? beside.x + away * Math.cos(around) : width * texture.uniform(),
        y: isClinging ? beside.y + away * Math.sin(around) : rows[0] + (rows[1] - rows[0]) * texture.uniform(),
        angle: isClinging ? around + Math.PI / 2 + 0.7 * texture.normal() : 2 * Math.PI * texture.uniform(),
        length: 4 + 40 * texture.uniform() ** 2,
        from: 2 + 7 * texture.uniform(),
        to: 1 + 3 * texture.uniform(),
        depth: 0.2 + 0.5 * texture.uniform(),
        wander: 0.15,
      },
      (p) => labels.values[p] === 0,
      texture,
    )
  }

  const small = slowField(width, height, 1.7 * smallCloud, smallCloud, texture)
  const large = slowField(width, height, 1.5 * largeCloud, largeCloud, texture)
  const drift = slowField(width, height, driftLength, driftLength, texture)
  const clean = new Float32Array(width * height)
  const grain = new Float32Array(width * height)
  const [top, end] = rows
  const [above, below] = settings.isSeparatorBelow
    ? [tones.collector, tones.separator]
    : [tones.separator, tones.collector]
  const [cloudSmall, cloudLarge] = [0.5 * deviations.clouds, Math.sqrt(0.75) * deviations.clouds]
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const label = labels.values[i]
      if (label > 0) {
        const sound = tone[label - 1] + deviations.drift * drift[i]
        clean[i] = sound + dark[i] * (tones.crack - sound)
        grain[i] = deviations.particleNoise
        continue
      }
      const wave = 10 * large[i]
      const into = Math.min(top > 0 ? (y - top + wave) / bandEdge : 1, end < height ? (end - y + wave) / bandEdge : 1)
      const electrode = Math.min(1, Math.max(0, 0.5 + into))
      const matrix = tones.matrix + cloudSmall * small[i] + cloudLarge * large[i]
      const band = (2 * y < height ? above : below) + 0.1 * deviations.clouds * small[i]
      const bare = band + electrode * (matrix - band)
      clean[i] = bare + dust[i] * (tones.particle - bare)
      grain[i] = deviations.bandNoise + electrode * (deviations.matrixNoise - deviations.bandNoise)
    }

  const seen = imaged(clean, width, height, settings.blurs)
  const noise = noiseField(width, height, settings.noise, settings.lean, random.split())
  const artefacts = random.split()
  // Streaks run far along x and are thin; rings lie about an axis that is seldom inside of a small slice.
  const streaks = settings.streaks > 0 ? slowField(width, height, 90, 3, artefacts) : undefined
  const [axisX, axisY] = [width * artefacts.normal(), height * artefacts.normal()]
  const farthest = Math.ceil(
    Math.hypot(Math.max(Math.abs(axisX), Math.abs(width - axisX)), Math.max(Math.abs(axisY), Math.abs(height - axisY))),
  )
  const ring = Float32Array.from({ length: farthest + 2 }, () => settings.rings * artefacts.normal())
  const viewed = (settings.view / pixel) ** 2
  const viewX = width / 2
  const viewY = height / 2 + 0.1 * height * artefacts.normal()
  const cracks = new Uint8Array(width * height)
  const values = new Float32Array(width * height)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      if ((x - viewX) ** 2 + (y - viewY) ** 2 > viewed) {
        values[i] = Math.round(tones.padding)
        labels.values[i] = 0
        continue
      }
      let value = seen[i] + grain[i] * noise[i]
      if (streaks !== undefined) value += settings.streaks * streaks[i]
      if (settings.rings > 0) value += ring[Math.round(Math.sqrt((x - axisX) ** 2 + (y - axisY) ** 2))]
      values[i] = Math.min(255, Math.max(0, Math.round(value)))
      if (labels.values[i] > 0 && dark[i] > 0.5) cracks[i] = 1
    }
  const grid = gridOf(labels)
  const truth = wholeParticles(labels)
  for (let i = 0; i < cracks.length; i++) if (truth.values[i] === 0) cracks[i] = 0
  return { gray: { ...grid, values }, labels: truth, cracks: { ...grid, values: cracks } }
}
