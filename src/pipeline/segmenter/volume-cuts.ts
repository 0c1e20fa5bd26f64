import { seededRandom } from "../../array/random.ts"
import type { Box, Triple } from "../../image/brick.ts"
import { wholeParticles } from "../../image/phantom-slice/slice.ts"
import { type PhantomVolumeSettings, phantomPresets } from "../../image/phantom-volume/settings.ts"
import { phantomBox, phantomVolume } from "../../image/phantom-volume/volume.ts"
import { views } from "../fusion/sections.ts"
import type { SliceMaker } from "./slices.ts"

/** Voxels of the volume across the plane that is cut: particles that reach out of it are whole all the same */
const depth = 48

/** A cracked cathode in space, another for each seed: settings about those fitted to a holo-tomogram. */
const cutSettings = (seed: number, shape: Triple): PhantomVolumeSettings => {
  const random = seededRandom(seed).split()
  const between = (low: number, high: number): number => low + (high - low) * random.uniform()
  // Volumes are often coarser than slices: particles of some 35 to 130 voxels.
  const voxel = 70e-9 * between(1, 2.4)
  const fitted = phantomPresets.holotomography(shape, voxel, seed)
  const { tones, damage } = fitted
  const loudness = Math.exp(0.35 * random.normal())
  const gray = (value: number, spread: number): number => Math.round(value + 257 * between(-spread, spread))
  return {
    ...fitted,
    particleShare: between(0.38, 0.5),
    diameterSpread: between(0.1, 0.35),
    elongation: between(1.1, 1.5),
    roughness: between(0.03, 0.06),
    contactShare: between(0.5, 1),
    fragmentShare: between(0, 0.5),
    damage: {
      ...damage,
      crackedShare: between(0.4, 0.7),
      shatteredShare: between(0, 0.3),
      core: between(0.2, 0.45),
      openShare: between(0.1, 0.4),
      width: between(3, 9) * voxel,
    },
    tones: {
      ...tones,
      particle: gray(tones.particle, 15),
      crack: gray(tones.crack, 15),
      carbon: gray(tones.carbon, 10),
      pore: gray(tones.pore, 10),
    },
    blur: between(0.8, 2),
    // Narrower than the fitted one: half of the planes need to be made.
    halo: { weight: between(0, 0.5), width: between(2.5, 4) },
    noise: fitted.noise * loudness,
  }
}

/** Planes cut through phantom volumes along each of their axes: caps of particles, cracks that end in the plane. */
export const volumeCut: SliceMaker = (seed, width, height) => {
  const random = seededRandom(seed).split().split()
  const { across, down, through } = views[random.integer(views.length)]
  const shape: [number, number, number] = [depth, depth, depth]
  shape[across] = width
  shape[down] = height
  const phantom = phantomVolume(cutSettings(seed, shape))
  const at = Math.floor(depth / 2)
  const from: [number, number, number] = [0, 0, 0]
  const to: [number, number, number] = [...shape]
  from[through] = at
  to[through] = at + 1
  const box: Box = { from, to }
  const { gray, labels, cracks } = phantomBox(phantom, box)
  const grid = { shape: [width, height, 1] as const, spacing: phantom.spacing }
  const truth = wholeParticles({ ...grid, values: labels, count: phantom.particles.length })
  return {
    gray: { ...grid, values: Float32Array.from(gray, (value) => Math.round(value / 257)) },
    labels: truth,
    cracks: { ...grid, values: cracks.map((flag, p) => (truth.values[p] > 0 ? flag : 0)) },
  }
}
