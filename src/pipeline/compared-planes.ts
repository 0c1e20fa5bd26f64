import type { Box } from "../image/brick.ts"
import { boxShape } from "../image/brick.ts"
import { dimensionOf, type Grid } from "../image/volume.ts"
import type { ComparedPlane } from "../report/label-comparison/input.ts"

/** Pixels along the longer side of a plane; longer ones are thinned. */
const widest = 900

const letters = "xyz"

interface Gathered extends ComparedPlane {
  /** Axes across, down and through the plane */
  readonly axes: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2]
  /** Voxel of the plane along the third axis */
  readonly at: number
  /** Voxels from one pixel to the next */
  readonly step: number
}

const emptyPlane = ({ shape, spacing }: Grid, axes: Gathered["axes"]): Gathered => {
  const [across, down, through] = axes
  const step = Math.ceil(Math.max(shape[across], shape[down]) / widest)
  const [width, height] = [Math.ceil(shape[across] / step), Math.ceil(shape[down] / step)]
  const at = shape[through] >> 1
  const depth = Number(((at + 0.5) * spacing[through] * 1e6).toPrecision(4))
  const letter = (axis: number): string => letters[axis]
  return {
    name: `${letter(across)}${letter(down)}, ${letter(through)} = ${depth} µm`,
    axes,
    at,
    step,
    width,
    height,
    pixel: [step * spacing[across], step * spacing[down]],
    truth: new Int32Array(width * height),
    found: new Int32Array(width * height),
  }
}

const fill = (plane: Gathered, box: Box, values: Int32Array, out: Int32Array): void => {
  const { axes, at, step, width } = plane
  const [across, down, through] = axes
  if (at < box.from[through] || at >= box.to[through]) return
  const [nx, ny] = boxShape(box)
  const stride = [1, nx, nx * ny]
  const first = (axis: 0 | 1 | 2): number => Math.ceil(box.from[axis] / step) * step
  const layer = stride[through] * (at - box.from[through])
  for (let v = first(down); v < box.to[down]; v += step)
    for (let u = first(across); u < box.to[across]; u += step) {
      const voxel = layer + stride[across] * (u - box.from[across]) + stride[down] * (v - box.from[down])
      out[u / step + width * (v / step)] = values[voxel]
    }
}

/** Gathers the three planes through the middle of a volume from its bricks; the one plane of an image. */
export const planeCollector = (grid: Grid) => {
  const axes: readonly Gathered["axes"][] =
    dimensionOf(grid) === 2
      ? [[0, 1, 2]]
      : [
          [0, 1, 2],
          [0, 2, 1],
          [1, 2, 0],
        ]
  const gathered = axes.map((each) => emptyPlane(grid, each))
  return {
    add: (box: Box, truth: Int32Array, found: Int32Array): void => {
      for (const plane of gathered) {
        fill(plane, box, truth, plane.truth)
        fill(plane, box, found, plane.found)
      }
    },
    planes: (): readonly ComparedPlane[] => gathered,
  }
}
