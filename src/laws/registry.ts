import { bilinearEntry } from "./cohesion.ts"
import type { ChargeTransfer, CohesiveLaw } from "./contracts.ts"
import { butlerVolmerEntry } from "./kinetics.ts"
import type { LawFamily } from "./law-entry.ts"

const chargeTransfer: LawFamily<ChargeTransfer> = {
  "butler-volmer": butlerVolmerEntry,
}

const cohesion: LawFamily<CohesiveLaw> = {
  bilinear: bilinearEntry,
}

/** Every law by family and by its name in twins. */
export const laws = { chargeTransfer, cohesion } as const

export type LawFamilyName = keyof typeof laws

/** Names that a twin may use for a law of a family. */
export const lawNames = (family: LawFamilyName): readonly string[] => Object.keys(laws[family])
