import { assertFinite, assertIndices, assertLength } from "../array/assert.ts"
import type {
  ElectrodeNetwork,
  ElectronNetwork,
  IonLayers,
  NetworkParticles,
  SurfacePatches,
} from "./electrode-network.ts"

const assertEach = (
  name: string,
  array: ArrayLike<number>,
  holds: (value: number) => boolean,
  wanted: string,
): void => {
  for (let i = 0; i < array.length; i++)
    if (!holds(array[i])) throw new RangeError(`${name}[${i}] is ${array[i]}, ${wanted} expected`)
}

const isPositive = (value: number): boolean => value > 0 && value < Number.POSITIVE_INFINITY
const isFlag = (value: number): boolean => value === 0 || value === 1
const isShare = (value: number): boolean => value >= 0 && value <= 1 + 1e-12

const assertParticles = ({ count, label, volume, centre, cut, shellShare, shellCount }: NetworkParticles): void => {
  assertLength("particles.label", label, count)
  assertLength("particles.volume", volume, count)
  assertLength("particles.centre", centre, 3 * count)
  assertLength("particles.cut", cut, count)
  assertEach("particles.label", label, (value) => value >= 1, "a number from 1")
  assertEach("particles.volume", volume, isPositive, "a positive volume")
  assertFinite("particles.centre", centre)
  assertEach("particles.cut", cut, isFlag, "0 or 1")
  if (shellShare === undefined) return
  if (!(shellCount !== undefined && shellCount >= 1)) throw new RangeError(`particles.shellCount is ${shellCount}`)
  assertLength("particles.shellShare", shellShare, count * shellCount)
  assertEach("particles.shellShare", shellShare, isShare, "a share")
  for (let i = 0; i < count; i++) {
    const sum = shellShare.subarray(i * shellCount, (i + 1) * shellCount).reduce((total, share) => total + share, 0)
    if (!(Math.abs(sum - 1) < 1e-9)) throw new RangeError(`the shells of particle ${i} hold ${sum} of its volume`)
  }
}

const assertPatches = (patches: SurfacePatches, particles: number, nodes: number, layers: number): void => {
  const { count, start, area, normal, highShare, lowShare, poreShare, contactShare } = patches
  const { neighbour, ligament, node, layer } = patches
  assertLength("patches.start", start, particles + 1)
  if (start[0] !== 0 || start[particles] !== count) throw new RangeError("patches.start does not span the patches")
  for (let i = 0; i < particles; i++)
    if (!(start[i + 1] > start[i])) throw new RangeError(`particle ${i} has ${start[i + 1] - start[i]} patches`)
  for (const [name, array] of Object.entries({ area, ligament, node, layer, neighbour })) {
    assertLength(`patches.${name}`, array, count)
  }
  assertEach("patches.area", area, isPositive, "a positive area")
  assertEach("patches.ligament", ligament, (value) => value >= 0 && value < Infinity, "a thickness")
  assertIndices("patches.neighbour", neighbour, particles, -1)
  assertIndices("patches.node", node, nodes, -1)
  assertIndices("patches.layer", layer, layers)
  assertLength("patches.normal", normal, 3 * count)
  for (const [name, array] of Object.entries({ highShare, lowShare, poreShare, contactShare })) {
    assertLength(`patches.${name}`, array, count)
    assertEach(`patches.${name}`, array, isShare, "a share")
  }
  for (let k = 0; k < count; k++) {
    const length = Math.hypot(normal[3 * k], normal[3 * k + 1], normal[3 * k + 2])
    if (!(Math.abs(length - 1) < 1e-9)) throw new RangeError(`the normal of patch ${k} is ${length} long`)
    const sum = highShare[k] + lowShare[k] + poreShare[k] + contactShare[k]
    if (!(Math.abs(sum - 1) < 1e-9)) throw new RangeError(`the shares of patch ${k} sum to ${sum}`)
    if (node[k] < 0 && highShare[k] + lowShare[k] > 0)
      throw new RangeError(`patch ${k} touches carbon/binder but has no node`)
  }
}

const assertElectrons = ({ nodeCount, position, connected, edgeCount, ...edges }: ElectronNetwork): void => {
  if (!(nodeCount >= 1)) throw new RangeError(`the electron network has ${nodeCount} nodes; node 0 is the collector`)
  assertLength("electrons.position", position, 3 * nodeCount)
  assertFinite("electrons.position", position)
  assertLength("electrons.connected", connected, nodeCount)
  assertEach("electrons.connected", connected, isFlag, "0 or 1")
  for (const [name, array] of Object.entries(edges)) assertLength(`electrons.${name}`, array, edgeCount)
  assertIndices("electrons.from", edges.from, nodeCount)
  assertIndices("electrons.to", edges.to, nodeCount)
  for (let edge = 0; edge < edgeCount; edge++) {
    const [high, low] = [edges.highShape[edge], edges.lowShape[edge]]
    if (!(high >= 0 && low >= 0 && isPositive(high + low)))
      throw new RangeError(`edge ${edge} has shapes ${high} and ${low}`)
    if (edges.from[edge] === edges.to[edge]) throw new RangeError(`edge ${edge} joins node ${edges.to[edge]} to itself`)
    if (connected[edges.from[edge]] !== connected[edges.to[edge]])
      throw new RangeError(`edge ${edge} joins a connected node and one that is not`)
  }
}

const assertIons = ({ count, thickness, porosity, tortuosity }: IonLayers, whole: number): void => {
  for (const [name, array] of Object.entries({ thickness, porosity, tortuosity }))
    assertLength(`ions.${name}`, array, count)
  assertEach("ions.thickness", thickness, isPositive, "a positive thickness")
  assertEach("ions.porosity", porosity, (value) => value > 0 && value <= 1, "a share of electrolyte")
  assertEach("ions.tortuosity", tortuosity, (value) => value >= 1 - 1e-9 && value < Infinity, "at least 1")
  const sum = thickness.reduce((total, each) => total + each, 0)
  if (!(Math.abs(sum - whole) <= 1e-9 * whole))
    throw new RangeError(`layers are ${sum} m thick, the electrode ${whole} m`)
}

/** Throws unless a network keeps its contract: lengths, ranges, shares that sum to one, nothing that is not finite. */
export const assertNetwork = (network: ElectrodeNetwork): void => {
  const { collectorArea, thickness, particles, patches, electrons, ions } = network
  if (!isPositive(collectorArea)) throw new RangeError(`collectorArea is ${collectorArea}`)
  if (!isPositive(thickness)) throw new RangeError(`thickness is ${thickness}`)
  assertParticles(particles)
  assertPatches(patches, particles.count, electrons.nodeCount, ions.count)
  assertElectrons(electrons)
  assertIons(ions, thickness)
}
