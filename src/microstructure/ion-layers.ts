import type { Triple } from "../image/brick.ts"
import { matrixPhases } from "../particles/crop.ts"
import type { DepthAxis } from "../particles/volume-table.ts"
import { conductorVoxels } from "./conductor-voxels.ts"
import type { IonLayers } from "./electrode-network.ts"
import type { LabelledPhases } from "./patch-surface.ts"
import { conductThroughVoxels } from "./voxel-conduction.ts"

/** Where the tortuosity of the layers comes from. */
export type TortuositySource =
  /** τ = ε^(1 − b) of the whole electrolyte of a layer */
  | { readonly kind: "bruggeman"; readonly exponent: number }
  /**
   * A solution of Laplace's equation through all layers, with D ε^b in the carbon/binder.
   * `coarsening` voxels along each axis count as one, of their mean conductivity: 2 takes an eighth of the time
   */
  | { readonly kind: "measured"; readonly carbonBinderExponent: number; readonly coarsening: number }

/** How the electrolyte of a volume is seen. */
export interface IonSettings {
  /** Share of electrolyte in the carbon/binder */
  readonly carbonBinderPorosity: number
  /** Wished thickness of a layer [m] */
  readonly layer: number
  readonly tortuosity: TortuositySource
}

/** Least porosity of a layer: one without electrolyte would part the electrode. */
const leastPorosity = 1e-3

const isSolid = ({ labels, phases }: LabelledPhases, voxel: number): boolean => labels[voxel] > 0 || phases[voxel] === 1

/** Porosity slice by slice, gathered in layers of equal thickness, and their tortuosity. */
export const ionLayersOfVolume = (volume: LabelledPhases, depth: DepthAxis, settings: IonSettings): IonLayers => {
  const { shape, spacing, phases } = volume
  const { axis, growing } = depth
  const slices = shape[axis]
  const open = new Float64Array(slices)
  const stride = axis === 0 ? 1 : axis === 1 ? shape[0] : shape[0] * shape[1]
  for (let i = 0; i < phases.length; i++) {
    if (isSolid(volume, i)) continue
    open[Math.floor(i / stride) % slices] += phases[i] === matrixPhases.carbonBinder ? settings.carbonBinderPorosity : 1
  }
  const area = phases.length / slices
  const thickness = slices * spacing[axis]
  const count = Math.max(1, Math.min(slices, Math.round(thickness / settings.layer)))
  const porosity = new Float64Array(count)
  for (let slice = 0; slice < slices; slice++) {
    const height = growing === 1 ? slice : slices - 1 - slice
    // A slice that two layers share gives each its part.
    const [low, high] = [(height * count) / slices, ((height + 1) * count) / slices]
    for (let layer = Math.floor(low); layer < Math.min(count, high); layer++)
      porosity[layer] += ((Math.min(high, layer + 1) - Math.max(low, layer)) * open[slice]) / area
  }
  const held = porosity.map((share) => Math.max(leastPorosity, share))
  return {
    count,
    thickness: new Float64Array(count).fill(thickness / count),
    porosity: held,
    tortuosity: tortuosityOf(volume, depth, settings, held),
  }
}

const tortuosityOf = (
  volume: LabelledPhases,
  depth: DepthAxis,
  { carbonBinderPorosity, tortuosity }: IonSettings,
  porosity: Float64Array,
): Float64Array => {
  if (tortuosity.kind === "bruggeman") return porosity.map((share) => share ** (1 - tortuosity.exponent))
  const within = carbonBinderPorosity ** tortuosity.carbonBinderExponent
  const conduction = layerConduction(volume, depth, within, tortuosity.coarsening, porosity.length)
  // Ways that spread within a layer may seem a little better than straight ones.
  return porosity.map((share, k) => Math.max(1, share / conduction[k]))
}

/** Edge of the blocks of voxels that are one unknown of the solver's coarse level */
const block = 6

/**
 * [layer] D_eff/D from the potentials of one current through all layers.
 * @throws RangeError where the electrolyte does not lead from one side to the other
 */
const layerConduction = (
  volume: LabelledPhases,
  { axis, growing }: DepthAxis,
  within: number,
  coarsening: number,
  layers: number,
): Float64Array => {
  const { shape, conductivity, spacing } = coarsened(volume, within, coarsening)
  const conducts = Uint8Array.from(conductivity, (each) => (each > 0 ? 1 : 0))
  const cells = conductorVoxels({ shape, spacing }, conducts)
  const [nx, ny] = shape
  const along = (cell: number, which: number): number => {
    const i = cells.voxel[cell]
    return which === 0 ? i % nx : which === 1 ? Math.floor(i / nx) % ny : Math.floor(i / (nx * ny))
  }
  const blocks = shape.map((n) => Math.ceil(n / block))
  const piece = Int32Array.from({ length: cells.count }, (_, cell) => {
    const [x, y, z] = [0, 1, 2].map((which) => Math.floor(along(cell, which) / block))
    return 1 + x + blocks[0] * (y + blocks[1] * z)
  })
  const own = Float32Array.from(cells.voxel, (voxel) => conductivity[voxel])
  const ends = [
    { axis, end: growing === 1 ? (0 as const) : (1 as const) },
    { axis, end: growing === 1 ? (1 as const) : (0 as const) },
  ]
  const { shape: whole, potential } = conductThroughVoxels(cells, piece, ends[0], ends[1], 1e-5, own)
  if (!(whole > 0)) throw new RangeError("the electrolyte of the volume leads from no side to the other")
  const slices = shape[axis]
  const [sum, weight] = [new Float64Array(slices), new Float64Array(slices)]
  for (let cell = 0; cell < cells.count; cell++) {
    if (Number.isNaN(potential[cell])) continue
    const at = along(cell, axis)
    const slice = growing === 1 ? at : slices - 1 - at
    sum[slice] += own[cell] * potential[cell]
    weight[slice] += own[cell]
  }
  const mean = (slice: number): number => sum[slice] / weight[slice]
  /** Mean potential at a height, in slices; between two, the one that conducts better is nearer. 0 and 1 at the ends */
  const at = (height: number): number => {
    if (height <= 0) return 0
    if (height >= slices) return 1
    const lower = Math.floor(height - 0.5)
    const part = height - 0.5 - lower
    if (lower < 0) return 2 * height * mean(0)
    if (lower + 1 >= slices) return 1 - 2 * (slices - height) * (1 - mean(slices - 1))
    const [low, high] = [(1 - part) * weight[lower], part * weight[lower + 1]]
    return (low * mean(lower) + high * mean(lower + 1)) / (low + high)
  }
  const area = conductivity.length / slices
  const face = (spacing[0] * spacing[1] * spacing[2]) / spacing[axis]
  const thickness = (slices * spacing[axis]) / layers
  return Float64Array.from({ length: layers }, (_, layer) => {
    const drop = at(((layer + 1) * slices) / layers) - at((layer * slices) / layers)
    return (whole * thickness) / (area * face * drop)
  })
}

/** Conductivity over that of free electrolyte, means over cubes of voxels; what does not fill a cube is left out. */
const coarsened = (volume: LabelledPhases, within: number, coarsening: number) => {
  const { shape, spacing, phases } = volume
  if (!(Number.isInteger(coarsening) && coarsening >= 1))
    throw new RangeError(`coarsening is ${coarsening}, a number of voxels expected`)
  const to = shape.map((n) => Math.max(1, Math.floor(n / coarsening))) as unknown as Triple
  const conductivity = new Float32Array(to[0] * to[1] * to[2])
  const share = 1 / Math.min(coarsening, shape[0]) / Math.min(coarsening, shape[1]) / Math.min(coarsening, shape[2])
  for (let z = 0; z < Math.min(shape[2], to[2] * coarsening); z++)
    for (let y = 0; y < Math.min(shape[1], to[1] * coarsening); y++)
      for (let x = 0; x < Math.min(shape[0], to[0] * coarsening); x++) {
        const voxel = x + shape[0] * (y + shape[1] * z)
        if (isSolid(volume, voxel)) continue
        const cube =
          Math.floor(x / coarsening) + to[0] * (Math.floor(y / coarsening) + to[1] * Math.floor(z / coarsening))
        conductivity[cube] += share * (phases[voxel] === matrixPhases.carbonBinder ? within : 1)
      }
  const edges: Triple = [spacing[0] * coarsening, spacing[1] * coarsening, spacing[2] * coarsening]
  return { shape: to, conductivity, spacing: edges }
}
