import { lengthIn, metresIn, type StatedVoxelSize } from "./voxel-size.ts"

/** Tags of the first page of a TIFF file that bear on the voxel size. */
export interface ResolutionTags {
  readonly description: string
  /** Pixels per unit, NaN where not stated */
  readonly xResolution: number
  readonly yResolution: number
  /** 1 none, 2 inch, 3 centimetre */
  readonly resolutionUnit: number
}

const imageJ = (tags: ResolutionTags): StatedVoxelSize => {
  const fields = new Map(
    tags.description.split(/[\n\r\0]+/).map((line) => {
      const at = line.indexOf("=")
      return [line.slice(0, at), line.slice(at + 1)] as const
    }),
  )
  const unit = fields.get("unit")
  if (unit === undefined) return { kind: "none", found: "its ImageJ metadata has no unit" }
  const scale = metresIn(unit)
  if (!(scale > 0)) return { kind: "none", found: `its ImageJ unit is "${unit}"` }
  const x = scale / tags.xResolution
  const y = scale / tags.yResolution
  if (!(x > 0 && y > 0 && Number.isFinite(x + y))) {
    return { kind: "none", found: `its ImageJ unit is "${unit}", but there is no resolution` }
  }
  const depth = Math.abs(Number(fields.get("spacing"))) * metresIn(fields.get("zunit") ?? unit)
  return { kind: "stated", by: "ImageJ", spacing: [x, y, depth > 0 ? depth : Number.NaN] }
}

const ome = (description: string): StatedVoxelSize => {
  const pixels = /<(?:\w+:)?Pixels\b[^>]*>/.exec(description)?.[0] ?? ""
  const attribute = (name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(pixels)?.[1]
  const edge = (axis: string): number =>
    lengthIn(Number(attribute(`PhysicalSize${axis}`)), attribute(`PhysicalSize${axis}Unit`) ?? "um")
  const [x, y, z] = [edge("X"), edge("Y"), edge("Z")]
  if (!(x > 0 && y > 0)) return { kind: "none", found: "its OME metadata has no PhysicalSize in a unit of length" }
  return { kind: "stated", by: "OME", spacing: [x, y, z > 0 ? z : Number.NaN] }
}

/**
 * Voxel size from ImageJ's or OME's metadata. The plain resolution tags are not trusted: programs that know no
 * scale write a print resolution into them.
 * @source ImageJ: ij.io.TiffEncoder; OME-TIFF specification 6.0, https://docs.openmicroscopy.org/ome-model/6.0.0/ome-tiff/
 */
export const statedVoxelSize = (tags: ResolutionTags): StatedVoxelSize => {
  if (/<(?:\w+:)?OME\b/.test(tags.description)) return ome(tags.description)
  if (tags.description.startsWith("ImageJ=")) return imageJ(tags)
  if (tags.xResolution > 0 && tags.resolutionUnit !== 1) {
    const unit = tags.resolutionUnit === 3 ? "centimetre" : "inch"
    return { kind: "none", found: `${tags.xResolution} dots per ${unit} is a print resolution` }
  }
  return { kind: "none", found: "it has neither ImageJ nor OME metadata" }
}
