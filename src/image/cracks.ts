import { components } from "./components.ts"
import { distanceInside } from "./distance.ts"
import { gridOf, type Labels, type Mask, maskWhere, type Volume } from "./volume.ts"

/**
 * Cracks and inner voids: connected dark voxels inside the labels that somewhere are very dark and somewhere lie
 * deeper than the rim (hysteresis).
 * @param level gray value below which a voxel may belong to a crack
 * @param seed  gray value that its darkest voxel must reach
 * @param rim   depth of blurred edges and closed notches, which are no cracks unless one leads to them [m]
 * @returns [voxel] 1 in cracks
 */
export const cracksIn = (labels: Labels, gray: Volume, level: number, seed: number, rim: number): Uint8Array => {
  const depth = distanceInside(maskWhere(labels, (label) => label > 0)).values
  const dark: Mask = { ...gridOf(labels), values: new Uint8Array(depth.length) }
  for (let i = 0; i < depth.length; i++) dark.values[i] = labels.values[i] > 0 && gray.values[i] < level ? 1 : 0
  const parts = components(dark, "full")
  const deep = new Uint8Array(parts.count + 1)
  const seeded = new Uint8Array(parts.count + 1)
  for (let i = 0; i < depth.length; i++) {
    const part = parts.values[i]
    if (part === 0) continue
    if (depth[i] > rim) deep[part] = 1
    if (gray.values[i] < seed) seeded[part] = 1
  }
  return dark.values.map((_, i) => deep[parts.values[i]] & seeded[parts.values[i]])
}
