import { assertLength } from "../../array/assert.ts"
import { seededRandom } from "../../array/random.ts"
import { type Box, boxShape, boxSize, widened } from "../brick.ts"
import { gaussian } from "../smoothing.ts"
import type { Grid } from "../volume.ts"
import { isCracked } from "./cracks.ts"
import { smoothField } from "./lattice-field.ts"
import { isTouchingPair, surfaceToward } from "./packing.ts"
import { electrodeOf, type PackedParticles, type PhantomParticle, packedParticles, settingsFault } from "./particles.ts"
import type { PhantomVolumeSettings } from "./settings.ts"

/** A volume that is known but not yet made: any box of it can be had. */
export interface PhantomVolume extends Grid {
  readonly settings: PhantomVolumeSettings
  /** Particles that the volume shows at least a corner of, those cut by its border included; entry k has label k + 1 */
  readonly particles: readonly PhantomParticle[]
  readonly packing: PackedParticles
  /** Value of the field of domains from which on the matrix is carbon/binder */
  readonly carbonFrom: number
}

/** A box of a phantom: what a tomograph would show of it, and the truth behind. Arrays are [voxel], x fastest. */
export interface PhantomPart {
  readonly box: Box
  /** Whole gray values 0 … 65535 */
  readonly gray: Uint16Array
  /** The particle that a voxel belongs to, its cracks and hollow core included; 0 in the matrix */
  readonly labels: Int32Array
  /** 1 in cracks and hollow cores, which lie inside particles */
  readonly cracks: Uint8Array
  /** 0 void (cracks included), 1 particle, 2 carbon/binder */
  readonly phases: Uint8Array
}

/** How far from a particle carbon/binder clings to it [voxel] */
const clinging = 6

/** Seeds of the random fields of a phantom, each apart from the others. */
const fieldSeeds = (seed: number) => {
  const random = seededRandom(-1 - seed)
  const next = (): number => random.integer(2 ** 32) | 0
  return {
    grain: next(),
    bend: next(),
    lump: next(),
    domains: next(),
    frayed: next(),
    fine: next(),
    coarse: next(),
    noise: next(),
    drift: next(),
  }
}

/** Nearest and second nearest particle of every voxel of a box. */
interface Nearness {
  /** [voxel] −1 where none is within reach */
  readonly owner: Int32Array
  readonly second: Int32Array
  /** [voxel] distance from the surface along the ray from the centre, negative inside [voxel] */
  readonly distance: Float32Array
  readonly secondDistance: Float32Array
}

const nearnessIn = ({ settings, particles }: Pick<PhantomVolume, "settings" | "particles">, box: Box): Nearness => {
  const size = boxSize(box)
  const [nx, ny] = boxShape(box)
  const owner = new Int32Array(size).fill(-1)
  const second = new Int32Array(size).fill(-1)
  const distance = new Float32Array(size).fill(clinging)
  const secondDistance = new Float32Array(size).fill(clinging)
  const amplitude = settings.grain / settings.voxel
  const grain = amplitude > 0 ? smoothField(fieldSeeds(settings.seed).grain, 3, box) : null
  // The field of the grain stays below four deviations.
  const margin = clinging + 4 * amplitude
  const { from, to } = box
  particles.forEach((particle, index) => {
    const { centre, radius, shape } = particle
    const reach = radius * shape.largest + margin
    const first = (axis: 0 | 1 | 2): number => Math.max(from[axis], Math.ceil(centre[axis] - reach))
    const last = (axis: 0 | 1 | 2): number => Math.min(to[axis] - 1, Math.floor(centre[axis] + reach))
    const [z0, z1, y0, y1, x0, x1] = [first(2), last(2), first(1), last(1), first(0), last(0)]
    if (z0 > z1 || y0 > y1 || x0 > x1) return
    for (let z = z0; z <= z1; z++)
      for (let y = y0; y <= y1; y++) {
        const dz = z - centre[2]
        const dy = y - centre[1]
        const row = nx * (y - box.from[1] + ny * (z - box.from[2])) - box.from[0]
        const left = reach * reach - dz * dz - dy * dy
        if (left <= 0) continue
        for (let x = x0; x <= x1; x++) {
          const dx = x - centre[0]
          if (dx * dx >= left) continue
          const i = row + x
          const away = Math.sqrt(dx * dx + dy * dy + dz * dz)
          // Most voxels are nearer to two other particles than the shape could bring this one.
          if (away - reach + clinging >= secondDistance[i]) continue
          const here = Math.fround(
            away -
              (away > 1e-9 ? surfaceToward(particle, dx, dy, dz) : radius) +
              (grain === null ? 0 : amplitude * grain[i]),
          )
          if (here < distance[i]) {
            secondDistance[i] = distance[i]
            second[i] = owner[i]
            distance[i] = here
            owner[i] = index
          } else if (here < secondDistance[i]) {
            secondDistance[i] = here
            second[i] = index
          }
        }
      }
  })
  return { owner, second, distance, secondDistance }
}

/** Labels of a box: inside the nearest particle, and far enough from the next where the two do not touch. */
const labelsFrom = (
  near: Nearness,
  { settings, particles, packing }: Pick<PhantomVolume, "settings" | "particles" | "packing">,
  box: Box,
): Int32Array => {
  const { owner, second, distance, secondDistance } = near
  const [nx, ny, nz] = boxShape(box)
  const [low, high] = electrodeOf(settings)
  const labels = new Int32Array(owner.length)
  for (let z = 0, i = 0; z < nz; z++) {
    if (z + box.from[2] < low || z + box.from[2] >= high) {
      i += nx * ny
      continue
    }
    for (let n = 0; n < nx * ny; n++, i++) {
      if (!(distance[i] < 0)) continue
      const isApart =
        second[i] < 0 ||
        secondDistance[i] - distance[i] >= packing.rules.gap ||
        isTouchingPair(packing.rules, particles[owner[i]].body, particles[second[i]].body)
      if (isApart) labels[i] = owner[i] + 1
    }
  }
  return labels
}

/** Field of the domains of the matrix, higher where carbon/binder is likelier; a finer field frays their edges. */
const domainsIn = (settings: PhantomVolumeSettings, distance: Float32Array, box: Box): Float32Array => {
  const length = Math.max(1, settings.domainLength / settings.voxel)
  const seeds = fieldSeeds(settings.seed)
  const field = smoothField(seeds.domains, length, box)
  const frayed = smoothField(seeds.frayed, Math.max(1, length / 3), box)
  for (let i = 0; i < field.length; i++) {
    field[i] += 0.4 * frayed[i] + settings.affinity * (1 - Math.max(0, distance[i]) / clinging)
  }
  return field
}

/** Boxes and their edge in which the matrix is looked at to find the threshold of its domains */
const probes = 600
const probeEdge = 4

/** Value of the domains' field that the wanted share of the matrix exceeds, from some boxes at random places. */
const carbonThreshold = (phantom: Omit<PhantomVolume, "carbonFrom">): number => {
  const { settings, shape } = phantom
  const random = seededRandom(2 ** 40 + settings.seed)
  const [low, high] = electrodeOf(settings)
  const found: number[] = []
  for (let k = 0; k < probes; k++) {
    const at = (first: number, end: number): readonly [number, number] => {
      const from = first + random.integer(Math.max(1, end - first - probeEdge + 1))
      return [from, Math.min(end, from + probeEdge)]
    }
    const [x, y, z] = [at(0, shape[0]), at(0, shape[1]), at(low, high)]
    const box: Box = { from: [x[0], y[0], z[0]], to: [x[1], y[1], z[1]] }
    const near = nearnessIn(phantom, box)
    const domains = domainsIn(settings, near.distance, box)
    for (let i = 0; i < domains.length; i++) if (!(near.distance[i] < 0)) found.push(domains[i])
  }
  if (settings.carbonShare >= 1 || found.length === 0) return Number.NEGATIVE_INFINITY
  const sorted = Float64Array.from(found).sort()
  if (settings.carbonShare <= 0) return Number.POSITIVE_INFINITY
  return sorted[Math.min(sorted.length - 1, Math.floor((1 - settings.carbonShare) * sorted.length))]
}

/**
 * A volume of rounded, rough particles with known truth, planned but not yet made: which particles there are, where, how
 * they are cracked. The same settings give the same volume, whatever boxes of it are asked for.
 * @throws where settings are out of range
 */
export const phantomVolume = (settings: PhantomVolumeSettings): PhantomVolume => {
  const fault = settingsFault(settings)
  if (fault !== undefined) throw new RangeError(`phantom: ${fault}`)
  const { shape, voxel } = settings
  const packing = packedParticles(settings)
  const planned = { shape, spacing: [voxel, voxel, voxel] as const, settings, particles: packing.particles, packing }
  return { ...planned, carbonFrom: carbonThreshold(planned) }
}

/** Truth of a box and the field of its domains. */
const truthIn = (phantom: PhantomVolume, box: Box) => {
  const { settings, particles, carbonFrom } = phantom
  const { voxel, damage } = settings
  const seeds = fieldSeeds(settings.seed)
  const near = nearnessIn(phantom, box)
  const labels = labelsFrom(near, phantom, box)
  const cracks = new Uint8Array(labels.length)
  const phases = new Uint8Array(labels.length)
  const [nx, ny, nz] = boxShape(box)
  const [low, high] = electrodeOf(settings)
  const domains = domainsIn(settings, near.distance, box)
  const isDamaged = damage.crackedShare + damage.shatteredShare > 0
  const bendLength = Math.max(2, settings.diameter / voxel / 6)
  const bend = isDamaged ? smoothField(seeds.bend, bendLength, box) : null
  const lump = isDamaged ? smoothField(seeds.lump, Math.max(2, bendLength / 2), box) : null
  for (let z = 0, i = 0; z < nz; z++) {
    const isElectrode = z + box.from[2] >= low && z + box.from[2] < high
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        if (labels[i] === 0) {
          if (isElectrode && domains[i] > carbonFrom) phases[i] = 2
          continue
        }
        const particle = particles[labels[i] - 1]
        phases[i] = 1
        if (particle.cracks === null || bend === null || lump === null) continue
        const { centre, radius, cracks: damaged } = particle
        const [dx, dy, dz] = [x + box.from[0] - centre[0], y + box.from[1] - centre[1], z + box.from[2] - centre[2]]
        const away = Math.sqrt(dx * dx + dy * dy + dz * dz)
        const share = away > 1e-9 ? away / surfaceToward(particle, dx, dy, dz) : 0
        if (!isCracked(damaged, dx, dy, dz, share, 0.05 * radius * bend[i], 0.45 * lump[i])) continue
        cracks[i] = 1
        phases[i] = 0
      }
  }
  return { labels, cracks, phases }
}

/** Gray values of a box before blur and noise. */
const cleanGray = (phantom: PhantomVolume, box: Box, truth: ReturnType<typeof truthIn>): Float32Array => {
  const { settings, particles, shape } = phantom
  const { tones } = settings
  const { labels, cracks, phases } = truth
  const seeds = fieldSeeds(settings.seed)
  const [nx, ny, nz] = boxShape(box)
  const [low, high] = electrodeOf(settings)
  const fine = smoothField(seeds.fine, 1.6, box)
  const coarse = smoothField(seeds.coarse, 5, box)
  const drift = settings.drift === 0 ? null : smoothField(seeds.drift, Math.max(...shape), box)
  const out = new Float32Array(labels.length)
  for (let z = 0, i = 0; z < nz; z++) {
    const depth = z + box.from[2]
    for (let n = 0; n < nx * ny; n++, i++) {
      let value: number
      if (depth < low) value = tones.collector + 0.3 * tones.matrixTexture * coarse[i]
      else if (depth >= high) value = tones.separator + tones.matrixTexture * coarse[i]
      else if (cracks[i] === 1) value = tones.crack + tones.particleTexture * fine[i]
      else if (labels[i] > 0)
        value = particles[labels[i] - 1].tone + tones.particleTexture * (fine[i] + 0.7 * coarse[i])
      else {
        const tone = phases[i] === 2 ? tones.carbon : tones.pore
        value = tone + tones.matrixTexture * (0.8 * fine[i] + 0.8 * coarse[i])
      }
      out[i] = drift === null ? value : value * (1 + (settings.drift / 2) * Math.max(-1, Math.min(1, drift[i])))
    }
  }
  return out
}

/** Copies the voxels of a box out of a larger one. */
const cut = <A extends Int32Array | Uint8Array | Float32Array>(values: A, from: Box, box: Box): A => {
  assertLength("values", values, boxSize(from))
  const [nx, ny] = boxShape(from)
  const [mx, my, mz] = boxShape(box)
  const Values = values.constructor as new (length: number) => A
  const out = new Values(mx * my * mz)
  const shift = [0, 1, 2].map((axis) => box.from[axis] - from.from[axis])
  for (let z = 0; z < mz; z++)
    for (let y = 0; y < my; y++) {
      const start = shift[0] + nx * (y + shift[1] + ny * (z + shift[2]))
      out.set(values.subarray(start, start + mx), mx * (y + my * z))
    }
  return out
}

/** @throws where a box does not lie in a grid */
const assertInside = ({ from, to }: Box, { shape }: Grid): void => {
  for (const axis of [0, 1, 2] as const) {
    if (
      !(
        Number.isInteger(from[axis]) &&
        Number.isInteger(to[axis]) &&
        from[axis] >= 0 &&
        from[axis] < to[axis] &&
        to[axis] <= shape[axis]
      )
    )
      throw new RangeError(`box ${from.join(",")} … ${to.join(",")} does not lie in ${shape.join(" × ")} voxels`)
  }
}

/** Deviation of a smooth field whose lattice is that of the voxels */
const latticeDeviation = (0.5 / (151 / 315)) ** 1.5

/**
 * A box of a phantom. It depends on the settings alone: boxes of any size join to the same volume, bit for bit.
 * @throws where the box does not lie in the volume
 */
export const phantomBox = (phantom: PhantomVolume, box: Box): PhantomPart => {
  assertInside(box, phantom)
  const { settings } = phantom
  const { halo } = settings
  const large = widened(box, Math.ceil(4 * Math.max(settings.blur, halo?.width ?? 0)), phantom)
  const truth = truthIn(phantom, large)
  const clean = { shape: boxShape(large), spacing: phantom.spacing, values: cleanGray(phantom, large, truth) }
  const seen = cut(gaussian(clean, settings.blur).values as Float32Array, large, box)
  if (halo !== undefined) {
    const faint = cut(gaussian(clean, halo.width).values as Float32Array, large, box)
    for (let i = 0; i < seen.length; i++) seen[i] += halo.weight * (faint[i] - seen[i])
  }
  const values = Float64Array.from(seen)
  ;(settings.noiseBands ?? [{ share: 1, length: 1 }]).forEach(({ share, length }, band) => {
    const noise = smoothField((fieldSeeds(settings.seed).noise + band) | 0, length, box)
    const strength = (settings.noise * Math.sqrt(share)) / (length === 1 ? latticeDeviation : 1)
    for (let i = 0; i < values.length; i++) values[i] += strength * noise[i]
  })
  const gray = new Uint16Array(values.length)
  for (let i = 0; i < gray.length; i++) gray[i] = Math.min(65_535, Math.max(0, Math.round(values[i])))
  return {
    box,
    gray,
    labels: cut(truth.labels, large, box),
    cracks: cut(truth.cracks, large, box),
    phases: cut(truth.phases, large, box),
  }
}
