import type { Mesh } from "../../src/mesh/mesh.ts"
import type { FieldFrame } from "../../src/report/input.ts"

/** Fields of the shape that a charged half-cell has. */
export const frameOf = (
  mesh: Mesh,
  centroid: Float64Array,
  area: Float64Array,
  lead: Float64Array,
  cycle: number,
  time: number,
  content: (particle: number) => number,
  damage: (particle: number) => number,
): FieldFrame => {
  const nodes = mesh.nodes.length / 2
  const owner = new Int32Array(nodes).fill(-1)
  const kind = new Array<string>(nodes).fill("separator")
  mesh.cellToRegion.forEach((region, cell) => {
    for (const node of mesh.cellToNode.subarray(3 * cell, 3 * cell + 3)) {
      owner[node] = mesh.regions[region].particle
      if (mesh.regions[region].kind !== "separator") kind[node] = mesh.regions[region].kind
    }
  })
  const polar = (node: number, particle: number) => {
    const dx = mesh.nodes[2 * node] - centroid[2 * particle]
    const dy = mesh.nodes[2 * node + 1] - centroid[2 * particle + 1]
    return { r: Math.hypot(dx, dy) / Math.sqrt(area[particle] / Math.PI), angle: Math.atan2(dy, dx) }
  }
  const nearest = (node: number) => {
    let best = 0
    for (let particle = 1; particle < area.length; particle++)
      if (polar(node, particle).r < polar(node, best).r) best = particle
    return best
  }
  const top = Math.max(...mesh.nodes.filter((_, at) => at % 2 === 1))
  const field = (name: string, unit: string, value: (node: number) => number) => ({
    name,
    unit,
    values: Float64Array.from({ length: nodes }, (_, node) => value(node)),
  })
  // The side towards the high-conductivity matrix empties first.
  const skew = (angle: number) => 0.05 * Math.cos(angle - Math.PI) * 0.9 ** cycle
  const stress = (node: number, scale: number) => {
    const particle = owner[node] >= 0 ? owner[node] : nearest(node)
    const { r, angle } = polar(node, particle)
    const hold = 1 - damage(particle)
    if (owner[node] >= 0) return scale * (180 * (r * r - 0.5) + 110 * hold * (1 + 0.4 * Math.cos(2 * angle))) * 1e6
    return scale * 1e6 * hold * (235 / r ** 2) * (0.7 + 0.3 * Math.cos(2 * angle))
  }
  const separator = kind.map((name) => name === "separator")
  const solid = (node: number) => !separator[node]
  const damageAt = (node: number, particle: number) => {
    const d = damage(particle)
    const { angle } = polar(node, particle)
    return Math.min(1, Math.max(0, d * (1.25 + 0.75 * Math.cos(angle - Math.PI)) * (1 + 0.1 * lead[particle])))
  }
  const facetValues = (scale: number) =>
    Float64Array.from(mesh.interfaces.innerNode, (node) => damageAt(node, owner[node]) * scale)
  return {
    label: `End of charge, cycle ${cycle}`,
    time,
    pointData: [
      field("stoichiometry", "", (node) => {
        if (owner[node] < 0) return Number.NaN
        const { r, angle } = polar(node, owner[node])
        return content(owner[node]) + 0.06 * (0.5 - r * r) + skew(angle) * r * r
      }),
      field("hydrostatic_stress", "Pa", (node) => (solid(node) ? stress(node, 0.6) - 40e6 : Number.NaN)),
      field("max_principal_stress", "Pa", (node) => (solid(node) ? stress(node, 1) : Number.NaN)),
      field("electrolyte_concentration", "mol/m^3", (node) =>
        owner[node] >= 0 ? Number.NaN : 1650 - 900 * (mesh.nodes[2 * node + 1] / top),
      ),
      field("electrolyte_potential", "V", (node) =>
        owner[node] >= 0 ? Number.NaN : 0.14 * (1 - mesh.nodes[2 * node + 1] / top),
      ),
      field("solid_potential", "V", (node) =>
        kind[node] === "matrix"
          ? 4.3702 + 0.0042 * Math.tanh((mesh.nodes[2 * node] / 11e-6 - 0.5) * 3) * (mesh.nodes[2 * node + 1] / top)
          : Number.NaN,
      ),
    ],
    cellData: [],
    interfaceDamage: facetValues(1),
    interfaceGap: facetValues(2.2e-8),
  }
}
