import { Worker, workerData } from "node:worker_threads"
import { Effect, type Scope } from "effect"
import { type Arena, createArena } from "../kernels/arena.ts"
import type { Crew, SharedFloats, ShareWork } from "../model/network/crew.ts"

/** What a member of a crew is given. */
export interface Charter {
  /** What the work is made from, as a plain record */
  readonly brief: unknown
  /** Memory in the order in which it was asked for */
  readonly memory: readonly SharedArrayBuffer[]
  readonly arena: WebAssembly.Memory
  /** Task, next share, finished shares, bell, length of the trouble's text, members that have joined */
  readonly control: SharedArrayBuffer
  /** What went wrong with a member, in UTF-8 */
  readonly trouble: SharedArrayBuffer
  readonly particleCount: number
  readonly shareCount: number
}

const task = 0
const next = 1
const finished = 2
const bell = 3
const trouble = 4
const members = 5

const longestText = 1024
/** Shares a thread: small enough for the slowest not to be waited for, large enough for taking one to cost nothing */
const sharesPerThread = 64
/** A member that has done nothing for two such waits in a row is gone; one may pass while the program is halted [ms] */
const patience = 20_000

/** Takes shares of the task at hand until none is left. */
const takeShares = (control: Int32Array, particleCount: number, shareCount: number, work: ShareWork): void => {
  const first = (share: number): number => Math.floor((share * particleCount) / shareCount)
  for (;;) {
    const share = Atomics.add(control, next, 1)
    if (share >= shareCount) return
    work(Atomics.load(control, task), first(share), first(share + 1))
    if (Atomics.add(control, finished, 1) + 1 === shareCount) Atomics.notify(control, finished)
  }
}

const memberFailed = (reason: string): Error => new Error(`a thread of the network twin failed: ${reason}`)

const awaitAll = (control: Int32Array, shareCount: number, text: Uint8Array): void => {
  for (let idle = 0; ; ) {
    const done = Atomics.load(control, finished)
    const length = Atomics.load(control, trouble)
    if (length > 0) throw memberFailed(new TextDecoder().decode(text.slice(0, length)))
    if (done === shareCount) return
    const waited = Atomics.wait(control, finished, done, patience)
    idle = waited === "timed-out" && Atomics.load(control, finished) === done ? idle + 1 : 0
    if (idle === 2) throw new Error("a thread of the network twin does not answer")
  }
}

/** A crew of threads. */
export interface ThreadCrew extends Crew {
  /** How many threads have joined so far, besides the one that opened it */
  readonly joined: () => number
}

/**
 * A crew of this thread and others, which take shares of every task as they get free. The others are started with the
 * first task and join when they are ready; this thread waits for what they have begun only.
 * @param entry   a module that ends with `serve`
 * @param threads this one included
 * @param brief   plain record from which `serve` makes the work
 */
export const openCrew = (
  entry: URL,
  threads: number,
  particleCount: number,
  brief: unknown,
): Effect.Effect<ThreadCrew, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync((): Worker[] => []),
      (workers) => Effect.promise(() => Promise.all(workers.map((worker) => worker.terminate()))),
    ),
    (workers) => {
      const memory: SharedArrayBuffer[] = []
      const arena = createArena()
      const shareCount = Math.min(particleCount, sharesPerThread * threads)
      const shared = new SharedArrayBuffer(6 * Int32Array.BYTES_PER_ELEMENT)
      const control = new Int32Array(shared)
      const text = new Uint8Array(new SharedArrayBuffer(longestText))
      /** Why a thread has ended before its crew, such as that it could not start */
      let lost: string | undefined

      const start = (): void => {
        const charter: Charter = {
          ...{ brief, memory, arena: arena.memory, particleCount, shareCount },
          ...{ control: shared, trouble: text.buffer },
        }
        while (workers.length < threads - 1) {
          const worker = new Worker(entry, { workerData: charter })
          worker.unref()
          worker.on("error", (cause) => {
            lost ??= String(cause)
          })
          workers.push(worker)
        }
      }

      return {
        arena,
        joined: () => Atomics.load(control, members),
        floats: (length, fill) => {
          const buffer = new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT)
          memory.push(buffer)
          const values = new Float64Array(buffer)
          fill?.(values)
          return values
        },
        run: (number, work) => {
          if (lost !== undefined) throw memberFailed(lost)
          if (workers.length < threads - 1) start()
          // Whoever takes a share has read `next` as it is set here, and so finds the task that was set before it.
          Atomics.store(control, task, number)
          Atomics.store(control, finished, 0)
          Atomics.store(control, next, 0)
          Atomics.add(control, bell, 1)
          Atomics.notify(control, bell)
          takeShares(control, particleCount, shareCount, work)
          awaitAll(control, shareCount, text)
        },
      }
    },
  )

/** Serves in the crew that has started this thread, for as long as it lasts. */
export const serve = async (
  workOf: (brief: unknown, floats: SharedFloats, arena: Arena) => Promise<ShareWork>,
): Promise<void> => {
  const { brief, memory, arena, control: shared, trouble: text, particleCount, shareCount } = workerData as Charter
  const control = new Int32Array(shared)
  let asked = 0
  try {
    const floats: SharedFloats = (length) => {
      const values = new Float64Array(memory[asked++])
      if (values.length !== length) throw new RangeError(`memory ${asked - 1} holds ${values.length}, not ${length}`)
      return values
    }
    const work = await workOf(brief, floats, createArena(arena))
    Atomics.add(control, members, 1)
    for (;;) {
      const rung = Atomics.load(control, bell)
      takeShares(control, particleCount, shareCount, work)
      Atomics.wait(control, bell, rung)
    }
  } catch (cause) {
    const told = new TextEncoder().encode(String(cause)).subarray(0, longestText)
    new Uint8Array(text).set(told)
    Atomics.store(control, trouble, told.length)
    // Changes what is waited on, lest the one who waits has looked for trouble just before.
    Atomics.add(control, finished, 1)
    Atomics.notify(control, finished)
    throw cause
  }
}
