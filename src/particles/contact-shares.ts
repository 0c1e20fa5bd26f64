import { axisOf, type SurfaceNet, signOf } from "../image/surface-net.ts"
import type { ParticleCrop } from "./crop.ts"
import { kinds, type ParticleWindow, placeInCrop } from "./particle-window.ts"

/** What the outer surface of a particle touches [m²]; together its area. */
export interface SurfaceAreas {
  readonly contact: number
  readonly carbonBinder: number
  readonly void: number
  /** Where the border of the volume cuts it */
  readonly border: number
  /** Area in contact with each neighbour, by its label */
  readonly contactWith: ReadonlyMap<number, number>
  /** Labels of the neighbours whose voxels share a face with it */
  readonly adjacent: ReadonlySet<number>
}

/**
 * [direction] steps from the voxel of a face to all whose centres lie nearer to the centre of the face than the reach and
 * half a voxel, and straight ahead also to those just so far; nearest first.
 */
const stepsWithin = (reach: number): readonly (readonly (readonly [number, number, number])[])[] => {
  const far = Math.ceil(reach) + 1
  return Array.from({ length: 6 }, (_, direction) => {
    const centre = [0, 0, 0]
    centre[axisOf(direction)] = signOf(direction) / 2
    const steps: (readonly [number, number, number, number])[] = []
    for (let z = -far; z <= far; z++)
      for (let y = -far; y <= far; y++)
        for (let x = -far; x <= far; x++) {
          const distance = Math.hypot(x - centre[0], y - centre[1], z - centre[2])
          const ahead = 2 * (x * centre[0] + y * centre[1] + z * centre[2])
          const straight = Math.abs(x) + Math.abs(y) + Math.abs(z) === ahead
          // Those aslant at just this distance are not taken: on average over directions that is nearer the truth.
          if (x === 0 && y === 0 && z === 0) continue
          if (distance < 0.499 + reach || (straight && distance <= 0.5 + reach)) steps.push([x, y, z, distance])
        }
    return steps.sort((a, b) => a[3] - b[3]).map(([x, y, z]) => [x, y, z] as const)
  })
}

/**
 * Parts the surface of a particle by what lies before it: the border of the volume, else another particle within the
 * reach, else carbon/binder or void in the next voxel.
 * @param areas [face] [m²]
 * @param reach distance within which a neighbour touches [voxel]
 */
export const surfaceAreas = (
  crop: ParticleCrop,
  window: ParticleWindow,
  net: SurfaceNet,
  areas: Float64Array,
  reach: number,
): SurfaceAreas => {
  const offsets = ([nx, ny]: readonly number[]) =>
    stepsWithin(reach).map((list) => Int32Array.from(list, ([x, y, z]) => x + nx * (y + ny * z)))
  const [windowSteps, cropSteps] = [offsets(window.shape), offsets(crop.shape)]
  const place = placeInCrop(crop, window)
  const contactWith = new Map<number, number>()
  const adjacent = new Set<number>()
  let [contact, carbonBinder, empty, border] = [0, 0, 0, 0]
  for (let f = 0; f < net.faceCount; f++) {
    const area = areas[f]
    const next = window.kinds[net.outer[f]]
    if (next === kinds.beyond) {
      border += area
      continue
    }
    if (next === kinds.other) adjacent.add(crop.labels[place(net.outer[f])])
    const steps = windowSteps[net.direction[f]]
    const inner = net.inner[f]
    let k = 0
    while (k < steps.length && window.kinds[inner + steps[k]] !== kinds.other) k++
    if (k < steps.length) {
      const neighbour = crop.labels[place(inner) + cropSteps[net.direction[f]][k]]
      contact += area
      contactWith.set(neighbour, (contactWith.get(neighbour) ?? 0) + area)
    } else if (next === kinds.matrix) carbonBinder += area
    else empty += area
  }
  return { contact, carbonBinder, void: empty, border, contactWith, adjacent }
}
