import { enableCompileCache } from "node:module"
import { answerOrders } from "../../engine/worker.ts"

enableCompileCache?.()
const { learnWork } = await import("./learn-work.ts")
answerOrders(learnWork)
