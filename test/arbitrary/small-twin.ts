import fc from "fast-check"
import { box, within } from "./box.ts"

/** A particle's section and its place in the column it stands in. */
export interface SmallParticle {
  /** Longer half-axis [um] */
  readonly radius: number
  /** Shorter over longer half-axis; 1 is a circle */
  readonly aspect: number
  /** Of the longer half-axis, from the horizontal [deg] */
  readonly tilt: number
  /** Share of the free room sideways, −1 … 1 */
  readonly shift: number
}

/** How a generated cell is cycled; a charge ends at 5.1 V at the latest, a discharge at 2.5 V. */
export type SmallProtocol =
  /** The share of the nominal capacity that is charged, and the share of that which is discharged again */
  | { readonly kind: "fixed charge"; readonly charged: number; readonly returned: number }
  | { readonly kind: "voltage window"; readonly upper: number; readonly lower: number }
  | { readonly kind: "charge and hold"; readonly upper: number }

/**
 * A generated twin with its scenario, in the numbers and units that {@link box} lists. Everything about it is in this
 * record: the same record is the same case, bit for bit.
 */
export interface SmallTwin {
  /** From the collector to the separator, dealt out to the columns in turn */
  readonly particles: readonly SmallParticle[]
  readonly columns: 1 | 2
  readonly sideGap: number
  readonly ligament: number
  /** The straight cut between well (left) and poorly conducting matrix; null: all of it conducts well */
  readonly cut: { readonly offset: number; readonly angle: number } | null
  /** Whether the mesh is its own mirror image; the layout must be, too */
  readonly mirrored: boolean
  /** Particles at the top that a pore parts from the collector; only in one column, and never all */
  readonly severed: number
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
  readonly protocol: SmallProtocol
  readonly rest: number
  readonly cycles: number
}

const particle: fc.Arbitrary<SmallParticle> = fc.record({
  radius: within(box.radius),
  // Half of them are round: the commonest drawing, and the one in which symmetry can be exact.
  aspect: fc.oneof(fc.constant(1), within(box.aspect)),
  tilt: within(box.tilt),
  shift: within(box.shift),
})

const protocol: fc.Arbitrary<SmallProtocol> = fc.oneof(
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

const materials: fc.Arbitrary<SmallTwin["materials"]> = fc.record({
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

/** What a property asks of its twins beyond the box. */
export interface SmallTwinWishes {
  readonly cycles?: number
  readonly protocol?: fc.Arbitrary<SmallProtocol>
}

/** Twins of 2 … 6 particles; shrinks to two equal circles, half covered by a vertical cut, of the reference half-cell. */
export const smallTwin = (wishes: SmallTwinWishes = {}): fc.Arbitrary<SmallTwin> =>
  fc
    .record({
      // Few particles are cheap, and most of what can go wrong between particles needs no more than two or three.
      particles: fc.oneof(
        { weight: 4, arbitrary: fc.array(particle, { minLength: 2, maxLength: 2 }) },
        { weight: 2, arbitrary: fc.array(particle, { minLength: 3, maxLength: 3 }) },
        { weight: 1, arbitrary: fc.array(particle, { minLength: 4, maxLength: 6, size: "max" }) },
      ),
      columns: fc.constantFrom<1 | 2>(1, 1, 2),
      sideGap: within(box.sideGap),
      ligament: within(box.ligament),
      cut: fc.record({ offset: within(box.cutOffset), angle: within(box.cutAngle) }),
      mirrored: fc.constant(false),
      severed: fc.constantFrom(0, 0, 0, 0, 1, 2),
      materials,
      conduction: fc.constantFrom("none" as const, "none" as const, "none" as const, "equipotential" as const),
      rate: within(box.rate),
      protocol: wishes.protocol ?? protocol,
      rest: within(box.rest),
      cycles: fc.constant(wishes.cycles ?? 1),
    })
    .map(
      (twin): SmallTwin => ({
        ...twin,
        severed: twin.columns === 1 ? Math.min(twin.severed, twin.particles.length - 1) : 0,
      }),
    )

/** Two columns of circles in one matrix, each the mirror image of the other: particles 1 and 2, 3 and 4, … are alike. */
export const symmetricTwin: fc.Arbitrary<SmallTwin> = smallTwin().map((twin) => ({
  ...twin,
  // Four particles take long enough.
  particles: twin.particles
    .slice(0, 2)
    .flatMap(({ radius }) => Array.from({ length: 2 }, () => ({ radius, aspect: 1, tilt: 0, shift: 0 }))),
  columns: 2,
  cut: null,
  mirrored: true,
  severed: 0,
}))
