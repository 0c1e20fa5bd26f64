import { matrixPhases } from "../particles/crop.ts"
import type { DepthAxis } from "../particles/volume-table.ts"
import type { IonLayers } from "./electrode-network.ts"
import type { LabelledPhases } from "./patch-surface.ts"

/** How the electrolyte of a volume is seen. */
export interface IonSettings {
  /** Share of electrolyte in the carbon/binder */
  readonly carbonBinderPorosity: number
  /** Wished thickness of a layer [m] */
  readonly layer: number
  /** D_eff = D ε^b where tortuosity is not measured */
  readonly bruggeman: number
}

/** Porosity slice by slice, gathered in layers of equal thickness; τ = ε^(1 − b). */
export const ionLayersOfVolume = (volume: LabelledPhases, depth: DepthAxis, settings: IonSettings): IonLayers => {
  const { shape, spacing, labels, phases } = volume
  const { axis, growing } = depth
  const slices = shape[axis]
  const open = new Float64Array(slices)
  const stride = axis === 0 ? 1 : axis === 1 ? shape[0] : shape[0] * shape[1]
  for (let i = 0; i < phases.length; i++) {
    if (labels[i] > 0 || phases[i] === 1) continue
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
  const held = porosity.map((share) => Math.max(1e-3, share))
  return {
    count,
    thickness: new Float64Array(count).fill(thickness / count),
    porosity: held,
    tortuosity: held.map((share) => share ** (1 - settings.bruggeman)),
  }
}
