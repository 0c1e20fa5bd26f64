import fc from "fast-check"
import { box, within } from "./box.ts"
import { type CellWishes, type CycledCell, cellParts } from "./cycled-cell.ts"

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

/** Sections in columns, in carbon/binder that a straight cut parts in two kinds. */
export interface DrawnElectrode {
  /** From the collector to the separator, dealt out to the columns in turn */
  readonly particles: readonly SmallParticle[]
  readonly columns: number
  readonly sideGap: number
  readonly ligament: number
  /** The straight cut between well (left) and poorly conducting matrix; null: all of it conducts well */
  readonly cut: { readonly offset: number; readonly angle: number } | null
}

/**
 * A generated twin with its scenario, in the numbers and units that {@link box} lists. Everything about it is in this
 * record: the same record is the same case, bit for bit.
 */
export interface SmallTwin extends DrawnElectrode, CycledCell {
  /** Whether the mesh is its own mirror image; the layout must be, too */
  readonly mirrored: boolean
  /** Particles at the top that a pore parts from the collector; only in one column, and never all */
  readonly severed: number
}

const particle: fc.Arbitrary<SmallParticle> = fc.record({
  radius: within(box.radius),
  // Half of them are round: the commonest drawing, and the one in which symmetry can be exact.
  aspect: fc.oneof(fc.constant(1), within(box.aspect)),
  tilt: within(box.tilt),
  shift: within(box.shift),
})

/** Twins of 2 … 6 particles; shrinks to two equal circles, half covered by a vertical cut, of the reference half-cell. */
export const smallTwin = (wishes: CellWishes = {}): fc.Arbitrary<SmallTwin> =>
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
      ...cellParts(wishes),
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
