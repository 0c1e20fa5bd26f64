import { Effect } from "effect"
import { voxelEdge } from "../image/volume.ts"
import { readQuantity } from "../twin/quantity.ts"
import { optionValue, type Parsed, type Usage, UsageWrong } from "./arguments.ts"

/** An option with a value that is not what it should be. */
export const optionWrong = ({ verb }: Usage, name: string, expected: string, found: string): UsageWrong =>
  new UsageWrong({ verb, reason: `--${name}: expected ${expected}; found "${found}"` })

/** The edge of a voxel, such as 400nm, if it was given [m]. */
export const voxelSizeOf = (usage: Usage, parsed: Parsed): Effect.Effect<number | undefined, UsageWrong> => {
  const text = optionValue(parsed, "voxel-size")
  if (text === undefined) return Effect.succeed(undefined)
  return readQuantity(text, "m", voxelEdge).pipe(
    Effect.mapError(({ expected }) => optionWrong(usage, "voxel-size", `${expected}, such as 400nm`, text)),
  )
}

/** Bytes, as people write them: 2GB, 512 MB. */
export const bytesOf = (
  usage: Usage,
  parsed: Parsed,
  name: string,
  fallback: number,
): Effect.Effect<number, UsageWrong> => {
  const text = optionValue(parsed, name)
  if (text === undefined) return Effect.succeed(fallback)
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([kMGT]?)B\s*$/.exec(text) ?? []
  const bytes = Number(number) * 1000 ** " kMGT".indexOf(unit === "" ? " " : unit)
  return bytes > 0 ? Effect.succeed(bytes) : Effect.fail(optionWrong(usage, name, "a size such as 2GB", text))
}
