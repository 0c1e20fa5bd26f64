import fc from "fast-check"
import { box, within } from "./box.ts"

/** How a generated cell is cycled; a charge ends at 5.1 V at the latest, a discharge at 2.5 V. */
export type GeneratedProtocol =
  /** The share of the nominal capacity that is charged, and the share of that which is discharged again */
  | { readonly kind: "fixed charge"; readonly charged: number; readonly returned: number }
  | { readonly kind: "voltage window"; readonly upper: number; readonly lower: number }
  | { readonly kind: "charge and hold"; readonly upper: number }

/** What a generated cell is made of and how it is cycled, in the numbers and units that {@link box} lists. */
export interface CycledCell {
  readonly materials: {
    readonly highConductivity: number
    readonly lowConductivity: number
    readonly initialGap: number
    readonly young: number
    readonly strength: number
    readonly fractureEnergy: number
    readonly delay: number
    readonly processZone: number
    readonly fatigueLoss: number
    readonly closedResistance: number
    readonly referenceGap: number
    readonly diffusivity: number
    readonly exchangeCurrent: number
  }
  readonly conduction: "none" | "equipotential"
  /** Multiple of 1C, charge and discharge */
  readonly rate: number
  readonly protocol: GeneratedProtocol
  readonly rest: number
  readonly cycles: number
}

const anyProtocol: fc.Arbitrary<GeneratedProtocol> = fc.oneof(
  fc.record({
    kind: fc.constant("fixed charge" as const),
    charged: within(box.charged),
    returned: within(box.returned),
  }),
  fc.record({
    kind: fc.constant("voltage window" as const),
    upper: within(box.upperVoltage),
    lower: within(box.lowerVoltage),
  }),
  fc.record({ kind: fc.constant("charge and hold" as const), upper: within(box.upperVoltage) }),
)

const anyMaterials: fc.Arbitrary<CycledCell["materials"]> = fc.record({
  highConductivity: within(box.highConductivity),
  lowConductivity: within(box.lowConductivity),
  initialGap: within(box.initialGap),
  young: within(box.young),
  strength: within(box.strength),
  fractureEnergy: within(box.fractureEnergy),
  delay: within(box.delay),
  processZone: within(box.processZone),
  fatigueLoss: within(box.fatigueLoss),
  closedResistance: within(box.closedResistance),
  referenceGap: within(box.referenceGap),
  diffusivity: within(box.diffusivity),
  exchangeCurrent: within(box.exchangeCurrent),
})

/** What a property asks of its cells beyond the box. */
export interface CellWishes {
  readonly cycles?: number
  readonly protocol?: fc.Arbitrary<GeneratedProtocol>
}

/** Arbitraries of all that a cell is besides its layout; they shrink to the reference half-cell. */
export const cellParts = ({ cycles = 1, protocol = anyProtocol }: CellWishes) => ({
  materials: anyMaterials,
  conduction: fc.constantFrom("none" as const, "none" as const, "none" as const, "equipotential" as const),
  rate: within(box.rate),
  protocol,
  rest: within(box.rest),
  cycles: fc.constant(cycles),
})
