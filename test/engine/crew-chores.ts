import { threadId } from "node:worker_threads"
import type { SharedFloats, ShareWork } from "../../src/model/network/crew.ts"

export interface Brief {
  readonly count: number
  /** Thread that opens the crew */
  readonly opener: number
}

/** Task 0 adds one to every particle's count, 1 squares it and notes who did, 2 cannot be done but by the opener. */
export const crewChores = ({ count, opener }: Brief, floats: SharedFloats) => {
  const counts = floats(count, (values) => void values.fill(1))
  const squares = floats(count)
  /** [particle] thread that squared */
  const thread = floats(count)
  const work: ShareWork = (task, from, to) => {
    if (task === 2 && threadId !== opener) throw new Error("no such chore")
    for (let particle = from; particle < to; particle++) {
      if (task === 0) counts[particle] += 1
      if (task !== 1) continue
      squares[particle] = counts[particle] ** 2
      thread[particle] = threadId
    }
  }
  return { counts, squares, thread, work }
}
