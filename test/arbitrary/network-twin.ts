import fc from "fast-check"
import { box, packingBox, within } from "./box.ts"
import { type CellWishes, type CycledCell, cellParts } from "./cycled-cell.ts"
import type { DrawnElectrode } from "./small-twin.ts"

/** Balls or circles packed at random, in the numbers and units that {@link packingBox} lists. */
export interface PackedElectrode {
  readonly kind: "packed"
  readonly dimension: 2 | 3
  readonly count: number
  /** Median radius [um] */
  readonly radius: number
  readonly spread: number
  readonly share: number
  readonly rows: number
  readonly gap: number
  readonly coverage: number
  readonly scatter: number
  readonly gradient: number
  readonly morphology: number
  readonly fingers: "bridges" | "random" | "aligned"
  readonly poreShare: number
  readonly seed: number
}

/** Circles drawn in columns, parted by a straight cut. */
export interface CircleColumns extends DrawnElectrode {
  readonly kind: "drawn"
}

/**
 * A generated network twin with its scenario. Everything about it is in this record: the same record is the same case, bit
 * for bit.
 */
export interface NetworkTwin extends CycledCell {
  readonly electrode: PackedElectrode | CircleColumns
}

/** Sizes of electrodes: few particles are cheap, and most of what can go wrong between particles needs no more. */
const countUpTo = (most: number): fc.Arbitrary<number> =>
  fc.oneof(
    ...[
      { weight: 24, max: 6 },
      { weight: 12, max: 20 },
      { weight: 3, max: 60 },
      { weight: 1, max: 200 },
    ].map(({ weight, max }) => ({ weight, arbitrary: fc.integer({ min: 2, max: Math.min(max, most) }) })),
  )

const { spread, share, rows, gap, coverage, scatter, gradient, morphology, poreShare } = packingBox

const packed = (most: number): fc.Arbitrary<PackedElectrode> =>
  fc
    .record({
      kind: fc.constant("packed" as const),
      dimension: fc.constantFrom<2 | 3>(3, 3, 2),
      count: countUpTo(most),
      radius: within(box.radius),
      spread: within(spread),
      share: within(share),
      rows: within(rows),
      gap: within(gap),
      coverage: within(coverage),
      scatter: within(scatter),
      gradient: within(gradient),
      morphology: within(morphology),
      fingers: fc.constantFrom("bridges" as const, "random" as const, "aligned" as const),
      poreShare: within(poreShare),
      seed: fc.integer({ min: 1, max: 1000 }),
    })
    .map((drawn) => ({ ...drawn, ...fitting(drawn) }))

/** Largest ball of a lognormal distribution over its median */
const largest = (deviation: number): number => Math.exp((2.5 * deviation) / 100)

/**
 * As many rows and as wide a spread of sizes as so few particles can have, if they are to lie between walls; and a gradient
 * that their mean coverage leaves room for.
 */
const fitting = (drawn: PackedElectrode): Pick<PackedElectrode, "rows" | "spread" | "gradient" | "scatter"> => {
  const { dimension, count, coverage: mean } = drawn
  const share = drawn.share / 100
  /** Least extent over the median diameter that the largest one needs, gaps included */
  const least = (deviation: number): number => largest(deviation) + drawn.gap / drawn.radius + 0.1
  const volume = dimension === 3 ? Math.PI / 6 : Math.PI / 4
  const room = (deviation: number): number => (count * volume) / share / least(deviation) ** (dimension - 1)
  const spread = packingBox.spread.values.filter(
    (deviation) => deviation <= drawn.spread && room(deviation) >= least(deviation),
  )
  const deviation = spread.at(-1) ?? 0
  const rows = Math.max(least(deviation), Math.min(drawn.rows, 1 + count / 2, room(deviation)))
  const half = Math.min(mean, 100 - mean) - 5
  const gradient = Math.max(-2 * half, Math.min(2 * half, drawn.gradient))
  // A beta distribution of given mean is no wider than this.
  const most = Math.min(mean - Math.abs(gradient) / 2, 100 - mean - Math.abs(gradient) / 2)
  return {
    rows: Math.floor(rows * 10) / 10,
    spread: deviation,
    gradient,
    scatter: Math.min(drawn.scatter, Math.floor(0.9 * Math.sqrt(most * (100 - most)))),
  }
}

const circle = fc.record({
  radius: within(box.radius),
  aspect: fc.constant(1),
  tilt: fc.constant(0),
  shift: within(box.shift),
})

/** Each particle is solved for on a grid: more than a few take long to build. */
const mostDrawn = 12

const drawn = (most: number): fc.Arbitrary<CircleColumns> =>
  fc.record({
    kind: fc.constant("drawn" as const),
    particles: fc.oneof(
      { weight: 4, arbitrary: fc.array(circle, { minLength: 2, maxLength: 3 }) },
      { weight: 1, arbitrary: fc.array(circle, { minLength: 4, maxLength: Math.min(most, mostDrawn), size: "max" }) },
    ),
    columns: fc.constantFrom(1, 1, 2, 3),
    sideGap: within(box.sideGap),
    ligament: within(box.ligament),
    cut: fc.record({ offset: within(box.cutOffset), angle: within(box.cutAngle) }),
  })

/** What a property asks of its network twins beyond the box. */
export interface NetworkTwinWishes extends CellWishes {
  /** Most particles, 200 if not given */
  readonly most?: number
}

/** Network twins of 2 … 200 particles; shrinks to two equal balls of the reference half-cell, half covered by a film. */
export const networkTwin = ({ most = 200, ...wishes }: NetworkTwinWishes = {}): fc.Arbitrary<NetworkTwin> =>
  fc.record({
    electrode: fc.oneof({ weight: 4, arbitrary: packed(most) }, { weight: 1, arbitrary: drawn(most) }),
    ...cellParts(wishes),
  })
