import fc from "fast-check"

/** Values that one quantity of a generated twin takes, and why these. */
export interface Range {
  /** As twins write it; "" for a plain number or a count */
  readonly unit: string
  /** Ascending [unit] */
  readonly values: readonly number[]
  /** The one that shrinking goes to; among `values` [unit] */
  readonly reference: number
  readonly reason: string
}

/**
 * The physical box of the generated twins: every number that differs from the reference half-cell of
 * `twins/materials/nmc811-li2022.yaml`. Coarse lists rather than intervals, so that a twin that was found reads well.
 */
export const box = {
  radius: {
    unit: "um",
    values: [2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6],
    reference: 5,
    reason: "secondary particles of NMC measure 5 to 12 um; the paper's are 10 um",
  },
  aspect: {
    unit: "",
    values: [0.6, 0.7, 0.8, 0.9, 1],
    reference: 1,
    reason: "shorter over longer half-axis; flatter sections are flakes or pairs",
  },
  tilt: { unit: "deg", values: [0, 15, 30, 45, 60, 75, 90], reference: 0, reason: "the rest follows by symmetry" },
  shift: {
    unit: "",
    values: [-1, -0.5, 0, 0.5, 1],
    reference: 0,
    reason: "share of the free room sideways by which a small particle leaves the middle of its column",
  },
  sideGap: {
    unit: "um",
    values: [0.4, 0.5, 0.7, 1, 1.5],
    reference: 0.5,
    reason: "carbon and binder to the fixed outer edge; thinner is stiffer than any packing holds a particle",
  },
  ligament: {
    unit: "um",
    values: [0.4, 0.6, 0.8, 1, 1.4, 2],
    reference: 1,
    reason: "carbon and binder between neighbours; the reference is twice its side gap, so that all poles are alike",
  },
  cutOffset: {
    unit: "",
    values: [-0.7, -0.5, -0.3, -0.1, 0, 0.1, 0.3, 0.5, 0.7],
    reference: 0,
    reason: "distance of the cut from the middle in half widths: the well conducting side takes 15 to 85 %",
  },
  cutAngle: {
    unit: "deg",
    values: [-40, -25, -15, -8, 0, 8, 15, 25, 40],
    reference: 0,
    reason: "steeper cuts part whole particles rather than surfaces",
  },
  highConductivity: {
    unit: "S/m",
    values: [1, 10, 30, 100],
    reference: 100,
    reason: "the paper's, and poorer ones; the rounding of a potential in still better ones is a current of 1e-9",
  },
  lowConductivity: {
    unit: "S/m",
    values: [5e-4, 2e-3, 1e-2, 0.1, 1],
    reference: 2e-3,
    reason: "from a quarter of the paper's poor matrix up to the poorest good one",
  },
  initialGap: { unit: "nm", values: [0, 0.2, 0.5, 1], reference: 0.2, reason: "the paper's and up to λ_ref" },
  young: { unit: "GPa", values: [0.5, 1, 2, 4], reference: 2, reason: "measured moduli of carbon/binder films" },
  strength: {
    unit: "MPa",
    values: [60, 100, 150, 200, 300, 400],
    reference: 300,
    reason: "the paper's, and weaker bonds that let short runs see damage",
  },
  fractureEnergy: { unit: "J/m^2", values: [0.1, 0.2, 0.4, 1, 2], reference: 0.4, reason: "polymers on oxides" },
  delay: {
    unit: "s",
    values: [5, 10, 20, 40],
    reference: 20,
    reason: "the shipped choice; below 5 s the result is the mesh's",
  },
  processZone: {
    unit: "um",
    values: [0, 0.4, 0.6, 0.9],
    reference: 0.6,
    reason: "the shipped choice, half as much again, less, and none",
  },
  fatigueLoss: { unit: "%", values: [0, 10, 30, 55], reference: 55, reason: "the shipped choice, less, and none" },
  closedResistance: {
    unit: "ohm m^2",
    values: [1e-4, 3e-4, 1e-3, 3e-3],
    reference: 1e-3,
    reason: "the paper's; 10 times less hardly matters, 3 times more takes 0.3 V at 5C",
  },
  referenceGap: { unit: "nm", values: [0.5, 1, 2, 4], reference: 1, reason: "decay of tunnelling contacts" },
  diffusivity: {
    unit: "m^2/s",
    values: [5e-15, 1e-14, 2e-14, 5e-14, 1e-13],
    reference: 2e-14,
    reason: "published values of NMC811 scatter by more than that",
  },
  exchangeCurrent: { unit: "A/m^2", values: [1, 2, 3.4, 6, 10], reference: 3.4, reason: "published values of NMC811" },
  rate: { unit: "C", values: [1, 2, 3, 4, 5, 6], reference: 5, reason: "slow enough for equilibrium to fast charge" },
  charged: {
    unit: "",
    values: [0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
    reference: 0.6,
    reason: "share of the nominal capacity; 0.75 would empty the particles to their steep end",
  },
  returned: {
    unit: "",
    values: [0.2, 0.5, 1],
    reference: 0.2,
    reason: "a fifth closes the gaps again; all is a cycle",
  },
  upperVoltage: { unit: "V", values: [4.1, 4.2, 4.3, 4.4, 4.5], reference: 4.5, reason: "windows in use" },
  lowerVoltage: { unit: "V", values: [2.5, 2.8, 3, 3.3], reference: 2.5, reason: "windows in use" },
  rest: { unit: "s", values: [5, 20, 120], reference: 20, reason: "the paper's is 120 s; shorter ones cost less" },
} as const satisfies Record<string, Range>

/**
 * What generated packings have besides: the layout of a network twin (`geometry.kind: packing`). Sizes, materials, rates and
 * windows are those of {@link box}.
 */
export const packingBox = {
  spread: {
    unit: "%",
    values: [0, 10, 20, 30],
    reference: 0,
    reason:
      "standard deviation of the diameter's logarithm; powders as sold have 20 to 40 %, cut off at 2.5 deviations",
  },
  share: {
    unit: "%",
    values: [20, 30, 40, 50],
    reference: 40,
    reason: "of the volume; the paper's electrode has about 40 %, calendered ones up to 60 %",
  },
  rows: {
    unit: "",
    values: [2, 3, 4, 6],
    reference: 3,
    reason: "thickness over the diameter; thick electrodes have more, with the same neighbours",
  },
  gap: {
    unit: "um",
    values: [0.1, 0.25, 0.5, 1],
    reference: 0.5,
    reason: "least carbon and binder between surfaces; thinner films are stiffer than their interfaces are",
  },
  coverage: {
    unit: "%",
    values: [20, 35, 50, 65, 80],
    reference: 50,
    reason:
      "mean share of the surface on well conducting carbon and binder; the paper's three particles have 25 to 75 %",
  },
  scatter: {
    unit: "%",
    values: [0, 10, 20, 30],
    reference: 0,
    reason: "standard deviation of that share between particles; the paper's three particles have 20 %",
  },
  gradient: {
    unit: "%",
    values: [-30, -15, 0, 15, 30],
    reference: 0,
    reason: "coverage at the separator less that at the collector; the ends stay between 5 and 95 %",
  },
  morphology: { unit: "", values: [0, 0.25, 0.5, 0.75, 1], reference: 0, reason: "film to fingers: all there is" },
  poreShare: {
    unit: "%",
    values: [0, 25, 50, 100],
    reference: 0,
    reason: "of what is not covered well; with fingers and 100 % particles lose their way to the collector",
  },
} as const satisfies Record<string, Range>

/** A value of a range; shrinks to its reference. */
export const within = ({ values, reference }: Range): fc.Arbitrary<number> => {
  const home = values.indexOf(reference)
  return fc.integer({ min: -home, max: values.length - 1 - home }).map((step) => values[home + step])
}
