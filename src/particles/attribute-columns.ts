/** How an attribute is measured. */
export interface AttributeDefinition {
  /** SI; empty for none */
  readonly unit: string
  readonly definition: string
}

/** One column of the table of particles, by both estimators. */
export interface AttributeColumn {
  readonly name: string
  /** By the definitions of the table of attributes */
  readonly geometric: AttributeDefinition
  /** As the authors' code computes it */
  readonly published: AttributeDefinition
  /** Kept beside the twenty-four attributes */
  readonly beside: boolean
}

type Row = readonly [name: string, unit: string, definition: string, published?: readonly [string, string]]

const attributes: readonly Row[] = [
  ["X", "m", "centroid of the outer envelope across the depth"],
  ["Y", "m", "centroid of the outer envelope across the depth and X"],
  ["Z", "m", "depth of that centroid: 0 at the current collector, growing toward the separator"],
  ["Yaw", "deg", "angle of the long axis about Z, −90 … 90; NaN where long and middle axis are equal to 1 %"],
  ["Pitch", "deg", "angle of the long axis about the new Y: positive where it falls in Z; NaN as Yaw"],
  [
    "Roll",
    "deg",
    "angle of the middle axis about the long one, −90 … 90; NaN also where middle and short axis are equal",
  ],
  ["EDensity", "", "mean of the phase map over the particle without its cracks [map units]"],
  [
    "Homogeneity",
    "",
    "1 / standard deviation of the phase map over the particle without its cracks [1 / map units]; NaN where uniform",
    ["", "standard deviation of the phase map over the particle without its cracks [map units]"],
  ],
  [
    "SurfaceInner",
    "m^2",
    "area of the surface of cracks and inner voids",
    ["m^2", "perimeter voxels of the particle less those of the closed one, times the face of a voxel"],
  ],
  [
    "SurfaceOuter",
    "m^2",
    "area of the outer envelope: cracks closed by a ball (1 µm, at least 2 voxels, unless set otherwise), holes filled",
    ["m^2", "perimeter voxels of the closed and filled particle, times the face of a voxel"],
  ],
  ["Volume", "m^3", "volume within the outer envelope", ["m^3", "closed with a ball of 10 voxels and filled"]],
  ["Damage", "", "crack volume / Volume", ["", "(filled − particle) / filled voxels"]],
  ["Elongation", "", "longest / shortest axis of the ellipsoid of equal second moments"],
  [
    "Sphericity",
    "",
    "36π V² / S³ with the outer surface; one for a ball",
    ["", "36π V² / S³ with the TOTAL surface, cracks included: by construction falls as cracks lengthen or multiply"],
  ],
  [
    "VSratio",
    "",
    "V^(1/3) / S^(1/2) with the outer surface",
    [
      "",
      "V^(1/3) / S^(1/2) with the TOTAL surface, cracks included: by construction falls as cracks lengthen or multiply",
    ],
  ],
  [
    "RoughInner",
    "m",
    "rms distance of the crack surface from its smoothed self, by a Gaussian of 3 voxels along it unless set otherwise; NaN where there are no cracks",
    ["", "inner perimeter voxels after a median filter / before"],
  ],
  [
    "RoughOuter",
    "m",
    "rms distance of the outer surface from its smoothed self, by a Gaussian of 3 voxels along it unless set otherwise",
    ["", "outer perimeter voxels after a median filter / before"],
  ],
  ["SphericityStd", "", "standard deviation of Sphericity over the six nearest"],
  [
    "Contact",
    "",
    "share of SurfaceOuter with another particle within one voxel",
    ["", "share of a shell of 10 voxels that other particles fill"],
  ],
  [
    "PDensity",
    "",
    "share of particles in the cube of 100 µm around the centroid, within the field of view",
    ["", "share of particles in the bounding box widened by 10 µm, within the field of view"],
  ],
  [
    "DistNearest",
    "m",
    "mean distance between surfaces to the six nearest; NaN where the crop did not show six",
    ["m", "mean distance between centres to the six nearest"],
  ],
  ["ElongStd", "", "standard deviation of Elongation over the six nearest"],
  ["VolumeStd", "m^3", "standard deviation of Volume over the six nearest"],
  [
    "OrienIso",
    "",
    "alignment of the long axes of a particle and its six nearest: 0 isotropic … 1 parallel",
    ["deg", "largest standard deviation of Yaw, Pitch and Roll over the six nearest"],
  ],
]

const kept: readonly Row[] = [
  ["Label", "", "number of the particle in the labelled volume"],
  ["DistNearestCentre", "m", "mean distance between centres to the six nearest"],
  ["ContactCB", "", "share of SurfaceOuter in contact with carbon/binder"],
  ["ContactVoid", "", "share of SurfaceOuter in contact with void"],
  ["ContactBorder", "", "share of SurfaceOuter cut by the border of the volume"],
  ["Coordination", "", "number of other particles that touch it"],
  ["CrackCount", "", "connected cracks and inner voids"],
  ["CrackLargest", "", "share of the largest of them in their volume; NaN where there are none"],
  ["CrackOpen", "", "share of their volume that reaches the outer surface; NaN where there are none"],
  ["DamageCore", "", "share of cracks in the inner half, the ellipsoid of equal moments halved; tells a hollow core"],
]

const columnsOf = (rows: readonly Row[], beside: boolean): readonly AttributeColumn[] =>
  rows.map(([name, unit, definition, published]) => ({
    name,
    geometric: { unit, definition },
    published: published ? { unit: published[0], definition: published[1] } : { unit, definition },
    beside,
  }))

/**
 * The columns of the table of particles in its order: name, unit and definition by both estimators, first the twenty-four
 * attributes, then those kept beside.
 * @source Li et al. (2022), Table S1
 */
export const describeColumns = (): readonly AttributeColumn[] => [
  ...columnsOf(attributes, false),
  ...columnsOf(kept, true),
]
