import { Effect } from "effect"
import { componentBytes, type Neighbours } from "../../image/brickwise/components.ts"
import { Union } from "../../image/brickwise/union.ts"
import type { ScratchVolume } from "../../store/scratch-box.ts"
import type { CrewError } from "./crew.ts"
import type { MemoryTooSmall } from "./errors.ts"
import { pieces, piecesAndSeams, type Site, shareOf } from "./site.ts"
import type { ChooseTask, JoinTask, PartRule, PartsTask } from "./tasks/parts.ts"

/** Connected parts of a volume as its boxes number them, and which numbers are one part. */
interface Parts {
  /** [number] 1 where the part carries a mark anywhere */
  readonly marked: Uint8Array
  readonly count: number
}

/**
 * Connected parts across all boxes; a mark on one number marks the whole part.
 * @param numbers overwritten with the numbers that boxes give
 */
const markedParts = (
  site: Site,
  values: ScratchVolume<"uint8">,
  rule: PartRule,
  neighbours: Neighbours,
  numbers: ScratchVolume<"int32">,
): Effect.Effect<Parts, CrewError | MemoryTooSmall> =>
  Effect.gen(function* () {
    // Beside the room of the kernel a task holds the values themselves.
    const { boxes, seams } = yield* piecesAndSeams(site, componentBytes + 2, 1)
    const given = new Int32Array(new SharedArrayBuffer(4))
    const marks: Int32Array[] = []
    const doing = rule.kind === "not" ? "cavities" : "connected voxels"
    const share = shareOf(site, "parts") / 2
    yield* site.crew.run<PartsTask>(
      doing,
      share,
      boxes.map((box) => ({ kind: "parts", box, values, rule, neighbours, numbers, given })),
      ({ marked }) => void marks.push(marked),
    )
    const count = given[0]
    const union = new Union(count + 1)
    yield* site.crew.run<JoinTask>(
      doing,
      share / 4,
      seams.map((seam) => ({ kind: "join", seam, neighbours, numbers })),
      ({ pairs }) => {
        for (let k = 0; k < pairs.length; k += 2) union.unite(pairs[k], pairs[k + 1])
      },
    )
    const marked = new Uint8Array(new SharedArrayBuffer(count + 1))
    for (const list of marks) for (const number of list) marked[union.find(number)] = 1
    for (let number = 1; number <= count; number++) marked[number] = marked[union.find(number)]
    return { marked, count }
  })

/** Writes `value` into all voxels of chosen parts. */
const chosenInto = (
  site: Site,
  numbers: ScratchVolume<"int32">,
  chosen: Uint8Array,
  values: ScratchVolume<"uint8">,
  others: Uint8Array,
  out: ScratchVolume<"uint8">,
): Effect.Effect<void, CrewError | MemoryTooSmall> =>
  Effect.gen(function* () {
    const boxes = yield* pieces(site, 5)
    yield* site.crew.run<ChooseTask>(
      "connected voxels",
      (shareOf(site, "parts") * 3) / 8,
      boxes.map((box) => ({ kind: "choose", box, numbers, chosen, values, out, others, value: 1 })),
    )
  })

/** What becomes of values outside of chosen parts: 1 where it is `kept`, else 0. */
const keptAsOne = (kept: number): Uint8Array => Uint8Array.from({ length: 256 }, (_, value) => (value === kept ? 1 : 0))

/**
 * Fills the cavities of a part of a volume: what it encloses without a way, over faces, to the border of the volume.
 * @param numbers overwritten
 * @returns 0 or 1 a voxel; undefined where there is no cavity
 */
export const withoutCavities = Effect.fn("withoutCavities")(function* (
  site: Site,
  values: ScratchVolume<"uint8">,
  part: number,
  numbers: ScratchVolume<"int32">,
): Effect.fn.Return<ScratchVolume<"uint8"> | undefined, CrewError | MemoryTooSmall> {
  const { marked, count } = yield* markedParts(site, values, { kind: "not", value: part }, 6, numbers)
  const enclosed = new Uint8Array(new SharedArrayBuffer(count + 1))
  let found = 0
  for (let number = 1; number <= count; number++) {
    enclosed[number] = 1 - marked[number]
    found += enclosed[number]
  }
  if (found === 0) return undefined
  const out = yield* site.space.volume("uint8", "without-cavities")
  yield* chosenInto(site, numbers, enclosed, values, keptAsOne(part), out)
  return out
})

/**
 * Keeps, as 1, the parts of voxels ≥ 1 that hold a voxel ≥ 2, connected over faces, edges and corners; 0 elsewhere.
 * @param values  overwritten with the result
 * @param numbers overwritten
 */
export const keptWhereStrong = Effect.fn("keptWhereStrong")(function* (
  site: Site,
  values: ScratchVolume<"uint8">,
  numbers: ScratchVolume<"int32">,
): Effect.fn.Return<void, CrewError | MemoryTooSmall> {
  const { marked } = yield* markedParts(site, values, { kind: "at-least", low: 1, high: 2 }, 26, numbers)
  yield* chosenInto(site, numbers, marked, values, new Uint8Array(256), values)
})
