import { type Box, boxShape, boxSize } from "../../../image/brick.ts"
import type { Workspace } from "../../../kernels/workspace.ts"
import { readScratchInto, type ScratchVolume, writeScratch } from "../../../store/scratch-box.ts"
import type { Part } from "./balls.ts"

/** Measures what a box holds of every label; before that, turns numbers to labels where they are given. */
export interface LabelTask {
  readonly kind: "label"
  readonly box: Box
  readonly labels: ScratchVolume<"int32">
  readonly numbered?: {
    /** [number] label, 0 none */
    readonly labelOf: Int32Array
    /** Voxels that a label may hold */
    readonly solid: Part
  }
}

/** What a box holds of labels. */
export interface LabelsFound {
  readonly label: Int32Array
  /** [of label] voxels */
  readonly size: Float64Array
  /** [of label, 6] first voxel along x, y and z in the volume, and the one after the last */
  readonly bounds: Int32Array
}

/** Labels of a box, run by run along x. @param values [voxel] not negative */
export const labelsIn = (box: Box, values: Int32Array): LabelsFound => {
  const slots = new Map<number, number>()
  const label: number[] = []
  const size: number[] = []
  const bounds: number[] = []
  const [nx, ny, nz] = boxShape(box)
  const [x0, y0, z0] = box.from
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; ) {
        const here = values[i]
        const start = x
        while (x < nx && values[i] === here) {
          x++
          i++
        }
        if (here === 0) continue
        let slot = slots.get(here)
        if (slot === undefined) {
          slot = label.length
          slots.set(here, slot)
          label.push(here)
          size.push(0)
          bounds.push(x0 + start, y0 + y, z0 + z, 0, 0, 0)
        }
        size[slot] += x - start
        const at = 6 * slot
        if (x0 + start < bounds[at]) bounds[at] = x0 + start
        if (y0 + y < bounds[at + 1]) bounds[at + 1] = y0 + y
        if (x0 + x > bounds[at + 3]) bounds[at + 3] = x0 + x
        if (y0 + y + 1 > bounds[at + 4]) bounds[at + 4] = y0 + y + 1
        bounds[at + 5] = z0 + z + 1
      }
  return { label: Int32Array.from(label), size: Float64Array.from(size), bounds: Int32Array.from(bounds) }
}

export const label = (work: Workspace, { box, labels, numbered }: LabelTask): LabelsFound => {
  const size = boxSize(box)
  const [numbers, phases] = work.lay(4 * size, size)
  const values = work.ints(numbers, size)
  readScratchInto(labels, { ...box, values })
  if (numbered !== undefined) {
    const { labelOf, solid } = numbered
    const phase = work.bytes(phases, size)
    readScratchInto(solid.volume, { ...box, values: phase })
    for (let i = 0; i < size; i++) values[i] = values[i] !== 0 && phase[i] === solid.value ? labelOf[values[i]] : 0
    writeScratch(labels, { ...box, values })
  }
  return labelsIn(box, values)
}
