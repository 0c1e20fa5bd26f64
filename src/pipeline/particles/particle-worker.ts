import { enableCompileCache } from "node:module"
import { answerOrders } from "../../engine/worker.ts"

enableCompileCache?.()
const { particleWork } = await import("./particle-work.ts")
answerOrders(particleWork())
