import { Effect } from "effect"
import fc from "fast-check"
import { expect } from "vitest"
import { openVolume, type VolumeOptions } from "../../../src/formats/open-volume.ts"
import { wholeBox } from "./volume.ts"

/** More voxels than any damaged file of the tests may claim and still be read. */
const mostVoxels = 4e6

/**
 * Reads a file as a whole, or says why not: "read" or the kind of trouble. Anything else is thrown, so a test fails.
 * A volume that a damaged file claims with its data is read in part where it is large.
 */
export const outcomeOf = (file: string, options: VolumeOptions): Promise<string> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(openVolume(file, options), (source) => {
        const whole = wholeBox(source.shape)
        const count = source.shape[0] * source.shape[1] * source.shape[2]
        const box = count <= mostVoxels ? whole : { from: whole.from, to: [1, 1, 1] as const }
        return source.read(box)
      }),
    ).pipe(
      Effect.map(() => "read"),
      Effect.catch((problem) =>
        problem._tag === "TomogramUnreadable" ? Effect.succeed(problem.trouble) : Effect.die(problem),
      ),
    ),
  )

/** What is done to a file. */
export interface Damage {
  /** Lays the file down, with some bytes in the place of the right ones, and returns what is to be opened */
  readonly put: (bytes: Uint8Array) => Promise<string>
  readonly bytes: Uint8Array
  /** Cuts from the start to the end */
  readonly cuts: number
  /** How often one byte is turned over */
  readonly turns: number
  /** Bytes at the end that no voxel needs */
  readonly spare?: number
}

/** Every cut is refused; with a byte turned over the file is refused or read; memory does not grow by much. */
export const expectSturdy = async ({ put, bytes, cuts, turns, spare = 0 }: Damage): Promise<void> => {
  const options = { voxelSize: 1e-7 }
  const before = process.memoryUsage.rss()
  expect(await outcomeOf(await put(bytes), options)).toBe("read")
  for (let cut = 0; cut < cuts; cut++) {
    const length = Math.floor((cut * (bytes.length - spare)) / cuts)
    expect(await outcomeOf(await put(bytes.subarray(0, length)), options), `${length} bytes`).not.toBe("read")
  }
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, bits) => {
      const turned = Uint8Array.from(bytes)
      turned[at] ^= bits
      await outcomeOf(await put(turned), options)
    }),
    // `npm run properties` looks further.
    { numRuns: Math.max(turns, fc.readConfigureGlobal()?.numRuns ?? 0) },
  )
  expect(process.memoryUsage.rss() - before).toBeLessThan(300e6)
}
