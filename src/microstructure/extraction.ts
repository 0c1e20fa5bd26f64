import type { Box } from "../image/brick.ts"
import { squaredDistance } from "../image/squared-distance.ts"
import { assertFills, gridOf, voxelCount } from "../image/volume.ts"
import { matrixPhases } from "../particles/crop.ts"
import { type DepthAxis, defaultDepthAxis } from "../particles/volume-table.ts"
import { conductorNetwork } from "./conductor-network.ts"
import { conductorPieces, type PieceSettings } from "./conductor-pieces.ts"
import { type ConductorQuality, wellConducting } from "./conductor-quality.ts"
import { type ConductorVoxels, conductorVoxels } from "./conductor-voxels.ts"
import type { ElectrodeNetwork, ElectronNetwork, NetworkParticles, SurfacePatches } from "./electrode-network.ts"
import { type IonSettings, ionLayersOfVolume } from "./ion-layers.ts"
import { defaultPatchSettings, type PatchSettings, partedSurface } from "./patch-parting.ts"
import { type LabelledPhases, ligamentFrom, type ParticleSurface, particleSurface, touching } from "./patch-surface.ts"

export type { LabelledPhases } from "./patch-surface.ts"

export interface ExtractionSettings {
  readonly depth: DepthAxis
  readonly pieces: PieceSettings
  /** What voxels of carbon/binder that meet along an edge only conduct, over what a face does; 0: they do not touch */
  readonly edgeContact: number
  readonly patches: PatchSettings
  /** Which carbon/binder conducts well */
  readonly quality: ConductorQuality
  readonly ions: IonSettings
  /** Labels of fewer voxels are dropped */
  readonly smallest: number
  /** Ligaments are followed as far as this share of the particle's equivalent radius */
  readonly reach: number
  /** Shells of each particle from its own distance map; absent: none, so that particles are taken for balls */
  readonly shells?: number
}

/** Settings for secondary particles of 3–15 µm at 50–500 nm a voxel. */
export const defaultExtractionSettings: ExtractionSettings = {
  depth: defaultDepthAxis,
  pieces: { relevance: 0.3, smallest: 100, longest: 8e-6 },
  edgeContact: 0.25,
  patches: defaultPatchSettings,
  quality: { kind: "all" },
  ions: {
    carbonBinderPorosity: 0.5,
    layer: 5e-6,
    tortuosity: { kind: "measured", carbonBinderExponent: 1.5, coarsening: 2 },
  },
  smallest: 27,
  reach: 1,
}

/** What an extraction found besides the network itself. */
export interface ExtractionReport {
  /** Labels that are not in the network, with their voxels */
  readonly dropped: readonly {
    readonly label: number
    readonly voxels: number
    readonly reason: "too small" | "no surface"
  }[]
  /** [particle] 1 where none of its patches has a path to the collector */
  readonly floating: Uint8Array
  /** Share of the carbon/binder with a path to the collector */
  readonly connectedShare: number
  /** Share of the carbon/binder that conducts well */
  readonly highShare: number
  /** Area of all particles [m²] and shares of it on carbon/binder, pore and other particles */
  readonly area: number
  readonly carbonBinderShare: number
  readonly poreShare: number
  readonly contactShare: number
}

export interface Extraction {
  readonly network: ElectrodeNetwork
  readonly report: ExtractionReport
}

const assertVolume = (volume: LabelledPhases): void => {
  assertFills("labels", volume, volume.labels)
  assertFills("phases", volume, volume.phases)
  for (const edge of volume.spacing)
    if (!(edge > 0 && edge < Infinity)) throw new RangeError(`a voxel has an edge of ${edge} m`)
  for (let i = 0; i < volume.phases.length; i++)
    if (volume.phases[i] > 2)
      throw new RangeError(`phase ${volume.phases[i]} at voxel ${i}: 0 void, 1 particle or 2 carbon/binder expected`)
}

/** [label] boxes and voxel counts of all labels; index 0 is unused. */
const labelBoxes = ({ shape: [nx, ny, nz], labels }: LabelledPhases) => {
  let highest = 0
  for (let i = 0; i < labels.length; i++) if (labels[i] > highest) highest = labels[i]
  const box = new Int32Array(6 * (highest + 1))
  for (let label = 0; label <= highest; label++) box.set([nx, ny, nz, 0, 0, 0], 6 * label)
  const voxels = new Float64Array(highest + 1)
  const sum = new Float64Array(3 * (highest + 1))
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        const label = labels[i]
        if (label <= 0) continue
        voxels[label]++
        sum[3 * label] += x
        sum[3 * label + 1] += y
        sum[3 * label + 2] += z
        const at = 6 * label
        if (x < box[at]) box[at] = x
        if (y < box[at + 1]) box[at + 1] = y
        if (z < box[at + 2]) box[at + 2] = z
        if (x >= box[at + 3]) box[at + 3] = x + 1
        if (y >= box[at + 4]) box[at + 4] = y + 1
        if (z >= box[at + 5]) box[at + 5] = z + 1
      }
  return { highest, box, voxels, sum }
}

const boxAt = (box: Int32Array, label: number): Box => {
  const at = 6 * label
  return { from: [box[at], box[at + 1], box[at + 2]], to: [box[at + 3], box[at + 4], box[at + 5]] }
}

/** From the axes of the volume to x, y across and z from the collector. */
const turner = (volume: LabelledPhases, { axis, growing }: DepthAxis) => {
  const axes = [(axis + 1) % 3, (axis + 2) % 3, axis] as const
  const extent = volume.shape[axis] * volume.spacing[axis]
  return {
    extent,
    point: (values: ArrayLike<number>, at: number): [number, number, number] => {
      const [x, y, z] = axes.map((each) => values[at + each])
      return [x, y, growing === 1 ? z : extent - z]
    },
    vector: (values: ArrayLike<number>, at: number): [number, number, number] => {
      const [x, y, z] = axes.map((each) => values[at + each])
      return [x, y, growing * z]
    },
  }
}

/** Lists of a particle's patches while they are gathered. */
class PatchLists {
  readonly start: number[] = [0]
  readonly area: number[] = []
  readonly normal: number[] = []
  readonly shares: number[][] = [[], [], [], []]
  readonly neighbour: number[] = []
  readonly ligament: number[] = []
  readonly piece: number[] = []
  readonly height: number[] = []
}

/** Conductor of a volume, its pieces, and what each voxel of it belongs to. */
interface Conductor {
  readonly cells: ConductorVoxels
  readonly piece: Int32Array
  /** [piece] 1 where it conducts well */
  readonly isHigh: Uint8Array
  /** [voxel] piece, 0 where there is none */
  readonly pieceAt: Int32Array
}

const conductorOf = (volume: LabelledPhases, settings: ExtractionSettings): Conductor => {
  const conducts = volume.phases.map((phase, i) =>
    phase === matrixPhases.carbonBinder && volume.labels[i] === 0 ? 1 : 0,
  )
  const cells = conductorVoxels(gridOf(volume), conducts, settings.edgeContact)
  const piece = conductorPieces(cells, settings.pieces)
  const isHigh = wellConducting(cells, piece, settings.quality)
  const pieceAt = new Int32Array(voxelCount(volume))
  for (let cell = 0; cell < cells.count; cell++) pieceAt[cells.voxel[cell]] = piece[cell]
  return { cells, piece, isHigh, pieceAt }
}

/**
 * The network of a labelled volume: what the network twin solves on.
 *
 * Surfaces by the estimator of the attribute table, patches by direction and by what they touch, ligaments along the smooth
 * normals; carbon/binder as the pieces of its distance map with local flow between them; ions in layers of depth. All is
 * made of whole-volume passes in one fixed order. Faces on the border of the volume are no surface; particles that it
 * cuts are flagged; floating ones are kept.
 */
export const extractNetwork = (
  volume: LabelledPhases,
  settings: ExtractionSettings = defaultExtractionSettings,
): Extraction => {
  assertVolume(volume)
  const { depth } = settings
  const { spacing, shape } = volume
  const turn = turner(volume, depth)
  const conductor = conductorOf(volume, settings)
  const collector = { axis: depth.axis, end: depth.growing === 1 ? (0 as const) : (1 as const) }
  const inVolumeAxes = conductorNetwork(conductor.cells, conductor.piece, conductor.isHigh, collector)
  const electrons: ElectronNetwork = { ...inVolumeAxes, position: turnedPoints(inVolumeAxes.position, turn.point) }
  const { highest, box, voxels, sum } = labelBoxes(volume)
  const dropped: { label: number; voxels: number; reason: "too small" | "no surface" }[] = []
  const kept: number[] = []
  const surfaces = new PatchLists()
  const facts = { label: [] as number[], volume: [] as number[], centre: [] as number[], cut: [] as number[] }
  const shells: number[] = []
  const voxelVolume = spacing[0] * spacing[1] * spacing[2]
  const isHighAt = (voxel: number): boolean => conductor.isHigh[conductor.pieceAt[voxel]] === 1
  const rigid = (x: number, y: number, z: number): boolean => {
    const at = [x, y, z][depth.axis]
    return depth.growing === 1 ? at < 0 : at >= shape[depth.axis]
  }
  for (let label = 1; label <= highest; label++) {
    if (voxels[label] === 0) continue
    if (voxels[label] < settings.smallest) {
      dropped.push({ label, voxels: voxels[label], reason: "too small" })
      continue
    }
    const around = boxAt(box, label)
    const surface = particleSurface(volume, label, around, isHighAt)
    if (!(surface.area.reduce((total, each) => total + each, 0) > 0)) {
      dropped.push({ label, voxels: voxels[label], reason: "no surface" })
      continue
    }
    const centre = [0, 1, 2].map((axis) => (sum[3 * label + axis] / voxels[label] + 0.5) * spacing[axis])
    kept.push(label)
    facts.label.push(label)
    facts.volume.push(voxels[label] * voxelVolume)
    facts.centre.push(...turn.point(centre, 0))
    facts.cut.push([0, 1, 2].some((a) => around.from[a as 0] === 0 || around.to[a as 0] === shape[a as 0]) ? 1 : 0)
    const radius = Math.cbrt((3 * voxels[label] * voxelVolume) / (4 * Math.PI))
    const patch = partedSurface(surface, centre as [number, number, number], settings.patches)
    addPatches(
      { volume, surface, patch, reach: settings.reach * radius, pieceAt: conductor.pieceAt, rigid, turn },
      surfaces,
    )
    if (settings.shells !== undefined) shells.push(...shellShares(volume, label, around, settings.shells))
  }
  const particleOf = new Int32Array(highest + 1).fill(-1)
  kept.forEach((label, particle) => {
    particleOf[label] = particle
  })
  const ions = ionLayersOfVolume(volume, depth, settings.ions)
  const layerAt = (height: number): number =>
    Math.min(ions.count - 1, Math.max(0, Math.floor((height / turn.extent) * ions.count)))
  const [poreShare, highShare, lowShare, contactShare] = surfaces.shares.map((list) => Float64Array.from(list))
  const patches: SurfacePatches = {
    count: surfaces.area.length,
    start: Int32Array.from(surfaces.start),
    area: Float64Array.from(surfaces.area),
    normal: Float64Array.from(surfaces.normal),
    highShare,
    lowShare,
    poreShare,
    contactShare,
    neighbour: Int32Array.from(surfaces.neighbour, (label) => (label > 0 ? particleOf[label] : -1)),
    ligament: Float64Array.from(surfaces.ligament),
    node: Int32Array.from(surfaces.piece, (piece) => (piece > 0 ? piece : -1)),
    layer: Int32Array.from(surfaces.height, layerAt),
  }
  const particles: NetworkParticles = {
    count: kept.length,
    label: Int32Array.from(facts.label),
    volume: Float64Array.from(facts.volume),
    centre: Float64Array.from(facts.centre),
    cut: Uint8Array.from(facts.cut),
    ...(settings.shells === undefined ? {} : { shellShare: Float64Array.from(shells), shellCount: settings.shells }),
  }
  const across = [0, 1, 2].filter((axis) => axis !== depth.axis)
  const network: ElectrodeNetwork = {
    dimension: 3,
    collectorArea: across.reduce((product, axis) => product * shape[axis] * spacing[axis], 1),
    thickness: turn.extent,
    particles,
    patches,
    electrons,
    ions,
  }
  return { network, report: reportOf(network, conductor, dropped) }
}

const turnedPoints = (
  points: Float64Array,
  point: (values: ArrayLike<number>, at: number) => number[],
): Float64Array => {
  const out = new Float64Array(points.length)
  for (let at = 0; at < points.length; at += 3) out.set(point(points, at), at)
  return out
}

/** One particle's surface with what its patches are measured by. */
interface PatchWork {
  readonly volume: LabelledPhases
  readonly surface: ParticleSurface
  /** [face] */
  readonly patch: Int32Array
  readonly reach: number
  readonly pieceAt: Int32Array
  readonly rigid: (x: number, y: number, z: number) => boolean
  readonly turn: ReturnType<typeof turner>
}

const addPatches = ({ volume, surface, patch, reach, pieceAt, rigid, turn }: PatchWork, out: PatchLists): void => {
  const patches = patch.reduce((most, each) => Math.max(most, each), -1) + 1
  const area = new Float64Array(patches)
  const vector = new Float64Array(3 * patches)
  const lean = new Float64Array(3 * patches)
  const middle = new Float64Array(3 * patches)
  const shares = new Float64Array(4 * patches)
  const [inverse, seen] = [new Float64Array(patches), new Float64Array(patches)]
  const stiff = Array.from({ length: patches }, () => new Map<number, number>())
  const nodes = Array.from({ length: patches }, () => new Map<number, number>())
  const finest = Math.min(...volume.spacing) / 2
  const add = (map: Map<number, number>, key: number, value: number): void => {
    map.set(key, (map.get(key) ?? 0) + value)
  }
  for (let face = 0; face < surface.count; face++) {
    const p = patch[face]
    const a = surface.area[face]
    area[p] += a
    shares[4 * p + surface.touches[face]] += a
    for (let axis = 0; axis < 3; axis++) {
      vector[3 * p + axis] += surface.vector[3 * face + axis]
      lean[3 * p + axis] += surface.normal[3 * face + axis]
      middle[3 * p + axis] += a * surface.middle[3 * face + axis]
    }
    if (a === 0 || surface.touches[face] === touching.pore) continue
    if (surface.touches[face] === touching.particle) {
      // Nearer than voxels tell: half of one stands for it.
      add(stiff[p], volume.labels[surface.outer[face]], a / finest)
      continue
    }
    add(nodes[p], pieceAt[surface.outer[face]], a)
    const { length, label } = ligamentFrom(volume, surface, face, reach, rigid)
    const way = Math.max(finest, label < 0 ? reach : length)
    inverse[p] += a / way
    seen[p] += a
    add(stiff[p], label, label < 0 ? 0 : a / way)
  }
  for (let p = 0; p < patches; p++) {
    if (!(area[p] > 0)) continue
    out.area.push(area[p])
    // Faces that cancel one another leave the smooth normals.
    const own = Math.hypot(...vector.subarray(3 * p, 3 * p + 3)) > 1e-3 * area[p] ? vector : lean
    const length = Math.hypot(...own.subarray(3 * p, 3 * p + 3))
    const unit = length > 0 ? own.subarray(3 * p, 3 * p + 3).map((each) => each / length) : [0, 0, 1]
    out.normal.push(...turn.vector(unit, 0))
    for (let kind = 0; kind < 4; kind++) out.shares[kind].push(shares[4 * p + kind] / area[p])
    out.neighbour.push(strongest(stiff[p]))
    out.ligament.push(seen[p] > 0 ? seen[p] / inverse[p] : stiff[p].size > 0 ? finest : reach)
    out.piece.push(strongest(nodes[p]))
    out.height.push(
      turn.point(
        middle.subarray(3 * p, 3 * p + 3).map((each) => each / area[p]),
        0,
      )[2],
    )
  }
  out.start.push(out.area.length)
}

/** Key of the largest value > 0, the lowest among equals; −1 where there is none. */
const strongest = (map: ReadonlyMap<number, number>): number => {
  let [best, most] = [-1, 0]
  for (const [key, value] of map)
    if (value > most || (value === most && value > 0 && key < best)) {
      best = key
      most = value
    }
  return best
}

/** Shares of the volume in shells of equal thickness of the distance to the surface, innermost first. */
const shellShares = (volume: LabelledPhases, label: number, box: Box, shells: number): number[] => {
  const { labels, shape: whole, spacing } = volume
  const shape = [0, 1, 2].map((axis) => box.to[axis as 0] - box.from[axis as 0] + 2) as [number, number, number]
  const seeds = new Uint8Array(shape[0] * shape[1] * shape[2]).fill(1)
  const own: number[] = []
  for (let z = box.from[2]; z < box.to[2]; z++)
    for (let y = box.from[1]; y < box.to[1]; y++)
      for (let x = box.from[0]; x < box.to[0]; x++) {
        if (labels[x + whole[0] * (y + whole[1] * z)] !== label) continue
        const at = x - box.from[0] + 1 + shape[0] * (y - box.from[1] + 1 + shape[1] * (z - box.from[2] + 1))
        seeds[at] = 0
        own.push(at)
      }
  const squares = squaredDistance({ shape, spacing }, seeds)
  // The surface lies half a voxel nearer than the next centre outside.
  const distance = own.map((at) => Math.sqrt(squares[at]) - 0.5)
  const deepest = distance.reduce((most, each) => Math.max(most, each), 0) + 0.5
  const counts = new Array<number>(shells).fill(0)
  for (const each of distance) counts[Math.max(0, shells - 1 - Math.floor((each / deepest) * shells))]++
  // An empty shell has no equation: each holds at least a ten-thousandth.
  const floored = counts.map((count) => Math.max(count, 1e-4 * own.length))
  const total = floored.reduce((sum, each) => sum + each, 0)
  return floored.map((each) => each / total)
}

const reportOf = (
  { particles, patches, electrons }: ElectrodeNetwork,
  { cells, piece, isHigh }: Conductor,
  dropped: ExtractionReport["dropped"],
): ExtractionReport => {
  const floating = new Uint8Array(particles.count).fill(1)
  for (let i = 0; i < particles.count; i++)
    for (let k = patches.start[i]; k < patches.start[i + 1]; k++)
      if (patches.node[k] >= 0 && electrons.connected[patches.node[k]] === 1) floating[i] = 0
  let [connected, high] = [0, 0]
  for (let cell = 0; cell < cells.count; cell++) {
    connected += electrons.connected[piece[cell]]
    high += isHigh[piece[cell]]
  }
  let area = 0
  const on = [0, 0, 0]
  for (let k = 0; k < patches.count; k++) {
    area += patches.area[k]
    on[0] += patches.area[k] * (patches.highShare[k] + patches.lowShare[k])
    on[1] += patches.area[k] * patches.poreShare[k]
    on[2] += patches.area[k] * patches.contactShare[k]
  }
  return {
    dropped,
    floating,
    connectedShare: cells.count > 0 ? connected / cells.count : 0,
    highShare: cells.count > 0 ? high / cells.count : 0,
    area,
    carbonBinderShare: on[0] / area,
    poreShare: on[1] / area,
    contactShare: on[2] / area,
  }
}
