import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
import type { NetworkUnknowns } from "./unknowns.ts"

/**
 * Patches that react, those of a particle side by side, with their contacts with carbon/binder, at most one a patch.
 * Patches of one particle, layer and node form a group: they have all unknowns of the network in common.
 */
export interface ReactingPatches {
  /** [particle + 1] first reacting patch of each particle */
  readonly particleStart: Int32Array
  /** [reacting patch] patch of the network */
  readonly reacting: Int32Array
  /** [reacting patch] */
  readonly group: Int32Array
  /** [reacting patch] area that electrolyte wets, for particles with one potential [m²] */
  readonly wettedArea: Float64Array
  /** [reacting patch + 1] first contact of each reacting patch */
  readonly contactStart: Int32Array
  /** [contact] patch of the network */
  readonly patch: Int32Array
  /** [contact] [m²] */
  readonly area: Float64Array
  /** [contact] share of the area on well conducting carbon/binder, the rest on poorly conducting */
  readonly wellShare: Float64Array
  /** [particle + 1] first group of each particle */
  readonly groupStart: Int32Array
  /** [group + 1] first reacting patch of each group; those of a group lie side by side */
  readonly groupPatch: Int32Array
  /** [group, dofsPerGroup] x, φ_s − V (−1 at the collector or without electrons), V, c_l/c_l0, φ_l, φ_p − V */
  readonly dofs: Int32Array
  /** [group, dofsPerGroup] the same as numbered within the particle */
  readonly places: Int32Array
  /** [particle, dofsPerParticle] unknowns that a particle's patches share, then −1 */
  readonly particleDofs: Int32Array
  /** At least 1 */
  readonly dofsPerParticle: number
}

export const dofsPerGroup = 6

/**
 * Groups the patches that react, and finds the particles that no electron reaches.
 * @param reached [node] 1 where a path leads to the collector
 */
export const reactingPatches = (
  { particles, patches }: ElectrodeNetwork,
  unknowns: NetworkUnknowns,
  reached: Uint8Array,
): { readonly reacting: ReactingPatches; readonly floating: Uint8Array } => {
  const shared = unknowns.potential >= 0
  const floating = new Uint8Array(particles.count).fill(1)
  const particleStart = new Int32Array(particles.count + 1)
  const groupStart = new Int32Array(particles.count + 1)
  const reacting: number[] = []
  const group: number[] = []
  const wettedArea: number[] = []
  const contactStart = [0]
  const patch: number[] = []
  const area: number[] = []
  const wellShare: number[] = []
  const dofs: number[] = []
  const places: number[] = []
  const dofsOf: number[][] = []
  const electronic = (k: number): boolean =>
    patches.node[k] >= 0 && reached[patches.node[k]] === 1 && patches.highShare[k] + patches.lowShare[k] > 0
  const nodeOf = (k: number): number => (electronic(k) ? patches.node[k] : -1)
  for (let particle = 0; particle < particles.count; particle++) {
    const own: number[] = []
    for (let k = patches.start[particle]; k < patches.start[particle + 1]; k++) {
      if (electronic(k)) floating[particle] = 0
      if (electronic(k) || (shared && patches.contactShare[k] < 1)) own.push(k)
    }
    own.sort((a, b) => patches.layer[a] - patches.layer[b] || nodeOf(a) - nodeOf(b) || a - b)
    const ownDofs: number[] = []
    own.forEach((k, index) => {
      const before = index === 0 ? -1 : own[index - 1]
      const node = nodeOf(k)
      const layer = patches.layer[k]
      if (before < 0 || patches.layer[before] !== layer || nodeOf(before) !== node) {
        const groupDofs = [
          particle,
          node > 0 ? unknowns.electronic + node - 1 : -1,
          unknowns.voltage,
          unknowns.salt + layer,
          unknowns.ionic + layer,
          shared ? unknowns.potential + particle : -1,
        ]
        for (const dof of groupDofs) if (dof >= 0 && !ownDofs.includes(dof)) ownDofs.push(dof)
        dofs.push(...groupDofs)
        places.push(...groupDofs.map((dof) => ownDofs.indexOf(dof)))
      }
      reacting.push(k)
      group.push(dofs.length / dofsPerGroup - 1)
      wettedArea.push(patches.area[k] * (1 - patches.contactShare[k]))
      if (node >= 0) {
        const fed = patches.highShare[k] + patches.lowShare[k]
        patch.push(k)
        area.push(patches.area[k] * fed)
        wellShare.push(patches.highShare[k] / fed)
      }
      contactStart.push(patch.length)
    })
    particleStart[particle + 1] = reacting.length
    groupStart[particle + 1] = dofs.length / dofsPerGroup
    dofsOf.push(ownDofs)
  }
  const groupPatch = new Int32Array(dofs.length / dofsPerGroup + 1).fill(reacting.length)
  for (let k = reacting.length - 1; k >= 0; k--) groupPatch[group[k]] = k
  const dofsPerParticle = dofsOf.reduce((most, own) => Math.max(most, own.length), 1)
  const particleDofs = new Int32Array(particles.count * dofsPerParticle).fill(-1)
  dofsOf.forEach((own, particle) => {
    particleDofs.set(own, particle * dofsPerParticle)
  })
  return {
    reacting: {
      particleStart,
      reacting: Int32Array.from(reacting),
      group: Int32Array.from(group),
      wettedArea: Float64Array.from(wettedArea),
      contactStart: Int32Array.from(contactStart),
      patch: Int32Array.from(patch),
      area: Float64Array.from(area),
      wellShare: Float64Array.from(wellShare),
      groupStart,
      groupPatch,
      dofs: Int32Array.from(dofs),
      places: Int32Array.from(places),
      particleDofs,
      dofsPerParticle,
    },
    floating,
  }
}
