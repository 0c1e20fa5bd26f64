import { Effect, type Scope } from "effect"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { forestModel, forestOfModel } from "../../src/inference/forest-model.ts"
import { decodeModel, encodeModel, type OnnxModel } from "../../src/inference/onnx-model.ts"
import { Inference, InferenceLive } from "../../src/inference/session.ts"
import { coveredBy } from "../../src/learning/cover.ts"
import { forestOf } from "../../src/learning/forest.ts"
import { publishedNotebookForest, publishedTextForest } from "../../src/learning/forest-settings.ts"
import { explainForest } from "../../src/learning/path-dependent-shap.ts"
import { growTrees } from "../../src/learning/tree-growth.ts"
import { predict } from "../../src/learning/trees.ts"
import { gridRows, pathDependentGame, shapleyValues, smallForests } from "../learning/shapley-oracle.ts"
import { normalTable } from "../learning/tables.ts"

const run = <A, E>(effect: Effect.Effect<A, E, Inference | Scope.Scope>): Promise<A> =>
  Effect.runPromise(effect.pipe(Effect.scoped, Effect.provide(InferenceLive)))

/** What ONNX Runtime makes of some rows. */
const predictions = (model: OnnxModel, columns: readonly Float64Array[]): Promise<Float32Array> => {
  const [input] = model.inputs
  const rows = columns[0].length
  const values = Float64Array.from(
    { length: rows * columns.length },
    (_, i) => columns[i % columns.length][Math.floor(i / columns.length)],
  )
  const data = input.type === "float32" ? Float32Array.from(values) : values
  return run(
    Inference.use((inference) => inference.load(encodeModel(model))).pipe(
      Effect.flatMap((loaded) => loaded.run({ [input.name]: { data, shape: [rows, columns.length] } })),
      Effect.map((outputs) => outputs[model.outputs[0].name].data as Float32Array),
    ),
  )
}

const read = (model: OnnxModel) =>
  Effect.runPromise(
    decodeModel("forest", encodeModel(model)).pipe(Effect.flatMap((found) => forestOfModel("forest", found))),
  )

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)

const rounded = (columns: readonly Float64Array[]): Float64Array[] =>
  columns.map((column) => Float64Array.from(column, Math.fround))

// Columns of very different sizes, as SI units have them.
const plain = normalTable(300, 5, 7, ([a, b, c], noise) => Math.sin(2 * a) + b * c + 0.2 * noise())
const sizes = [1e-16, 1e29, 1, 1e-6, 1]
const table = { ...plain, columns: plain.columns.map((column, k) => column.map((x) => (x + 3) * sizes[k])) }
const grown = (settings: typeof publishedTextForest) =>
  forestOf(table, [growTrees(table, settings, 0, settings.treeCount)])
const deep = grown({ ...publishedTextForest, treeCount: 15 })

describe("a forest in ONNX Runtime", () => {
  it.each([deep, grown(publishedNotebookForest)])(
    "predicts as it does by itself, in 32 and in 64 bits",
    async (forest) => {
      const narrow = rounded(table.columns)
      const single = await predictions(forestModel(forest, { kind: "float32" }), narrow)
      expect(largestDifference(single, predict(forest.trees, narrow))).toBeLessThan(1e-6)
      const double = await predictions(forestModel(forest, { kind: "float64" }), table.columns)
      expect(largestDifference(double, predict(forest.trees, table.columns))).toBeLessThan(1e-6)
    },
  )

  it("tells values apart in 64 bits that are one in 32", async () => {
    const close = { ...plain, names: ["a"], columns: [plain.target.map((_, i) => 1 + i * 1e-12)] }
    const settings = { ...publishedTextForest, treeCount: 1, bootstrap: false, depthLimit: Number.POSITIVE_INFINITY }
    const forest = forestOf(close, [growTrees(close, settings, 0, 1)])
    const double = await predictions(forestModel(forest, { kind: "float64" }), close.columns)
    expect(largestDifference(double, close.target)).toBeLessThan(1e-6)
    const single = await predictions(forestModel(forest, { kind: "float32" }), close.columns)
    expect(largestDifference(single, close.target)).toBeGreaterThan(0.1)
  })

  it("goes left at the very threshold, and where 32 bits round it up", async () => {
    const trees = {
      featureCount: 1,
      treeStart: Int32Array.of(0, 3),
      feature: Int32Array.of(0, -1, -1),
      threshold: Float64Array.of(0, 0, 0),
      left: Int32Array.of(1, -1, -1),
      right: Int32Array.of(2, -1, -1),
      value: Float64Array.of(0, -1, 1),
      cover: Float64Array.of(2, 1, 1),
    }
    for (const cut of [0.1, 0.7, -0.1, 1 - 2 ** -40, 1e-50, -1e-50, 1e300, -1e300, 3.5]) {
      const forest = { names: ["x"], targetName: "y", trees: { ...trees, threshold: Float64Array.of(cut, 0, 0) } }
      const columns = [
        Float64Array.of(Math.fround(cut), Math.fround(cut * (1 + 1e-6)), Math.fround(cut * (1 - 1e-6)), 0, -3e38, 3e38),
      ]
      columns[0] = columns[0].filter(Number.isFinite)
      const found = await predictions(forestModel(forest, { kind: "float32" }), columns)
      expect([...found]).toEqual([...predict(forest.trees, columns)])
    }
  })
})

describe("a forest from a file", () => {
  it("is the one that was written", async () => {
    for (const precision of [{ kind: "float64" }, { kind: "float32" }] as const) {
      const { forest, hasCover } = await read(forestModel(deep, precision))
      expect(hasCover).toBe(true)
      expect(forest.names).toEqual(deep.names)
      expect(forest.targetName).toBe("y")
      const exact = precision.kind === "float64"
      const columns = exact ? table.columns : rounded(table.columns)
      const bound = exact ? 1e-14 : 1e-6
      expect(largestDifference(predict(forest.trees, columns), predict(deep.trees, columns))).toBeLessThan(bound)
      const explained = explainForest(forest.trees, columns)
      expect(largestDifference(explained.values, explainForest(deep.trees, columns).values)).toBeLessThan(bound)
    }
  })

  // As exporters of other libraries write them: weights divided by the number of trees, nodes in any order, no cover.
  const foreign = (modes: readonly string[], base: number): OnnxModel => {
    const ints = (...values: number[]) => ({ kind: "ints", values }) as const
    const floats = (...values: number[]) => ({ kind: "floats", values }) as const
    return {
      ...forestModel(deep, { kind: "float32" }),
      metadata: {},
      inputs: [{ name: "X", type: "float32", shape: ["rows", 3] }],
      outputs: [{ name: "variable", type: "float32", shape: ["rows", 1] }],
      nodes: [
        {
          operator: "TreeEnsembleRegressor",
          domain: "ai.onnx.ml",
          inputs: ["X"],
          outputs: ["variable"],
          attributes: {
            n_targets: { kind: "int", value: 1 },
            nodes_treeids: ints(0, 0, 0, 0, 0, 1, 1, 1),
            nodes_nodeids: ints(0, 1, 4, 2, 3, 0, 1, 2),
            nodes_modes: {
              kind: "strings",
              values: [modes[0], modes[1], "LEAF", "LEAF", "LEAF", modes[2], "LEAF", "LEAF"],
            },
            nodes_featureids: ints(2, 0, 0, 0, 0, 1, 0, 0),
            nodes_truenodeids: ints(1, 2, 0, 0, 0, 1, 0, 0),
            nodes_falsenodeids: ints(4, 3, 0, 0, 0, 2, 0, 0),
            nodes_values: floats(0.5, -0.5, 0, 0, 0, 1.5, 0, 0),
            nodes_hitrates: floats(1, 1, 1, 1, 1, 1, 1, 1),
            target_treeids: ints(0, 0, 0, 1, 1),
            target_nodeids: ints(2, 3, 4, 1, 2),
            target_ids: ints(0, 0, 0, 0, 0),
            target_weights: floats(0.25, -1.5, 2, 3.25, -0.75),
            ...(base === 0 ? {} : { base_values: floats(base) }),
          },
        },
      ],
    }
  }
  const halves = [-1, -0.5, 0.5, 1, 1.5, 2]
  const columns = [0, 1, 2].map((k) => Float64Array.from({ length: 216 }, (_, i) => halves[Math.floor(i / 6 ** k) % 6]))

  it.each([
    [["BRANCH_LEQ", "BRANCH_LEQ", "BRANCH_LEQ"], 0],
    [["BRANCH_LT", "BRANCH_LEQ", "BRANCH_GT"], 0.5],
    [["BRANCH_GTE", "BRANCH_GTE", "BRANCH_LT"], -3],
  ] as const)("predicts as ONNX Runtime does: %s, base %s", async (modes, base) => {
    const model = foreign(modes, base)
    const { forest, hasCover } = await read(model)
    expect(hasCover).toBe(false)
    expect(forest.names).toEqual(["x0", "x1", "x2"])
    expect(largestDifference(predict(forest.trees, columns), await predictions(model, columns))).toBeLessThan(1e-6)
    expect(() => explainForest(forest.trees, columns)).toThrow(/cover/)
    const covered = coveredBy(forest.trees, columns)
    const { values, expected } = explainForest(covered, columns)
    const answers = predict(covered, columns)
    expect(expected).toBeCloseTo(
      answers.reduce((sum, y) => sum + y / 216, 0),
      12,
    )
    for (let row = 0; row < 216; row += 31) {
      const exact = shapleyValues(pathDependentGame(covered, columns, row), 3)
      expect(largestDifference(values.slice(3 * row, 3 * row + 3), exact)).toBeLessThan(1e-12)
    }
  })

  const leaf = (...values: number[]) => ({ kind: "ints", values }) as const
  it.each<readonly [string, OnnxModel["nodes"][number]["attributes"]]>([
    [
      "no node 9",
      {
        nodes_truenodeids: leaf(1, 2, 0, 0, 0, 9, 0, 0),
        nodes_falsenodeids: leaf(4, 3, 0, 0, 0, 1, 0, 0),
        nodes_treeids: leaf(0, 0, 0, 0, 0, 1, 1, 2),
        nodes_nodeids: leaf(0, 1, 4, 2, 3, 0, 1, 5),
        target_nodeids: leaf(2, 3, 4, 1, 1),
      },
    ],
    ["found 2", { nodes_truenodeids: leaf(1, 4, 0, 0, 0, 1, 0, 0) }],
    ["2 nodes of tree 0 are on no path", { nodes_truenodeids: leaf(0, 2, 0, 0, 0, 1, 0, 0) }],
    ["node 0 twice", { nodes_nodeids: leaf(0, 1, 4, 2, 0, 0, 1, 2) }],
    ["one target; found 2", { n_targets: { kind: "int", value: 2 } }],
    ["8 nodes_values; found 1", { nodes_values: { kind: "floats", values: [1] } }],
    ["found MAX", { aggregate_function: { kind: "string", value: "MAX" } }],
    ["transform PROBIT", { post_transform: { kind: "string", value: "PROBIT" } }],
    ["below 3; found 3", { nodes_featureids: leaf(3, 0, 0, 0, 0, 1, 0, 0) }],
    [
      "BRANCH_EQ",
      {
        nodes_modes: {
          kind: "strings",
          values: ["BRANCH_EQ", "BRANCH_EQ", "LEAF", "LEAF", "LEAF", "BRANCH_EQ", "LEAF", "LEAF"],
        },
      },
    ],
    ["tree 0 has no node 7, which has a weight", { target_nodeids: leaf(7, 3, 4, 1, 2) }],
    ["weighs NaN", { target_weights: { kind: "floats", values: [Number.NaN, 1, 1, 1, 1] } }],
  ])("is refused with what is wrong: %s", async (words, attributes) => {
    const model = foreign(["BRANCH_LEQ", "BRANCH_LEQ", "BRANCH_LEQ"], 0)
    const [node] = model.nodes
    const spoilt = { ...model, nodes: [{ ...node, attributes: { ...node.attributes, ...attributes } }] }
    const failure = await Effect.runPromise(Effect.flip(forestOfModel("their.onnx", spoilt)))
    expect(failure._tag).toBe("ModelUnsuitable")
    expect(failure.message).toMatch(/^their\.onnx: /)
    expect(failure.message).toContain(words)
  })

  it("is refused where other operators change what goes in or out", async () => {
    const scaled = { ...forestModel(deep, { kind: "float32" }).nodes[0], operator: "Scaler", attributes: {} }
    const model = foreign(["BRANCH_LEQ", "BRANCH_LEQ", "BRANCH_LEQ"], 0)
    for (const [nodes, words] of [
      [[scaled, ...model.nodes], "found Scaler beside"],
      [[], "found 0"],
    ] as const) {
      const failure = await Effect.runPromise(Effect.flip(forestOfModel("their.onnx", { ...model, nodes })))
      expect(failure.message).toContain(words)
    }
  })
})

describe("cover from rows", () => {
  it("makes any trees explainable, also where no row of the table goes", () => {
    const cases = smallForests.chain((trees) =>
      fc.tuple(fc.constant(trees), gridRows(trees.featureCount, 3), gridRows(trees.featureCount, 4)),
    )
    fc.assert(
      fc.property(cases, ([trees, background, columns]) => {
        const covered = coveredBy({ ...trees, cover: new Float64Array(trees.cover.length) }, background)
        const found = explainForest(covered, columns)
        for (let row = 0; row < 4; row++) {
          const exact = shapleyValues(pathDependentGame(covered, columns, row), trees.featureCount)
          const some = found.values.slice(row * trees.featureCount, (row + 1) * trees.featureCount)
          expect(largestDifference(some, exact)).toBeLessThan(1e-10)
        }
      }),
    )
  })
})
