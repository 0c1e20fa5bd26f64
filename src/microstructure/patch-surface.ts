import { type Box, boxSize, type Triple } from "../image/brick.ts"
import { axisOf, faceAreasWith, signOf, smoothNormals, surfaceNet } from "../image/surface-net.ts"
import type { Grid } from "../image/volume.ts"
import { matrixPhases } from "../particles/crop.ts"

/** A volume as the extraction reads it. */
export interface LabelledPhases extends Grid {
  /** [voxel] 0 no particle, otherwise the number of one */
  readonly labels: Int32Array
  /** [voxel] 0 void, 1 particle, 2 carbon/binder */
  readonly phases: Uint8Array
}

/** What a face of a particle touches. */
export const touching = { pore: 0, high: 1, low: 2, particle: 3 } as const

/** The surface of one particle, face by face; faces at the border of the volume are left out. */
export interface ParticleSurface {
  readonly count: number
  /** [face] of the smooth surface that it stands for [m²] */
  readonly area: Float64Array
  /** [face, 3] its own middle, from the low corner of the volume [m] */
  readonly middle: Float64Array
  /** [face, 3] normal of the smooth surface, outward, a unit vector */
  readonly normal: Float64Array
  /** [face, 3] the face as a vector: outward, as long as its area in voxels [m²] */
  readonly vector: Float64Array
  /** [face] voxel of the volume on its outer side */
  readonly outer: Int32Array
  /** [face] one of `touching` */
  readonly touches: Uint8Array
}

/** Passes that smooth normals, as for the table of attributes. */
const passes = 16

/**
 * Faces of a particle with areas and normals of the smooth surface: the estimator of the attribute table, on the voxels of
 * the label (cracks that open into it belong to its surface).
 * @param box      of the label in the volume
 * @param isHigh   whether carbon/binder in a voxel conducts well
 */
export const particleSurface = (
  volume: LabelledPhases,
  label: number,
  box: Box,
  isHigh: (voxel: number) => boolean,
): ParticleSurface => {
  const { labels, phases, spacing, shape: whole } = volume
  const room = 2
  const from: Triple = [box.from[0] - room, box.from[1] - room, box.from[2] - room]
  const shape: Triple = [
    box.to[0] - box.from[0] + 2 * room,
    box.to[1] - box.from[1] + 2 * room,
    box.to[2] - box.from[2] + 2 * room,
  ]
  const size = boxSize({ from: [0, 0, 0], to: shape })
  const [inside, outside] = [1, 2]
  const body = new Uint8Array(size).fill(outside)
  const at = (local: number, axis: 0 | 1 | 2): number =>
    from[axis] +
    (axis === 0
      ? local % shape[0]
      : axis === 1
        ? Math.floor(local / shape[0]) % shape[1]
        : Math.floor(local / (shape[0] * shape[1])))
  for (let z = box.from[2]; z < box.to[2]; z++)
    for (let y = box.from[1]; y < box.to[1]; y++) {
      const row = whole[0] * (y + whole[1] * z)
      const out = shape[0] * (y - from[1] + shape[1] * (z - from[2])) - from[0]
      for (let x = box.from[0]; x < box.to[0]; x++) if (labels[row + x] === label) body[out + x] = inside
    }
  const net = surfaceNet(shape, body, inside, outside)
  const smooth = smoothNormals(net, spacing, passes)
  const areas = faceAreasWith(net, spacing, smooth)
  const faceSize = [spacing[1] * spacing[2], spacing[0] * spacing[2], spacing[0] * spacing[1]]
  const area = new Float64Array(net.faceCount)
  const middle = new Float64Array(3 * net.faceCount)
  const normal = new Float64Array(3 * net.faceCount)
  const vector = new Float64Array(3 * net.faceCount)
  const outer = new Int32Array(net.faceCount)
  const touches = new Uint8Array(net.faceCount)
  let count = 0
  for (let f = 0; f < net.faceCount; f++) {
    const [axis, sign] = [axisOf(net.direction[f]), signOf(net.direction[f])]
    const [x, y, z] = [at(net.outer[f], 0), at(net.outer[f], 1), at(net.outer[f], 2)]
    if (x < 0 || y < 0 || z < 0 || x >= whole[0] || y >= whole[1] || z >= whole[2]) continue
    const voxel = x + whole[0] * (y + whole[1] * z)
    area[count] = areas[f]
    outer[count] = voxel
    let [nx, ny, nz] = [0, 0, 0]
    for (let k = 4 * f; k < 4 * f + 4; k++) {
      const v = 3 * net.corners[k]
      nx += smooth[v]
      ny += smooth[v + 1]
      nz += smooth[v + 2]
    }
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz)
    const unit = length > 0 ? [nx / length, ny / length, nz / length] : [0, 0, 0]
    if (length === 0) unit[axis] = sign
    for (let a = 0; a < 3; a++) {
      normal[3 * count + a] = unit[a]
      middle[3 * count + a] = (at(net.inner[f], a as 0 | 1 | 2) + 0.5) * spacing[a]
    }
    middle[3 * count + axis] += (sign * spacing[axis]) / 2
    vector[3 * count + axis] = sign * faceSize[axis]
    touches[count++] =
      labels[voxel] > 0
        ? touching.particle
        : phases[voxel] !== matrixPhases.carbonBinder
          ? touching.pore
          : isHigh(voxel)
            ? touching.high
            : touching.low
  }
  return {
    count,
    area: area.slice(0, count),
    middle: middle.slice(0, 3 * count),
    normal: normal.slice(0, 3 * count),
    vector: vector.slice(0, 3 * count),
    outer: outer.slice(0, count),
    touches: touches.slice(0, count),
  }
}

/** Where a ray through carbon/binder ends. */
export interface RayEnd {
  /** How far it went [m] */
  readonly length: number
  /** Particle that it met, 0 for the border at which a rigid body lies, −1 for nothing stiff within reach */
  readonly label: number
}

/**
 * Follows the normal of a face through carbon/binder to the next stiff surface: another particle, the same one across a
 * notch, or the border of the volume where the collector lies. Pore ends it: a free surface bears nothing.
 * @param rigid  whether a point beyond the volume is behind a stiff border [voxel]
 */
export const ligamentFrom = (
  volume: LabelledPhases,
  surface: ParticleSurface,
  face: number,
  reach: number,
  rigid: (x: number, y: number, z: number) => boolean,
): RayEnd => {
  const { labels, phases, spacing, shape } = volume
  const step = Math.min(...spacing) / 4
  const [ux, uy, uz] = surface.normal.subarray(3 * face, 3 * face + 3)
  const [mx, my, mz] = surface.middle.subarray(3 * face, 3 * face + 3)
  // The smooth surface lies within half a voxel of the face: the first steps may still be in the particle.
  const first = surface.outer[face]
  let entered = false
  for (let way = step / 2; way < reach; way += step) {
    const x = Math.floor((mx + way * ux) / spacing[0])
    const y = Math.floor((my + way * uy) / spacing[1])
    const z = Math.floor((mz + way * uz) / spacing[2])
    if (x < 0 || y < 0 || z < 0 || x >= shape[0] || y >= shape[1] || z >= shape[2])
      return { length: way, label: rigid(x, y, z) ? 0 : -1 }
    const voxel = x + shape[0] * (y + shape[1] * z)
    if (voxel === first) entered = true
    if (labels[voxel] > 0) {
      if (!entered && way < Math.max(...spacing)) continue
      return { length: way - step / 2, label: labels[voxel] }
    }
    if (phases[voxel] === matrixPhases.carbonBinder) entered = true
    else if (entered || way > Math.max(...spacing)) return { length: way, label: -1 }
  }
  return { length: reach, label: -1 }
}
