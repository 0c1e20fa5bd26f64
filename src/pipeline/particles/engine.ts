import type { Layer } from "effect"
import type { Engine } from "../../engine/engine.ts"
import { inProcess } from "../../engine/in-process.ts"
import { workerThreads } from "../../engine/threads.ts"
import { codeEnding } from "../program.ts"
import { particleWork } from "./particle-work.ts"

/** Of each thread: left to itself the engine lets a hundred megabytes of what nobody uses pile up [MiB] */
const youngMemory = 16

/** Where work on particles is done: in this thread, or side by side in threads of their own. */
export const particleEngine = (threads: number): Layer.Layer<Engine> =>
  threads === 1
    ? inProcess(particleWork())
    : workerThreads(new URL(`./particle-worker.${codeEnding}`, import.meta.url), threads, {
        maxYoungGenerationSizeMb: youngMemory,
      })
