import type { Layer } from "effect"
import type { Engine } from "../engine/engine.ts"
import { inProcess } from "../engine/in-process.ts"
import { readyThreads } from "../engine/threads.ts"
import { codeEnding } from "./program.ts"
import { sweepWork } from "./sweep-work.ts"

/**
 * Where the runs of a sweep are done: in this thread, or side by side in threads of their own.
 * @param threads ≥ 1
 */
export const sweepEngine = (threads: number): Layer.Layer<Engine> =>
  threads === 1 ? inProcess(sweepWork) : readyThreads(new URL(`./sweep-worker.${codeEnding}`, import.meta.url), threads)
