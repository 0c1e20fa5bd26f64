import { Effect } from "effect"
import type { RegressionForest } from "../learning/forest.ts"
import { type Trees, treeCountOf } from "../learning/trees.ts"
import { ModelUnsuitable } from "./errors.ts"
import { type OnnxAttribute, type OnnxModel, standardOperators } from "./onnx-model.ts"
import { ensembleOf, treesOf } from "./tree-ensemble.ts"

/** Numbers that a model takes and compares. */
export type ModelPrecision =
  /** What most tools read. Rows must be rounded to 32 bits, which can move a value across a threshold beside it. */
  | { readonly kind: "float32" }
  /** Splits as here, bit for bit; predictions come out in 32 bits all the same. */
  | { readonly kind: "float64" }

/** A version of the operators for trees that ONNX Runtime has had since 1.11. */
const treeOperators = { "ai.onnx.ml": 3 } as const

const treeOperator = "TreeEnsembleRegressor"

/** Operators that change no number but its width or place. */
const harmless = new Set(["Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze"])

/**
 * A forest as an ONNX model: `attributes` [rows, feature] → `prediction` [rows, 1]. The names of the features are in its
 * metadata as a JSON list, and the cover of the nodes is in it, so that a forest read back can be explained.
 * @source https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html, version 3
 */
export const forestModel = ({ names, targetName, trees }: RegressionForest, precision: ModelPrecision): OnnxModel => ({
  operatorSets: { ...standardOperators, ...treeOperators },
  name: "forest",
  description: `${targetName}, mean of ${treeCountOf(trees)} regression trees`,
  nodes: [
    {
      operator: treeOperator,
      domain: "ai.onnx.ml",
      inputs: ["attributes"],
      outputs: ["prediction"],
      attributes: ensembleOf(trees, precision.kind === "float64"),
    },
  ],
  constants: {},
  inputs: [{ name: "attributes", type: precision.kind, shape: ["rows", trees.featureCount] }],
  outputs: [{ name: "prediction", type: "float32", shape: ["rows", 1] }],
  metadata: { columns: JSON.stringify(names), target: targetName },
})

/** A forest from a file. */
export interface ImportedForest {
  readonly forest: RegressionForest
  /** Whether the file has the cover of the nodes; otherwise `coveredBy` gives them one before they can be explained. */
  readonly hasCover: boolean
}

/** Names of the features as this program writes them; numbered ones where there are none or too few. */
const namesOf = (model: OnnxModel, featureCount: number): readonly string[] => {
  const numbered = Array.from({ length: featureCount }, (_, k) => `x${k}`)
  try {
    const names: unknown = JSON.parse(model.metadata.columns ?? "")
    return Array.isArray(names) && names.length === featureCount && names.every((name) => typeof name === "string")
      ? names
      : numbered
  } catch {
    return numbered
  }
}

const integer = (attribute: OnnxAttribute | undefined, otherwise: number): number =>
  attribute?.kind === "int" ? attribute.value : otherwise

const text = (attribute: OnnxAttribute | undefined, otherwise: string): string =>
  attribute?.kind === "string" ? attribute.value : otherwise

const importedForest = (model: OnnxModel): ImportedForest => {
  const regressors = model.nodes.filter(({ operator }) => operator === treeOperator)
  if (regressors.length !== 1) throw new RangeError(`expected one ${treeOperator}; found ${regressors.length}`)
  const others = model.nodes.filter(({ operator }) => operator !== treeOperator && !harmless.has(operator))
  if (others.length > 0) {
    throw new RangeError(`expected trees alone; found ${others.map(({ operator }) => operator).join(", ")} beside them`)
  }
  const { attributes } = regressors[0]
  const targets = integer(attributes.n_targets, 1)
  if (targets !== 1) throw new RangeError(`expected one target; found ${targets}`)
  const transform = text(attributes.post_transform, "NONE")
  if (transform !== "NONE") throw new RangeError(`expected predictions as they are; found the transform ${transform}`)
  const aggregate = text(attributes.aggregate_function, "SUM")
  if (aggregate !== "SUM" && aggregate !== "AVERAGE")
    throw new RangeError(`expected a sum or mean of trees; found ${aggregate}`)
  const width = model.inputs[0]?.shape[1]
  const { hasCover, ...trees } = treesOf(attributes, aggregate === "SUM", typeof width === "number" ? width : undefined)
  const names = namesOf(model, trees.featureCount)
  return { forest: { names, targetName: model.metadata.target ?? "y", trees: trees satisfies Trees }, hasCover }
}

/**
 * The forest of an ONNX model with one TreeEnsembleRegressor, as exporters of common libraries write it. Thresholds
 * stay what they are; comparisons other than ≤ become one, the same for every number.
 * @param name what to call the model in messages
 */
export const forestOfModel = (name: string, model: OnnxModel): Effect.Effect<ImportedForest, ModelUnsuitable> =>
  Effect.try({
    try: () => importedForest(model),
    catch: (cause) =>
      new ModelUnsuitable({
        model: name,
        misfits: [{ name: treeOperator, reason: cause instanceof Error ? cause.message : String(cause) }],
      }),
  })
