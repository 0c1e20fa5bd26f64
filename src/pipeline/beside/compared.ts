import { Effect } from "effect"
import { type Box, boxShape, bricksOf, type Triple } from "../../image/brick.ts"
import { labelAgreement, type ObjectExtent, type ObjectMatch } from "../../image/label-agreement.ts"
import { objectSizes } from "../../image/score.ts"
import { dimensionOf, type Grid } from "../../image/volume.ts"
import type { BesideInput, BesidePlane, FoundObjects, HardCase } from "../../report/beside/input.ts"
import { type Contingency, contingencyMonoid, contingencyOf } from "../../statistics/contingency.ts"
import { type View, views } from "../fusion/sections.ts"

/** Particles as one way has found them, or as they are known to be. */
export interface Side<E> {
  /** For a reader */
  readonly name: string
  /** Labels of a box, cracks left out */
  readonly read: (box: Box) => Effect.Effect<Int32Array, E>
  readonly extents: ReadonlyMap<number, ObjectExtent>
  /** Of particles that the border does not cut */
  readonly damage: ReadonlyMap<number, number>
}

/** What is compared, and over which image. */
export interface Sides<E> {
  readonly first: Side<E>
  readonly second: Side<E>
  readonly truth: Side<E> | null
  readonly readGray: (box: Box) => Effect.Effect<Float32Array, E>
}

/** Voxels that are compared at a time */
const slabVoxels = 4e6
/** Voxels along the longer side of a picture; longer ones are thinned */
const widest = 720
/** Hard cases that are shown, and how much is shown around each, in parts of its size */
const mostCases = 9
const around = 0.35
/** Least edge of what is shown [voxel] */
const leastShown = 40
/** An overlap from which on nothing is hard */
const easyOverlap = 0.85

/** Overlaps over slabs of whole planes, so that memory is bounded. */
const overlapsOf = Effect.fnUntraced(function* <E>(
  grid: Grid,
  one: Side<E>,
  other: Side<E>,
  onSlab: () => Effect.Effect<void>,
): Effect.fn.Return<Contingency, E> {
  const [nx, ny] = grid.shape
  let all = contingencyMonoid.empty
  for (const box of bricksOf(grid, [nx, ny, Math.max(1, Math.floor(slabVoxels / (nx * ny)))])) {
    all = contingencyMonoid.concat(all, contingencyOf(yield* one.read(box), yield* other.read(box)))
    yield* onSlab()
  }
  return all
})

const objectsOf = <E>(side: Side<E>, sizes: ReadonlyMap<number, number>, voxel: number): FoundObjects => {
  const whole = [...sizes.keys()].filter((label) => side.extents.get(label)?.isCut === false)
  return {
    name: side.name,
    count: sizes.size,
    volumes: Float64Array.from(whole, (label) => voxel * (sizes.get(label) ?? 0)),
    damage: Float64Array.from(whole, (label) => side.damage.get(label) ?? Number.NaN),
  }
}

/** A part of a plane of the volume before its gray values are toned. */
interface RawPlane extends Omit<BesidePlane, "gray"> {
  readonly tone: Float32Array
}

/** @param box one plane of the view */
const planeIn = Effect.fnUntraced(function* <E>(
  { spacing }: Grid,
  { first, second, truth, readGray }: Sides<E>,
  box: Box,
  { across, down }: View,
  name: string,
): Effect.fn.Return<RawPlane, E> {
  const shape = boxShape(box)
  const step = Math.ceil(Math.max(shape[across], shape[down]) / widest)
  const [width, height] = [Math.ceil(shape[across] / step), Math.ceil(shape[down] / step)]
  const thinned = <A extends Int32Array | Float32Array>(values: A): A => {
    const out = new (values.constructor as new (count: number) => A)(width * height)
    for (let y = 0, p = 0; y < height; y++)
      for (let x = 0; x < width; x++, p++) out[p] = values[step * x + shape[across] * step * y]
    return out
  }
  return {
    name,
    width,
    height,
    pixel: [step * spacing[across], step * spacing[down]],
    tone: thinned(yield* readGray(box)),
    first: thinned(yield* first.read(box)),
    second: thinned(yield* second.read(box)),
    truth: truth === null ? null : thinned(yield* truth.read(box)),
  }
})

/** Gray values of some planes between the same ends. */
const toned = (planes: readonly RawPlane[], [low, high]: readonly [number, number]): readonly BesidePlane[] =>
  planes.map(({ tone, ...plane }) => ({
    ...plane,
    gray: Uint8Array.from(tone, (value) =>
      Math.max(0, Math.min(255, Math.round((255 * (value - low)) / (high - low)))),
    ),
  }))

const endsOf = (planes: readonly RawPlane[]): readonly [number, number] => {
  const all = Float32Array.from(planes.flatMap(({ tone }) => [...tone.filter((_, at) => at % 7 === 0)])).sort()
  const [low, high] = [0.005, 0.998].map((share) => all[Math.round(share * (all.length - 1))] ?? 0)
  return [low, high > low ? high : low + 1]
}

const letters = "xyz"
const place = (at: number, edge: number): string => `${Number(((at + 0.5) * edge * 1e6).toPrecision(4))} µm`

/** The planes through the middle of a volume; the one plane of an image. */
const middlePlanes = <E>(grid: Grid, sides: Sides<E>): Effect.Effect<readonly RawPlane[], E> => {
  const { shape, spacing } = grid
  return Effect.forEach(dimensionOf(grid) === 2 ? views.slice(0, 1) : views, (view) => {
    const { across, down, through } = view
    const at = shape[through] >> 1
    const [from, to]: [number[], number[]] = [[0, 0, 0], [...shape]]
    from[through] = at
    to[through] = at + 1
    const box: Box = { from: [from[0], from[1], from[2]], to: [to[0], to[1], to[2]] }
    const name =
      dimensionOf(grid) === 2
        ? "the whole image"
        : `${letters[across]}${letters[down]}, ${letters[through]} = ${place(at, spacing[through])}`
    return planeIn(grid, sides, box, view, name)
  })
}

/** A square plane through the middle of an object, with what lies around it. */
const caseOf = <E>(grid: Grid, sides: Sides<E>, { from, last }: ObjectExtent, match: ObjectMatch) => {
  const { shape, spacing } = grid
  const longest = Math.max(last[0] - from[0], last[1] - from[1]) + 1
  const side = Math.max(leastShown, Math.round((1 + 2 * around) * longest))
  const edge = (axis: 0 | 1): readonly [number, number] => {
    const length = Math.min(side, shape[axis])
    const low = Math.round((from[axis] + last[axis] + 1 - length) / 2)
    const first = Math.max(0, Math.min(shape[axis] - length, low))
    return [first, first + length]
  }
  const z = (from[2] + last[2]) >> 1
  const [x, y] = [edge(0), edge(1)]
  const box: Box = { from: [x[0], y[0], z], to: [x[1], y[1], z + 1] }
  const at: readonly string[] = ([0, 1, 2] as const)
    .slice(0, dimensionOf(grid))
    .map((axis) => place((from[axis] + last[axis]) / 2, spacing[axis]).replace(" µm", ""))
  const what = match.truth === 0 ? "found alone" : `overlap ${match.overlap.toFixed(2)}`
  return planeIn(grid, sides, box, views[0], `${what}, at ${at.join(", ")} µm`)
}

/**
 * Two ways of finding particles beside one another and, where it is known, the truth: overlaps slab by slab, pictures of
 * a few planes and of the objects on which the first way and the truth (or the second way) agree least.
 */
export const besideInput = Effect.fn("besideInput")(function* <E>(
  facts: Pick<BesideInput, "title" | "programVersion">,
  grid: Grid,
  sides: Sides<E>,
  onProgress: (share: number) => Effect.Effect<void>,
): Effect.fn.Return<BesideInput, E> {
  const { first, second, truth } = sides
  const [dx, dy, dz] = grid.spacing
  const voxel = dimensionOf(grid) === 2 ? dx * dy : dx * dy * dz
  const count = truth === null ? 1 : 3
  let done = 0
  const slabs = Math.ceil(grid.shape[2] / Math.max(1, Math.floor(slabVoxels / (grid.shape[0] * grid.shape[1]))))
  const onSlab = () => onProgress((0.9 * ++done) / (count * slabs))
  const shared = yield* overlapsOf(grid, first, second, onSlab)
  const sizes = objectSizes(shared)
  const between = labelAgreement(shared, first, second, voxel)
  let known: BesideInput["truth"] = null
  if (truth !== null) {
    const [one, other] = [yield* overlapsOf(grid, truth, first, onSlab), yield* overlapsOf(grid, truth, second, onSlab)]
    known = {
      objects: objectsOf(truth, objectSizes(one).truth, voxel),
      first: labelAgreement(one, truth, first, voxel),
      second: labelAgreement(other, truth, second, voxel),
    }
  }
  // Who is held against whom: the first way against the truth or, without one, the second against the first.
  const [base, judged] = truth === null ? [first, second] : [truth, first]
  const hard = (known?.first ?? between).matches.filter(({ overlap }) => overlap < easyOverlap).slice(0, mostCases)
  const extentOf = (match: ObjectMatch): ObjectExtent =>
    match.truth === 0 ? judged.extents.get(match.found)! : base.extents.get(match.truth)!
  const planes = yield* middlePlanes(grid, sides)
  const raw = yield* Effect.forEach(hard, (match) => caseOf(grid, sides, extentOf(match), match))
  const ends = endsOf(planes)
  const pictures = toned(raw, ends)
  return {
    ...facts,
    shape: grid.shape as Triple,
    spacing: grid.spacing as Triple,
    first: objectsOf(first, sizes.truth, voxel),
    second: objectsOf(second, sizes.found, voxel),
    between,
    truth: known,
    planes: toned(planes, ends),
    cases: hard.map((match, k): HardCase => ({ match, plane: pictures[k] })),
  }
})
