import type { ElectrodeNetwork, IonLayers } from "./electrode-network.ts"
import { type Arc, arcsOf, harmonicLigament } from "./planar-arcs.ts"
import { planarConduction } from "./planar-conduction.ts"
import {
  defaultPlanarResolution,
  narrowestGap,
  type PlanarElectrode,
  type PlanarResolution,
} from "./planar-electrode.ts"

const assertElectrode = (electrode: PlanarElectrode): void => {
  const { width, height, circles, carbonBinderPorosity } = electrode
  if (!(width > 0 && height > 0)) throw new RangeError(`the electrode is ${width} m × ${height} m`)
  if (circles.length === 0) throw new RangeError("the electrode has no circle")
  circles.forEach(({ radius }, i) => {
    if (!(radius > 0)) throw new RangeError(`circle ${i} has a radius of ${radius} m`)
  })
  if (!(carbonBinderPorosity > 0 && carbonBinderPorosity <= 1))
    throw new RangeError(`carbonBinderPorosity is ${carbonBinderPorosity}, a share expected`)
  const gap = narrowestGap(electrode)
  if (!(gap > 0)) throw new RangeError(`circles need free width around them; the narrowest is ${gap} m`)
}

/**
 * The network of a planar electrode of circles: patches by angle, parted where a cut meets the surface, so that coverage is
 * exact; ligaments along the normal to the next circle or border (all of them rigid), harmonic means over each patch.
 *
 * Electrons: what lies before each patch is a node, parted by the cuts; resistances between them come from local solutions
 * of Laplace's equation, so that more patches mean a finer network. Ions: the conductance of every layer comes from a
 * solution through the whole depth.
 */
export const planarNetwork = (
  electrode: PlanarElectrode,
  resolution: PlanarResolution = defaultPlanarResolution(electrode),
): ElectrodeNetwork => {
  assertElectrode(electrode)
  const { width, height, circles } = electrode
  const arcs = circles.map((_, i) => arcsOf(electrode, i, resolution.patches))
  const flat = arcs.flat()
  const start = new Int32Array(circles.length + 1)
  arcs.forEach((list, i) => {
    start[i + 1] = start[i] + list.length
  })
  const ligaments = flat.map((arc) => harmonicLigament(electrode, arc))
  const { electrons, node, layerConduction } = planarConduction(electrode, flat, resolution)
  const middle = ({ from, to }: Arc): number => (from + to) / 2
  const layers = resolution.layerCount
  const depth = (arc: Arc): number => circles[arc.circle].centre[1] + circles[arc.circle].radius * Math.sin(middle(arc))
  const lowShare = flat.map((arc) => 1 - arc.highShare)
  return {
    dimension: 2,
    collectorArea: width,
    thickness: height,
    particles: {
      count: circles.length,
      label: Int32Array.from(circles, (_, i) => i + 1),
      volume: Float64Array.from(circles, ({ radius }) => Math.PI * radius * radius),
      centre: Float64Array.from(circles.flatMap(({ centre: [x, z] }) => [x, 0, z])),
      cut: new Uint8Array(circles.length),
    },
    patches: {
      count: flat.length,
      start,
      area: Float64Array.from(flat, ({ circle, from, to }) => circles[circle].radius * (to - from)),
      normal: Float64Array.from(flat.flatMap((arc) => [Math.cos(middle(arc)), 0, Math.sin(middle(arc))])),
      highShare: Float64Array.from(flat, (arc) => arc.highShare),
      lowShare: Float64Array.from(lowShare),
      poreShare: new Float64Array(flat.length),
      contactShare: new Float64Array(flat.length),
      neighbour: Int32Array.from(ligaments, ({ neighbour }) => neighbour),
      ligament: Float64Array.from(ligaments, ({ length }) => length),
      node,
      layer: Int32Array.from(flat, (arc) => Math.min(layers - 1, Math.floor((depth(arc) / height) * layers))),
    },
    electrons,
    ions: ionLayers(electrode, layerConduction),
  }
}

/** τ from the measured conductance of each layer: D_eff/D = ε_cb^b g, and D_eff = D ε/τ. */
const ionLayers = (
  { circles, width, height, carbonBinderPorosity, bruggeman }: PlanarElectrode,
  conduction: Float64Array,
): IonLayers => {
  const count = conduction.length
  const step = height / count
  const within = (radius: number, z: number): number => {
    const at = Math.max(-radius, Math.min(radius, z))
    return at * Math.sqrt(Math.max(0, radius * radius - at * at)) + radius * radius * Math.asin(at / radius)
  }
  const porosity = conduction.map((_, k) => {
    const filled = circles.reduce(
      (sum, { centre: [, z], radius }) => sum + within(radius, (k + 1) * step - z) - within(radius, k * step - z),
      0,
    )
    return carbonBinderPorosity * (1 - filled / (width * step))
  })
  const tortuosity = porosity.map((share, k) =>
    // Currents that spread within a layer may leave it a little better than straight ways would be.
    Math.max(1, share / (carbonBinderPorosity ** bruggeman * conduction[k])),
  )
  return { count, thickness: new Float64Array(count).fill(step), porosity, tortuosity }
}
