import { answerOrders } from "../../engine/worker.ts"
import { sectionWork } from "./section-work.ts"

answerOrders(sectionWork().work)
