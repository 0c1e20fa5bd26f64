import type { Synchronisation } from "../../src/synchronisation/ensemble.ts"
import type { Result } from "../case.ts"
import type { Cycled } from "./cycling.ts"
import { atMost, cyclesOf, firstOf } from "./rows.ts"

/** How a refined run differs from the plain one. */
export const refinedRows = (what: string, fixed: Cycled, refined: Cycled): Result[] => {
  const [plain, fine] = [fixed.synchronisation, refined.synchronisation]
  const distance =
    plain.verdict === fine.verdict && plain.syncCycle !== null && fine.syncCycle !== null
      ? Math.abs(plain.syncCycle - fine.syncCycle)
      : Number.POSITIVE_INFINITY
  const moves = cyclesOf(fixed).map(({ spreadCharge }, index) =>
    Math.abs(spreadCharge - (cyclesOf(refined)[index]?.spreadCharge ?? Number.NaN)),
  )
  const spreads = cyclesOf(refined).map(({ spreadCharge }) => spreadCharge.toFixed(3))
  const course = (found: Synchronisation): string => `${found.verdict}, cycle ${found.syncCycle ?? "none"}`
  const tenth = 0.1 * firstOf(fixed).spreadCharge
  return [
    atMost(
      `${what}: sync cycle, distance`,
      "same verdict, same cycle or the next",
      distance,
      1,
      `${course(fine)} against ${course(plain)}`,
    ),
    atMost(
      `${what}: spread at end of charge, largest change in the first four cycles`,
      "a tenth of the first spread",
      Math.max(...moves.slice(0, 4)),
      tenth,
    ),
    atMost(
      `${what}: spread at end of charge, largest change in any cycle`,
      "a tenth of the first spread",
      Math.max(...moves),
      tenth,
      `${Math.max(...moves).toFixed(4)}: ${spreads.join(", ")}`,
    ),
  ]
}
