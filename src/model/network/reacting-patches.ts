import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
import { dofsPerGroup, type ReactingPatches } from "./patch-currents.ts"
import type { NetworkUnknowns } from "./unknowns.ts"

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
  const dofs: number[] = []
  const start = [0]
  const wettedArea: number[] = []
  const patch: number[] = []
  const area: number[] = []
  const wellShare: number[] = []
  const electronic = (k: number): boolean =>
    patches.node[k] >= 0 && reached[patches.node[k]] === 1 && patches.highShare[k] + patches.lowShare[k] > 0
  for (let particle = 0; particle < particles.count; particle++) {
    const own: number[] = []
    for (let k = patches.start[particle]; k < patches.start[particle + 1]; k++) {
      if (electronic(k)) floating[particle] = 0
      if (electronic(k) || (shared && patches.contactShare[k] < 1)) own.push(k)
    }
    const nodeOf = (k: number): number => (electronic(k) ? patches.node[k] : -1)
    own.sort((a, b) => patches.layer[a] - patches.layer[b] || nodeOf(a) - nodeOf(b) || a - b)
    own.forEach((k, index) => {
      const before = index === 0 ? -1 : own[index - 1]
      const node = nodeOf(k)
      if (before < 0 || patches.layer[before] !== patches.layer[k] || nodeOf(before) !== node) {
        const layer = patches.layer[k]
        dofs.push(
          particle,
          node > 0 ? unknowns.electronic + node - 1 : -1,
          unknowns.voltage,
          unknowns.salt + layer,
          unknowns.ionic + layer,
          shared ? unknowns.potential + particle : -1,
        )
        start.push(patch.length)
        wettedArea.push(0)
      }
      wettedArea[wettedArea.length - 1] += patches.area[k] * (1 - patches.contactShare[k])
      if (node >= 0) {
        const fed = patches.highShare[k] + patches.lowShare[k]
        patch.push(k)
        area.push(patches.area[k] * fed)
        wellShare.push(patches.highShare[k] / fed)
      }
      start[start.length - 1] = patch.length
    })
  }
  return {
    reacting: {
      groupCount: dofs.length / dofsPerGroup,
      dofs: Int32Array.from(dofs),
      start: Int32Array.from(start),
      wettedArea: Float64Array.from(wettedArea),
      patch: Int32Array.from(patch),
      area: Float64Array.from(area),
      wellShare: Float64Array.from(wellShare),
    },
    floating,
  }
}
