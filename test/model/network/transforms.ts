import { seededRandom } from "../../../src/array/random.ts"
import type { ElectrodeNetwork } from "../../../src/microstructure/electrode-network.ts"

/** Rows of a list in another order. @param width entries a row */
const rows = <List extends Float64Array | Int32Array | Uint8Array>(
  list: List,
  width: number,
  order: ArrayLike<number>,
): List => {
  const out = list.slice(0, order.length * width) as List
  for (let row = 0; row < order.length; row++)
    for (let k = 0; k < width; k++) out[row * width + k] = list[order[row] * width + k]
  return out
}

/** A network with its particles, patches, nodes and edges in another order. @returns [particle of the new] the old one */
export const relabelled = (
  network: ElectrodeNetwork,
  seed: number,
): { readonly network: ElectrodeNetwork; readonly toOld: Int32Array } => {
  const random = seededRandom(seed)
  const { particles, patches, electrons } = network
  const toOld = random.permutation(particles.count)
  const toNew = new Int32Array(particles.count)
  toOld.forEach((old, own) => {
    toNew[old] = own
  })
  // The collector stays the first node.
  const nodes = Int32Array.of(0, ...random.permutation(electrons.nodeCount - 1).map((node) => node + 1))
  const nodeToNew = new Int32Array(electrons.nodeCount)
  nodes.forEach((old, own) => {
    nodeToNew[old] = own
  })
  const order: number[] = []
  const start = new Int32Array(particles.count + 1)
  toOld.forEach((old, own) => {
    const [first, last] = [patches.start[old], patches.start[old + 1]]
    for (const k of random.permutation(last - first)) order.push(first + k)
    start[own + 1] = order.length
  })
  const edges = random.permutation(electrons.edgeCount)
  return {
    toOld,
    network: {
      ...network,
      particles: {
        ...particles,
        label: rows(particles.label, 1, toOld),
        volume: rows(particles.volume, 1, toOld),
        centre: rows(particles.centre, 3, toOld),
        cut: rows(particles.cut, 1, toOld),
      },
      patches: {
        count: patches.count,
        start,
        area: rows(patches.area, 1, order),
        normal: rows(patches.normal, 3, order),
        highShare: rows(patches.highShare, 1, order),
        lowShare: rows(patches.lowShare, 1, order),
        poreShare: rows(patches.poreShare, 1, order),
        contactShare: rows(patches.contactShare, 1, order),
        neighbour: rows(patches.neighbour, 1, order).map((old) => (old < 0 ? -1 : toNew[old])),
        ligament: rows(patches.ligament, 1, order),
        node: rows(patches.node, 1, order).map((old) => (old < 0 ? -1 : nodeToNew[old])),
        layer: rows(patches.layer, 1, order),
      },
      electrons: {
        ...electrons,
        position: rows(electrons.position, 3, nodes),
        connected: rows(electrons.connected, 1, nodes),
        from: rows(electrons.from, 1, edges).map((old) => nodeToNew[old]),
        to: rows(electrons.to, 1, edges).map((old) => nodeToNew[old]),
        highShape: rows(electrons.highShape, 1, edges),
        lowShape: rows(electrons.lowShape, 1, edges),
      },
    },
  }
}

/** A network seen in a mirror: right is left. */
export const mirrored = (network: ElectrodeNetwork): ElectrodeNetwork => {
  const turned = (list: Float64Array): Float64Array => list.map((value, k) => (k % 3 === 0 ? -value : value))
  const { particles, patches, electrons } = network
  return {
    ...network,
    particles: { ...particles, centre: turned(particles.centre) },
    patches: { ...patches, normal: turned(patches.normal) },
    electrons: { ...electrons, position: turned(electrons.position) },
  }
}

const joined = <List extends Float64Array | Int32Array | Uint8Array>(one: List, other: ArrayLike<number>): List => {
  const out = new (one.constructor as new (length: number) => List)(one.length + other.length)
  out.set(one)
  out.set(other, one.length)
  return out
}

/** A network and a copy of it beside it, on one collector and in one electrolyte. */
export const doubled = (network: ElectrodeNetwork): ElectrodeNetwork => {
  const { particles, patches, electrons } = network
  const twice = <List extends Float64Array | Int32Array | Uint8Array>(list: List): List => joined(list, list)
  const moved = (list: Int32Array, by: number, from: number): Int32Array =>
    joined(
      list,
      list.map((value) => (value < from ? value : value + by)),
    )
  return {
    ...network,
    collectorArea: 2 * network.collectorArea,
    particles: {
      count: 2 * particles.count,
      label: moved(particles.label, particles.count, 0),
      volume: twice(particles.volume),
      centre: twice(particles.centre),
      cut: twice(particles.cut),
    },
    patches: {
      count: 2 * patches.count,
      start: joined(
        patches.start,
        patches.start.subarray(1).map((first) => first + patches.count),
      ),
      area: twice(patches.area),
      normal: twice(patches.normal),
      highShare: twice(patches.highShare),
      lowShare: twice(patches.lowShare),
      poreShare: twice(patches.poreShare),
      contactShare: twice(patches.contactShare),
      neighbour: moved(patches.neighbour, particles.count, 0),
      ligament: twice(patches.ligament),
      node: moved(patches.node, electrons.nodeCount - 1, 1),
      layer: twice(patches.layer),
    },
    electrons: {
      nodeCount: 2 * electrons.nodeCount - 1,
      position: joined(electrons.position, electrons.position.subarray(3)),
      connected: joined(electrons.connected, electrons.connected.subarray(1)),
      edgeCount: 2 * electrons.edgeCount,
      from: moved(electrons.from, electrons.nodeCount - 1, 1),
      to: moved(electrons.to, electrons.nodeCount - 1, 1),
      highShape: twice(electrons.highShape),
      lowShape: twice(electrons.lowShape),
    },
  }
}

/** One more edge of well conducting carbon/binder. @param shape area over length [m] */
export const withEdge = (network: ElectrodeNetwork, from: number, to: number, shape: number): ElectrodeNetwork => {
  const { electrons } = network
  const [froms, tos] = [joined(electrons.from, [from]), joined(electrons.to, [to])]
  const connected = electrons.connected.slice()
  for (let changed = true; changed; ) {
    changed = false
    for (let edge = 0; edge < froms.length; edge++) {
      const [a, b] = [froms[edge], tos[edge]]
      if (connected[a] === connected[b]) continue
      connected[a] = 1
      connected[b] = 1
      changed = true
    }
  }
  return {
    ...network,
    electrons: {
      ...electrons,
      connected,
      edgeCount: electrons.edgeCount + 1,
      from: froms,
      to: tos,
      highShape: joined(electrons.highShape, [shape]),
      lowShape: joined(electrons.lowShape, [0]),
    },
  }
}
