import { answerOrders } from "../../src/engine/worker.ts"
import { explainTrees } from "../../src/learning/path-dependent-shap.ts"
import type { Trees } from "../../src/learning/trees.ts"

interface Share {
  readonly trees: Trees
  readonly columns: readonly Float64Array[]
  readonly from: number
  readonly to: number
}

answerOrders(async (input) => {
  const { trees, columns, from, to } = input as Share
  return explainTrees(trees, columns, from, to)
})
