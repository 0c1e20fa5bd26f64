import fc from "fast-check"
import { type Random, seededRandom } from "../../src/array/random.ts"
import type { ElectrodeNetwork } from "../../src/microstructure/electrode-network.ts"

/** A network in few numbers: particles on a jittered lattice, carbon/binder around each of them as a node. */
export interface SmallNetwork {
  readonly dimension: 2 | 3
  /** Particles across (along either axis in 3-D) and in depth */
  readonly columns: number
  readonly rows: number
  readonly seed: number
  /** Mean radius [µm] */
  readonly radius: number
  /** Standard deviation of ln(radius) */
  readonly scatter: number
  /** Least distance between neighbouring surfaces, were all equal [µm] */
  readonly gap: number
  /** Mean share of a particle's carbon/binder that conducts well, and its scatter over the particles */
  readonly coverage: number
  readonly unevenness: number
  /** Shares of patches on pore, and of those between close particles in contact */
  readonly pore: number
  readonly contact: number
  /** Share of edges of carbon/binder that are missing */
  readonly severed: number
  readonly patches: number
}

const µm = 1e-6

/** Directions of patches: even over the circle, or Fibonacci's over the sphere. @returns [patch, 3] */
const directions = (dimension: 2 | 3, count: number): Float64Array => {
  const out = new Float64Array(count * 3)
  for (let k = 0; k < count; k++) {
    const turn = dimension === 2 ? (2 * Math.PI * (k + 0.5)) / count : Math.PI * (1 + Math.sqrt(5)) * k
    const height = dimension === 2 ? Math.sin(turn) : 1 - (2 * k + 1) / count
    const across = dimension === 2 ? Math.cos(turn) : Math.sqrt(1 - height * height) * Math.cos(turn)
    out[3 * k] = across
    out[3 * k + 1] = dimension === 2 ? 0 : Math.sqrt(1 - height * height) * Math.sin(turn)
    out[3 * k + 2] = height
  }
  return out
}

/** Builds the network. Particles lie in columns across x (and y) and rows in z, row by row from the collector. */
export const builtNetwork = (small: SmallNetwork): ElectrodeNetwork => {
  const { dimension, columns, rows, patches: perParticle } = small
  const random = seededRandom(small.seed)
  const layers = dimension === 3 ? columns : 1
  const perRow = columns * layers
  const count = perRow * rows
  const pitch = (2 * small.radius + small.gap) * µm
  const radius = Float64Array.from({ length: count }, () =>
    Math.min(0.48 * pitch, small.radius * µm * Math.exp(small.scatter * random.normal())),
  )
  const at = (column: number, layer: number, row: number): number => (row * layers + layer) * columns + column
  const centre = new Float64Array(count * 3)
  const label = new Int32Array(count)
  const volume = new Float64Array(count)
  const coverage = new Float64Array(count)
  for (let row = 0; row < rows; row++)
    for (let layer = 0; layer < layers; layer++)
      for (let column = 0; column < columns; column++) {
        const own = at(column, layer, row)
        centre.set([(column + 0.5) * pitch, (layer + 0.5) * pitch, (row + 0.5) * pitch], 3 * own)
        label[own] = own + 1
        volume[own] = dimension === 3 ? (4 / 3) * Math.PI * radius[own] ** 3 : Math.PI * radius[own] ** 2
        coverage[own] = Math.min(1, Math.max(0, small.coverage + small.unevenness * (2 * random.uniform() - 1)))
      }
  const patches = surfacePatches(small, random, { radius, coverage, at, layers, pitch })
  const electrons = binder(small, random, { at, layers, pitch, centre })
  const area = dimension === 3 ? (columns * pitch) ** 2 : columns * pitch
  const solid = volume.reduce((sum, own) => sum + own, 0) / (area * rows * pitch)
  const porosity = (1 - solid) / 2
  return {
    dimension,
    collectorArea: area,
    thickness: rows * pitch,
    particles: { count, label, volume, centre, cut: new Uint8Array(count) },
    patches: { ...patches, count: count * perParticle },
    electrons,
    ions: {
      count: rows,
      thickness: new Float64Array(rows).fill(pitch),
      porosity: new Float64Array(rows).fill(porosity),
      tortuosity: new Float64Array(rows).fill(1 / Math.sqrt(porosity)),
    },
  }
}

interface Lattice {
  readonly at: (column: number, layer: number, row: number) => number
  readonly layers: number
  readonly pitch: number
}

const surfacePatches = (
  { dimension, columns, rows, patches: perParticle, pore, contact, gap }: SmallNetwork,
  random: Random,
  { radius, coverage, at, layers, pitch }: Lattice & { readonly radius: Float64Array; readonly coverage: Float64Array },
): Omit<ElectrodeNetwork["patches"], "count"> => {
  const count = radius.length
  const normals = directions(dimension, perParticle)
  const zeros = (): Float64Array => new Float64Array(count * perParticle)
  const out = {
    start: Int32Array.from({ length: count + 1 }, (_, particle) => particle * perParticle),
    area: zeros(),
    normal: new Float64Array(count * perParticle * 3),
    highShare: zeros(),
    lowShare: zeros(),
    poreShare: zeros(),
    contactShare: zeros(),
    neighbour: new Int32Array(count * perParticle).fill(-1),
    ligament: zeros(),
    node: new Int32Array(count * perParticle).fill(-1),
    layer: new Int32Array(count * perParticle),
  }
  for (let row = 0; row < rows; row++)
    for (let layer = 0; layer < layers; layer++)
      for (let column = 0; column < columns; column++) {
        const own = at(column, layer, row)
        const whole = dimension === 3 ? 4 * Math.PI * radius[own] ** 2 : 2 * Math.PI * radius[own]
        for (let k = 0; k < perParticle; k++) {
          const patch = own * perParticle + k
          const [nx, ny, nz] = normals.subarray(3 * k, 3 * k + 3)
          out.area[patch] = whole / perParticle
          out.normal.set([nx, ny, nz], 3 * patch)
          out.layer[patch] = row
          out.node[patch] = own + 1
          const most = Math.max(Math.abs(nx), Math.abs(ny), Math.abs(nz))
          const next = [column, layer, row]
          const axis = Math.abs(nz) === most ? 2 : Math.abs(nx) === most ? 0 : 1
          next[axis] += [nx, ny, nz][axis] > 0 ? 1 : -1
          const inside = next[0] >= 0 && next[0] < columns && next[1] >= 0 && next[1] < layers && next[2] < rows
          if (inside && next[2] >= 0) {
            out.neighbour[patch] = at(next[0], next[1], next[2])
            out.ligament[patch] = Math.max(0.05 * gap * µm, pitch / most - radius[own] - radius[out.neighbour[patch]])
            if (random.uniform() < 0.5) out.node[patch] = out.neighbour[patch] + 1
          } else out.ligament[patch] = Math.max(0.05 * gap * µm, pitch / 2 / most - radius[own])
          if (random.uniform() < pore) {
            out.poreShare[patch] = 1
            out.node[patch] = -1
            out.neighbour[patch] = -1
          } else {
            const touching = out.neighbour[patch] >= 0 && random.uniform() < contact ? 0.3 : 0
            const well = Math.min(1, Math.max(0, coverage[own] + 0.4 * (random.uniform() - 0.5)))
            out.contactShare[patch] = touching
            out.highShare[patch] = (1 - touching) * well
            out.lowShare[patch] = (1 - touching) * (1 - well)
          }
        }
      }
  return out
}

const binder = (
  { dimension, columns, rows, coverage, severed }: SmallNetwork,
  random: Random,
  { at, layers, pitch, centre }: Lattice & { readonly centre: Float64Array },
): ElectrodeNetwork["electrons"] => {
  const from: number[] = []
  const to: number[] = []
  const highShape: number[] = []
  const lowShape: number[] = []
  /** Area over length of the carbon/binder between two lattice points: a few per cent of the cross-section. */
  const shape = 0.05 * (dimension === 3 ? pitch : 1)
  const join = (a: number, b: number): void => {
    if (random.uniform() < severed) return
    const well = random.uniform() < coverage ? 1 : 0.05
    from.push(a)
    to.push(b)
    highShape.push(shape * well)
    lowShape.push(shape * (1 - well))
  }
  for (let row = 0; row < rows; row++)
    for (let layer = 0; layer < layers; layer++)
      for (let column = 0; column < columns; column++) {
        const own = at(column, layer, row) + 1
        if (row === 0) join(0, own)
        if (row + 1 < rows) join(own, at(column, layer, row + 1) + 1)
        if (column + 1 < columns) join(own, at(column + 1, layer, row) + 1)
        if (layer + 1 < layers) join(own, at(column, layer + 1, row) + 1)
      }
  const nodeCount = columns * layers * rows + 1
  const position = new Float64Array(nodeCount * 3)
  position.set(centre, 3)
  const connected = new Uint8Array(nodeCount)
  connected[0] = 1
  for (let changed = true; changed; ) {
    changed = false
    from.forEach((a, edge) => {
      const b = to[edge]
      if (connected[a] === connected[b]) return
      connected[a] = 1
      connected[b] = 1
      changed = true
    })
  }
  return {
    nodeCount,
    position,
    connected,
    edgeCount: from.length,
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    highShape: Float64Array.from(highShape),
    lowShape: Float64Array.from(lowShape),
  }
}

/** The electrode that single examples start from: 3-D, 5 µm, unevenly covered. */
export const plainNetwork: SmallNetwork = {
  dimension: 3,
  columns: 2,
  rows: 3,
  seed: 1,
  radius: 5,
  scatter: 0.1,
  gap: 1,
  coverage: 0.6,
  unevenness: 0.3,
  pore: 0.1,
  contact: 0.2,
  severed: 0.1,
  patches: 12,
}

/** Networks of 2 to `most` particles. */
export const smallNetwork = (most: number): fc.Arbitrary<SmallNetwork> =>
  fc
    .record({
      dimension: fc.constantFrom<2 | 3>(2, 3),
      columns: fc.integer({ min: 1, max: 6 }),
      rows: fc.integer({ min: 1, max: 8 }),
      seed: fc.integer({ min: 1, max: 1_000_000 }),
      radius: fc.double({ min: 2, max: 7, noNaN: true }),
      scatter: fc.double({ min: 0, max: 0.3, noNaN: true }),
      gap: fc.double({ min: 0.3, max: 2, noNaN: true }),
      coverage: fc.double({ min: 0.2, max: 1, noNaN: true }),
      unevenness: fc.double({ min: 0, max: 0.5, noNaN: true }),
      pore: fc.double({ min: 0, max: 0.3, noNaN: true }),
      contact: fc.double({ min: 0, max: 0.3, noNaN: true }),
      severed: fc.double({ min: 0, max: 0.4, noNaN: true }),
      patches: fc.integer({ min: 4, max: 20 }),
    })
    .filter(({ dimension, columns, rows }) => {
      const count = columns ** (dimension - 1) * rows
      return count >= 2 && count <= most
    })
