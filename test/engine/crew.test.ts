import { threadId } from "node:worker_threads"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { openCrew } from "../../src/engine/crew.ts"
import { type Brief, crewChores } from "./crew-chores.ts"

const entry = new URL("./crew-entry.ts", import.meta.url)

const inCrew = (
  count: number,
  threads: number,
  use: (crew: ReturnType<typeof crewChores> & { run: (task: number) => void }) => void,
) => {
  const brief: Brief = { count, opener: threadId }
  return Effect.runPromise(
    Effect.scoped(
      Effect.map(openCrew(entry, threads, count, brief), (crew) => {
        const chores = crewChores(brief, crew.floats)
        use({ ...chores, run: (task) => crew.run(task, chores.work) })
      }),
    ),
  )
}

/** Goes on with a task until another thread has taken a share of it. */
const untilJoined = ({ run, thread }: { run: (task: number) => void; thread: Float64Array }): number => {
  const end = performance.now() + 30_000
  for (let rounds = 1; ; rounds++) {
    run(1)
    if (thread.some((id) => id !== threadId)) return rounds
    if (performance.now() > end) throw new Error("nobody has joined")
  }
}

describe("a crew", () => {
  it.each([1, 2, 3])("of %i does every share of every task once", async (threads) => {
    await inCrew(1000, threads, (crew) => {
      if (threads > 1) untilJoined(crew)
      for (let round = 0; round < 200; round++) crew.run(0)
      crew.run(1)
      expect(new Set(crew.counts)).toEqual(new Set([201]))
      expect(new Set(crew.squares)).toEqual(new Set([201 ** 2]))
    })
  })

  it("of more threads than particles does them all", async () => {
    await inCrew(2, 4, ({ run, counts }) => {
      for (let round = 0; round < 50; round++) run(0)
      expect([...counts]).toEqual([51, 51])
    })
  })

  it("tells what a member has died of", async () => {
    await inCrew(5000, 2, (crew) => {
      untilJoined(crew)
      const fail = (): void => {
        for (let round = 0; round < 10_000; round++) crew.run(2)
      }
      expect(fail).toThrow("a thread of the network twin failed: Error: no such chore")
    })
  })
})
