import { type Trees, treeCountOf } from "../learning/trees.ts"
import type { OnnxAttribute, OnnxModel } from "./onnx-model.ts"

type Attributes = OnnxModel["nodes"][number]["attributes"]

const bits = new DataView(new ArrayBuffer(8))

/** Greatest number of 64 bits below another; −∞ for itself. */
const numberBelow = (value: number): number => {
  if (value === 0) return -Number.MIN_VALUE
  if (value === Number.NEGATIVE_INFINITY) return value
  bits.setFloat64(0, value)
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? -1n : 1n))
  return bits.getFloat64(0)
}

/** Greatest number of 32 bits that is at most a value: x ≤ value and x ≤ this are the same for every x of 32 bits. */
const singleAtMost = (value: number): number => {
  const nearest = Math.fround(value)
  if (nearest <= value) return nearest
  if (nearest === Number.POSITIVE_INFINITY) return 3.4028234663852886e38
  if (nearest === 0) return -1.401298464324817e-45
  bits.setFloat32(0, nearest)
  bits.setInt32(0, bits.getInt32(0) + (nearest > 0 ? -1 : 1))
  return bits.getFloat32(0)
}

/** Attributes of a TreeEnsembleRegressor whose trees are averaged; numbers as tensors of 64 bits or lists of 32. */
export const ensembleOf = (trees: Trees, isDouble: boolean): Attributes => {
  const { feature, threshold, left, right, value, cover, treeStart } = trees
  const nodeCount = feature.length
  const treeIds = new Int32Array(nodeCount)
  const nodeIds = new Int32Array(nodeCount)
  for (let tree = 0; tree < treeCountOf(trees); tree++) {
    for (let node = treeStart[tree]; node < treeStart[tree + 1]; node++) {
      treeIds[node] = tree
      nodeIds[node] = node - treeStart[tree]
    }
  }
  const leaves = Int32Array.from(feature.keys()).filter((node) => feature[node] < 0)
  const numbers = (name: string, values: Float64Array): Record<string, OnnxAttribute> =>
    isDouble
      ? { [`${name}_as_tensor`]: { kind: "tensor", value: { data: values, shape: [values.length] } } }
      : { [name]: { kind: "floats", values } }
  const integers = (values: Int32Array): OnnxAttribute => ({ kind: "ints", values })
  const atLeast0 = (node: number): number => Math.max(0, node)
  return {
    n_targets: { kind: "int", value: 1 },
    aggregate_function: { kind: "string", value: "AVERAGE" },
    post_transform: { kind: "string", value: "NONE" },
    nodes_treeids: integers(treeIds),
    nodes_nodeids: integers(nodeIds),
    nodes_modes: { kind: "strings", values: Array.from(feature, (f) => (f < 0 ? "LEAF" : "BRANCH_LEQ")) },
    nodes_featureids: integers(feature.map(atLeast0)),
    nodes_truenodeids: integers(left.map(atLeast0)),
    nodes_falsenodeids: integers(right.map(atLeast0)),
    ...numbers("nodes_values", isDouble ? threshold : threshold.map(singleAtMost)),
    ...numbers("nodes_hitrates", cover),
    target_treeids: integers(leaves.map((node) => treeIds[node])),
    target_nodeids: integers(leaves.map((node) => nodeIds[node])),
    target_ids: integers(new Int32Array(leaves.length)),
    ...numbers(
      "target_weights",
      Float64Array.from(leaves, (node) => value[node]),
    ),
  }
}

const integersIn = (attributes: Attributes, name: string): ArrayLike<number> => {
  const attribute = attributes[name]
  if (attribute?.kind !== "ints") throw new RangeError(`expected whole numbers as ${name}; found ${attribute?.kind}`)
  return attribute.values
}

/** A list of numbers, as one of 32 bits or as a tensor; undefined where there is neither. */
const numbersIn = (attributes: Attributes, name: string): Float64Array | undefined => {
  const list = attributes[name]
  if (list?.kind === "floats" && list.values.length > 0) return Float64Array.from(list.values)
  const tensor = attributes[`${name}_as_tensor`]
  return tensor?.kind === "tensor" ? Float64Array.from(tensor.value.data, Number) : undefined
}

/** How a mode compares, as ≤ some number; whether the rows that meet it go right then. */
const comparisons: Readonly<Record<string, { readonly isBelow: boolean; readonly isTurned: boolean }>> = {
  BRANCH_LEQ: { isBelow: false, isTurned: false },
  BRANCH_LT: { isBelow: true, isTurned: false },
  BRANCH_GT: { isBelow: false, isTurned: true },
  BRANCH_GTE: { isBelow: true, isTurned: true },
}

/** Trees of a TreeEnsembleRegressor; `hasCover` says whether the numbers of rows at its nodes are in it. */
export const treesOf = (
  attributes: Attributes,
  isSum: boolean,
  width: number | undefined,
): Trees & { readonly hasCover: boolean } => {
  const treeIds = integersIn(attributes, "nodes_treeids")
  const nodeIds = integersIn(attributes, "nodes_nodeids")
  const features = integersIn(attributes, "nodes_featureids")
  const met = integersIn(attributes, "nodes_truenodeids")
  const unmet = integersIn(attributes, "nodes_falsenodeids")
  const modes = attributes.nodes_modes
  const cuts = numbersIn(attributes, "nodes_values")
  const hits = numbersIn(attributes, "nodes_hitrates")
  const nodeCount = treeIds.length
  if (modes?.kind !== "strings") throw new RangeError("expected words as nodes_modes")
  const lists = {
    nodes_nodeids: nodeIds,
    nodes_featureids: features,
    nodes_truenodeids: met,
    nodes_falsenodeids: unmet,
  }
  for (const [name, list] of Object.entries({ ...lists, nodes_modes: modes.values, nodes_values: cuts ?? [] })) {
    if (list.length !== nodeCount) throw new RangeError(`expected ${nodeCount} ${name}; found ${list.length}`)
  }
  if (nodeCount === 0 || cuts === undefined) throw new RangeError("expected nodes; found none")

  const places = new Map<number, Map<number, number>>()
  for (let at = 0; at < nodeCount; at++) {
    const tree = places.get(treeIds[at]) ?? new Map<number, number>()
    places.set(treeIds[at], tree)
    if (tree.has(nodeIds[at])) throw new RangeError(`tree ${treeIds[at]} has node ${nodeIds[at]} twice`)
    tree.set(nodeIds[at], at)
  }
  const leafValues = leafValuesOf(attributes, places, nodeCount)
  const treeCount = places.size
  const base = numbersIn(attributes, "base_values")?.[0] ?? 0
  // The mean of our trees must be the sum of theirs, and the base is added once.
  const scale = isSum ? treeCount : 1

  const treeStart = [0]
  const feature: number[] = []
  const threshold: number[] = []
  const left: number[] = []
  const right: number[] = []
  const value: number[] = []
  const cover: number[] = []
  const seen = new Uint8Array(nodeCount)
  for (const [tree, nodes] of places) {
    const start = feature.length
    const childIds = new Set<number>()
    for (const at of nodes.values()) {
      if (modes.values[at] !== "LEAF") childIds.add(met[at]).add(unmet[at])
    }
    const roots = [...nodes.keys()].filter((id) => !childIds.has(id))
    if (roots.length !== 1) throw new RangeError(`expected one root of tree ${tree}; found ${roots.length}`)
    /** Nodes to visit, and where their parents want to know of them. */
    const waiting: { id: number; tell: (node: number) => void }[] = [{ id: roots[0], tell: () => {} }]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const at = nodes.get(next.id)
      if (at === undefined) throw new RangeError(`tree ${tree} has no node ${next.id}`)
      if (seen[at] === 1) throw new RangeError(`node ${next.id} of tree ${tree} has two parents`)
      seen[at] = 1
      const place = feature.length
      next.tell(place - start)
      const isLeaf = modes.values[at] === "LEAF"
      const comparison = comparisons[modes.values[at]]
      if (!isLeaf && comparison === undefined)
        throw new RangeError(`node ${next.id}: ${modes.values[at]} is not read here`)
      if (!isLeaf && Number.isNaN(cuts[at])) throw new RangeError(`node ${next.id} is split at ${cuts[at]}`)
      feature.push(isLeaf ? -1 : features[at])
      threshold.push(isLeaf ? 0 : comparison.isBelow ? numberBelow(cuts[at]) : cuts[at])
      left.push(-1)
      right.push(-1)
      value.push(isLeaf ? scale * leafValues[at] + base : 0)
      cover.push(hits?.[at] ?? 0)
      if (isLeaf) continue
      const [low, high] = comparison.isTurned ? [unmet[at], met[at]] : [met[at], unmet[at]]
      waiting.push({ id: high, tell: (node) => (right[place] = node) })
      waiting.push({ id: low, tell: (node) => (left[place] = node) })
    }
    if (feature.length - start < nodes.size) {
      throw new RangeError(`${nodes.size - feature.length + start} nodes of tree ${tree} are on no path from its root`)
    }
    treeStart.push(feature.length)
  }
  const highest = feature.reduce((most, f) => Math.max(most, f), 0)
  if (width !== undefined && highest >= width)
    throw new RangeError(`expected features below ${width}; found ${highest}`)
  const hasCover = isCover(cover, feature, left, right, treeStart)
  return {
    featureCount: width ?? highest + 1,
    treeStart: Int32Array.from(treeStart),
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    value: Float64Array.from(value),
    cover: hasCover ? Float64Array.from(cover) : new Float64Array(feature.length),
    hasCover,
  }
}

/** [node of the file] what its leaf adds. */
const leafValuesOf = (
  attributes: Attributes,
  places: ReadonlyMap<number, ReadonlyMap<number, number>>,
  nodeCount: number,
): Float64Array => {
  const weights = numbersIn(attributes, "target_weights")
  const trees = integersIn(attributes, "target_treeids")
  const nodes = integersIn(attributes, "target_nodeids")
  if (weights === undefined || weights.length !== trees.length || weights.length !== nodes.length)
    throw new RangeError(`expected as many target_weights as nodes they belong to; found ${weights?.length ?? 0}`)
  const values = new Float64Array(nodeCount)
  for (let k = 0; k < weights.length; k++) {
    const at = places.get(trees[k])?.get(nodes[k])
    if (at === undefined) throw new RangeError(`tree ${trees[k]} has no node ${nodes[k]}, which has a weight`)
    if (!Number.isFinite(weights[k])) throw new RangeError(`node ${nodes[k]} of tree ${trees[k]} weighs ${weights[k]}`)
    values[at] += weights[k]
  }
  return values
}

/** Whether numbers at nodes can be rows: children share those of their parent. Exporters often write 1 throughout. */
const isCover = (
  cover: readonly number[],
  feature: readonly number[],
  left: readonly number[],
  right: readonly number[],
  treeStart: readonly number[],
): boolean => {
  for (let tree = 0; tree + 1 < treeStart.length; tree++) {
    for (let node = treeStart[tree]; node < treeStart[tree + 1]; node++) {
      if (!(cover[node] > 0)) return false
      if (feature[node] < 0) continue
      const below = cover[treeStart[tree] + left[node]] + cover[treeStart[tree] + right[node]]
      if (Math.abs(below - cover[node]) > 1e-6 * cover[node]) return false
    }
  }
  return true
}
