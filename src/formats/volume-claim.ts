import { Effect } from "effect"
import type { Triple } from "../image/brick.ts"
import type { Refusal } from "./open-file.ts"
import type { TomogramUnreadable } from "./tomogram-errors.ts"

/** The largest strip, tile or chunk that is unpacked as a whole [byte]. */
export const mostBlockBytes = 2 ** 30

/** No volume of worth packs better than this; one that claims to is a damaged or hostile one. */
const bestPacking = 1e5

/** Whether data could be unpacked to what is claimed. */
export const isStoredEnough = (claimedBytes: number, storedBytes: number): boolean =>
  claimedBytes <= bestPacking * storedBytes

/** Fails where a file claims edges that no volume has. */
export const checkShape = (refusal: Refusal, shape: Triple): Effect.Effect<void, TomogramUnreadable> =>
  shape.every((edge) => Number.isInteger(edge) && edge >= 1 && edge < 2 ** 31) &&
  shape[0] * shape[1] * shape[2] <= 2 ** 50
    ? Effect.void
    : Effect.fail(refusal("damaged", `it claims a volume of ${shape.join(" × ")} voxels`))
