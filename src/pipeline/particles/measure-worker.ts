import { enableCompileCache } from "node:module"
import { answerOrders } from "../../engine/worker.ts"

enableCompileCache?.()
const { measureWork } = await import("./measure-work.ts")
answerOrders(measureWork)
