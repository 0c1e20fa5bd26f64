import type { Layout } from "../../../src/mesh/layout.ts"
import type { ElectrodeNetwork } from "../../../src/microstructure/electrode-network.ts"

const radius = 5e-6

/**
 * The network of a layout of equal circles in one column that one cut parts: what a radial grid, patches and a chain of
 * carbon/binder around each particle make of it. Well conducting carbon/binder is one node with the collector; poorly
 * conducting carbon/binder is a chain of one node a patch, as wide as half a ligament or all of a side gap, at most 2 µm.
 * @param perParticle patches
 * @param layers      of electrolyte
 */
export const columnNetwork = (
  { width, height, particles, cuts }: Layout,
  perParticle: number,
  layers: number,
  porosity: number,
): ElectrodeNetwork => {
  const centres = particles.map((particle) => {
    if (particle.kind !== "circle") throw new RangeError("circles only")
    return particle.centre
  })
  const count = centres.length * perParticle
  const arc = (2 * Math.PI * radius) / perParticle
  const zeros = (): Float64Array => new Float64Array(count)
  const patches = {
    count,
    start: Int32Array.from({ length: centres.length + 1 }, (_, k) => k * perParticle),
    area: zeros().fill(arc),
    normal: new Float64Array(3 * count),
    highShare: zeros(),
    lowShare: zeros(),
    poreShare: zeros(),
    contactShare: zeros(),
    neighbour: new Int32Array(count).fill(-1),
    ligament: zeros(),
    node: new Int32Array(count),
    layer: new Int32Array(count),
  }
  const [{ through, angle }] = cuts ?? []
  const poorly = (x: number, y: number): boolean =>
    Math.cos(angle) * (x - through[0]) - Math.sin(angle) * (y - through[1]) > 0
  let nodeCount = 1
  centres.forEach(([cx, cy], own) => {
    for (let k = 0; k < perParticle; k++) {
      const patch = own * perParticle + k
      const turn = (2 * Math.PI * (k + 0.5)) / perParticle
      const [nx, ny] = [Math.cos(turn), Math.sin(turn)]
      const [x, y] = [cx + radius * nx, cy + radius * ny]
      patches.normal.set([nx, 0, ny], 3 * patch)
      patches.layer[patch] = Math.min(layers - 1, Math.floor((y / height) * layers))
      const low = poorly(x, y)
      patches[low ? "lowShare" : "highShare"][patch] = 1
      if (low) patches.node[patch] = nodeCount++
      patches.ligament[patch] = Math.min(nx > 0 ? (width - x) / nx : -x / nx, ny > 0 ? (height - y) / ny : -y / ny)
      centres.forEach(([ox, oy], other) => {
        if (other === own) return
        // Where a ray along the normal meets the other circle
        const along = (x - ox) * nx + (y - oy) * ny
        const root = along * along - ((x - ox) ** 2 + (y - oy) ** 2 - radius * radius)
        const distance = root > 0 ? -along - Math.sqrt(root) : 0
        if (distance <= 0 || distance >= patches.ligament[patch]) return
        patches.ligament[patch] = distance
        patches.neighbour[patch] = other
      })
    }
  })
  const from: number[] = []
  const to: number[] = []
  const lowShape: number[] = []
  for (let own = 0; own < centres.length; own++)
    for (let k = 0; k < perParticle; k++) {
      const [a, b] = [own * perParticle + k, own * perParticle + ((k + 1) % perParticle)]
      if (patches.node[a] === patches.node[b]) continue
      const ligament = (patches.ligament[a] + patches.ligament[b]) / 2
      const channel = Math.min(2e-6, patches.neighbour[a] >= 0 ? ligament / 2 : ligament)
      const both = patches.node[a] > 0 && patches.node[b] > 0
      from.push(Math.min(patches.node[a], patches.node[b]))
      to.push(Math.max(patches.node[a], patches.node[b]))
      lowShape.push(channel / (both ? arc : arc / 2))
    }
  const binder = porosity * (1 - (centres.length * Math.PI * radius * radius) / (width * height))
  return {
    dimension: 2,
    collectorArea: width,
    thickness: height,
    particles: {
      count: centres.length,
      label: Int32Array.from(centres.keys(), (own) => own + 1),
      volume: new Float64Array(centres.length).fill(Math.PI * radius * radius),
      centre: Float64Array.from(centres.flatMap(([x, y]) => [x, 0, y])),
      cut: new Uint8Array(centres.length),
    },
    patches,
    electrons: {
      nodeCount,
      position: new Float64Array(3 * nodeCount),
      connected: new Uint8Array(nodeCount).fill(1),
      edgeCount: from.length,
      from: Int32Array.from(from),
      to: Int32Array.from(to),
      highShape: new Float64Array(from.length),
      lowShape: Float64Array.from(lowShape),
    },
    ions: {
      count: layers,
      thickness: new Float64Array(layers).fill(height / layers),
      porosity: new Float64Array(layers).fill(binder),
      // ε^½ of the binder in D ε^b, and the way around circles of this share of the area, (1 + φ)
      tortuosity: new Float64Array(layers).fill((2 - binder / porosity) / Math.sqrt(porosity)),
    },
  }
}
