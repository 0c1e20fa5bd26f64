import { enableCompileCache } from "node:module"
import { answerOrders } from "../engine/worker.ts"

// A thread of its own compiles everything anew: from the cache it starts in two thirds of the time.
enableCompileCache?.()
const { sweepWork } = await import("./sweep-work.ts")
answerOrders(sweepWork)
