import { answerOrders } from "../../src/engine/worker.ts"
import { work } from "./work.ts"

answerOrders(work)
