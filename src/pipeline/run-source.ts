import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { simplexGeometry } from "../fem/simplex.ts"
import { cellCount, interfaceCount, nodeCount, particleCount } from "../mesh/mesh.ts"
import type { ElectrodeNetwork } from "../microstructure/electrode-network.ts"
import { particleVolumes } from "../model/resolved/half-cell.ts"
import type { ParticleTable } from "../particles/table.ts"
import { writeAtomically } from "../store/atomic.ts"
import { type RunUnwritable, SnapshotMissing, systemReason } from "../store/errors.ts"
import type { Manifest } from "../store/manifest.ts"
import { runFiles } from "../store/run-directory.ts"
import { sealed, unsealed } from "../store/snapshots.ts"
import type { TableSource } from "./attribute-table.ts"

/** What a run is solved on, and what is known of its particles beforehand. */
export type RunSource =
  | ({ readonly kind: "mesh" } & TableSource)
  | {
      readonly kind: "network"
      readonly network: ElectrodeNetwork
      /** [m] */
      readonly separatorThickness: number
      /** Attributes of the particles as measured, or as the network has them */
      readonly attributes: ParticleTable
    }

/** Mesh and slice of a source that has a mesh. @throws RangeError for a network */
export const meshSource = (source: RunSource): TableSource => {
  if (source.kind === "mesh") return source
  throw new RangeError("a network has no mesh")
}

/** [particle] volume, by which a particle weighs [m³], in the plane [m²] */
export const particleWeights = (source: RunSource): Float64Array => {
  if (source.kind === "network") return source.network.particles.volume
  const { mesh } = source
  return particleVolumes(mesh, simplexGeometry(mesh.dimension, mesh.nodes, mesh.cellToNode).volume)
}

/** How large a run is, for its manifest. */
export const sourceSizes = (source: RunSource): Pick<Manifest, "mesh" | "network"> => {
  if (source.kind === "mesh") {
    const { mesh } = source
    return {
      mesh: {
        particles: particleCount(mesh),
        cells: cellCount(mesh),
        nodes: nodeCount(mesh),
        interfaceFacets: interfaceCount(mesh),
      },
    }
  }
  const { particles, patches, electrons } = source.network
  return {
    network: {
      particles: particles.count,
      patches: patches.count,
      nodes: electrons.nodeCount,
      edges: electrons.edgeCount,
    },
  }
}

/** Keeps mesh and slice, or the network, with the run, so that it can go on and be reported without the tomogram. */
export const writeSource = (folder: string, source: RunSource): Effect.Effect<void, RunUnwritable> =>
  writeAtomically(join(folder, runFiles.mesh), sealed(source))

/** What the run in a directory is solved on. */
export const readSource = (folder: string): Effect.Effect<RunSource, SnapshotMissing> =>
  Effect.suspend(() => {
    const path = join(folder, runFiles.mesh)
    const missing = (reason: string) => Effect.fail(new SnapshotMissing({ path, reason }))
    let bytes: Uint8Array
    try {
      bytes = readFileSync(path)
    } catch (cause) {
      return missing(systemReason(cause).reason)
    }
    const result = unsealed(bytes)
    return "damage" in result ? missing(result.damage) : Effect.succeed(result.value as RunSource)
  })
