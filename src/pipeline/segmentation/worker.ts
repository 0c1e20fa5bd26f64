import { answerOrders } from "../../engine/worker.ts"
import { Workspace } from "../../kernels/workspace.ts"
import { segmentationWork } from "./work.ts"

answerOrders(segmentationWork(new Workspace()))
