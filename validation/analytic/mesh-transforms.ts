import { seededRandom } from "../../src/array/random.ts"
import { cellCount, type FacetSet, type Mesh, nodeCount, particleCount } from "../../src/mesh/mesh.ts"

/** Swaps the ends of every facet (or corners 1 and 2 of every cell), which a reflection turns round. */
const turned = (list: Int32Array, stride: number): Int32Array => {
  const out = list.slice()
  for (let at = 0; at < out.length; at += stride) {
    out[at + stride - 2] = list[at + stride - 1]
    out[at + stride - 1] = list[at + stride - 2]
  }
  return out
}

const mapSets = (mesh: Mesh, map: (set: FacetSet) => FacetSet): Mesh["boundaries"] => ({
  collector: map(mesh.boundaries.collector),
  lithium: map(mesh.boundaries.lithium),
  outer: map(mesh.boundaries.outer),
})

/** The same plane mesh reflected: x becomes 2·axis − x. */
export const mirrored = (mesh: Mesh, axis: number): Mesh => ({
  ...mesh,
  nodes: mesh.nodes.map((value, k) => (k % 2 === 0 ? 2 * axis - value : value)),
  cellToNode: turned(mesh.cellToNode, 3),
  interfaces: {
    ...mesh.interfaces,
    innerNode: turned(mesh.interfaces.innerNode, 2),
    outerNode: turned(mesh.interfaces.outerNode, 2),
  },
  boundaries: mapSets(mesh, ({ facetToNode, facetToCell }) => ({ facetToNode: turned(facetToNode, 2), facetToCell })),
})

/** A plane mesh and its mirror image side by side, joined where x = axis; no particle may touch that line. */
export const withMirrorImage = (mesh: Mesh, axis: number): Mesh => {
  const image = mirrored(mesh, axis)
  const [nodes, cells, particles] = [nodeCount(mesh), cellCount(mesh), particleCount(mesh)]
  const onSeam = (node: number): boolean => Math.abs(mesh.nodes[2 * node] - axis) < 1e-9 * axis
  let next = nodes
  const nodeOfImage = Int32Array.from({ length: nodes }, (_, node) => (onSeam(node) ? node : next++))
  const positions = new Float64Array(2 * next)
  positions.set(mesh.nodes)
  nodeOfImage.forEach((own, node) => {
    if (own >= nodes) positions.set(image.nodes.subarray(2 * node, 2 * node + 2), 2 * own)
  })
  const regionOfImage = mesh.regions.map((region, k) => (region.particle < 0 ? k : -1))
  const regions = [...mesh.regions]
  mesh.regions.forEach((region, k) => {
    if (region.particle < 0) return
    const particle = particles + region.particle
    regionOfImage[k] = regions.push({ ...region, particle, name: `particle ${particle + 1}` }) - 1
  })
  const both = (own: Int32Array, other: Int32Array, map: (value: number) => number): Int32Array =>
    Int32Array.from([...own, ...other.map(map)])
  const toNode = (node: number): number => nodeOfImage[node]
  const toCell = (cell: number): number => cell + cells
  const free = ({ facetToNode, facetToCell }: FacetSet): FacetSet => {
    const kept = [...facetToCell.keys()].filter((k) => !(onSeam(facetToNode[2 * k]) && onSeam(facetToNode[2 * k + 1])))
    return {
      facetToNode: Int32Array.from(kept.flatMap((k) => [facetToNode[2 * k], facetToNode[2 * k + 1]])),
      facetToCell: Int32Array.from(kept, (k) => facetToCell[k]),
    }
  }
  const joined = (own: FacetSet, other: FacetSet): FacetSet => ({
    facetToNode: both(free(own).facetToNode, free(other).facetToNode, toNode),
    facetToCell: both(free(own).facetToCell, free(other).facetToCell, toCell),
  })
  const { collector, lithium, outer } = mesh.boundaries
  return {
    dimension: 2,
    nodes: positions,
    cellToNode: both(mesh.cellToNode, image.cellToNode, toNode),
    cellToRegion: both(mesh.cellToRegion, mesh.cellToRegion, (region) => regionOfImage[region]),
    regions,
    interfaces: {
      innerNode: both(mesh.interfaces.innerNode, image.interfaces.innerNode, toNode),
      outerNode: both(mesh.interfaces.outerNode, image.interfaces.outerNode, toNode),
      innerCell: both(mesh.interfaces.innerCell, mesh.interfaces.innerCell, toCell),
      outerCell: both(mesh.interfaces.outerCell, mesh.interfaces.outerCell, toCell),
    },
    boundaries: {
      collector: joined(collector, image.boundaries.collector),
      lithium: joined(lithium, image.boundaries.lithium),
      outer: joined(outer, image.boundaries.outer),
    },
  }
}

/** Numbers 0 … count − 1 in random order (Fisher–Yates). */
const shuffled = (count: number, seed: number): Int32Array => {
  const random = seededRandom(seed)
  const out = Int32Array.from({ length: count }, (_, k) => k)
  for (let k = count - 1; k > 0; k--) {
    const other = Math.floor(random.uniform() * (k + 1))
    ;[out[k], out[other]] = [out[other], out[k]]
  }
  return out
}

/**
 * The same mesh with its nodes, cells, facets and particles in another order.
 * @returns the mesh, and where each particle went: [particle] new index
 */
export const renumbered = (mesh: Mesh, seed: number): { readonly mesh: Mesh; readonly toParticle: Int32Array } => {
  const toNode = shuffled(nodeCount(mesh), seed)
  const toCell = shuffled(cellCount(mesh), seed + 1)
  const toParticle = shuffled(particleCount(mesh), seed + 2)
  const nodes = new Float64Array(mesh.nodes.length)
  toNode.forEach((to, from) => {
    nodes.set(mesh.nodes.subarray(2 * from, 2 * from + 2), 2 * to)
  })
  const cellToNode = new Int32Array(mesh.cellToNode.length)
  const cellToRegion = new Int32Array(mesh.cellToRegion.length)
  toCell.forEach((to, from) => {
    cellToRegion[to] = mesh.cellToRegion[from]
    // Corners keep their sense but start elsewhere
    for (let v = 0; v < 3; v++) cellToNode[3 * to + ((v + from) % 3)] = toNode[mesh.cellToNode[3 * from + v]]
  })
  const facets = (list: Int32Array, order: Int32Array, stride: number, map: Int32Array): Int32Array => {
    const out = new Int32Array(list.length)
    order.forEach((to, from) => {
      for (let k = 0; k < stride; k++) out[stride * to + k] = map[list[stride * from + k]]
    })
    return out
  }
  const { innerNode, outerNode, innerCell, outerCell } = mesh.interfaces
  const order = shuffled(innerCell.length, seed + 3)
  return {
    toParticle,
    mesh: {
      dimension: 2,
      nodes,
      cellToNode,
      cellToRegion,
      regions: mesh.regions.map((region) =>
        region.particle < 0
          ? region
          : {
              ...region,
              particle: toParticle[region.particle],
              name: `particle ${toParticle[region.particle] + 1}`,
            },
      ),
      interfaces: {
        innerNode: facets(innerNode, order, 2, toNode),
        outerNode: facets(outerNode, order, 2, toNode),
        innerCell: facets(innerCell, order, 1, toCell),
        outerCell: facets(outerCell, order, 1, toCell),
      },
      boundaries: mapSets(mesh, ({ facetToNode, facetToCell }) => {
        const own = shuffled(facetToCell.length, seed + 4)
        return { facetToNode: facets(facetToNode, own, 2, toNode), facetToCell: facets(facetToCell, own, 1, toCell) }
      }),
    },
  }
}
