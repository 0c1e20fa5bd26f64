import type { Work } from "../../engine/engine.ts"
import { relabelled, type SevereQuestion } from "../../particles/severe-neighbours.ts"

/** Relabellings begin … end − 1 of a question. */
export interface RelabelJob {
  readonly kind: "relabel"
  readonly question: SevereQuestion
  readonly seed: number
  readonly begin: number
  readonly end: number
}

/** Does them all at once; jobs are small. */
export const relabelWork: Work = async (input) => {
  const { question, seed, begin, end } = input as RelabelJob
  return relabelled(question, seed, begin, end)
}
