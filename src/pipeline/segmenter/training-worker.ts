import { enableCompileCache } from "node:module"
import { answerOrders } from "../../engine/worker.ts"

enableCompileCache?.()
const { trainingWork } = await import("./training-work.ts")
answerOrders(trainingWork)
