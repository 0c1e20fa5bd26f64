import { Effect } from "effect"
import type { ElectrodeNetwork } from "../../src/microstructure/electrode-network.ts"
import type { NetworkCellParameters } from "../../src/model/network/parameters.ts"
import type { Protocol } from "../../src/model/protocol.ts"
import type { TimeSettings } from "../../src/model/resolved/parameters.ts"
import { buildTwin } from "../../src/pipeline/build.ts"
import type { LoadedTwin } from "../../src/twin/load.ts"
import { cellFiles, loadedCell, materialsData, type TwinFiles, um } from "./cell-files.ts"
import { drawnGeometry, separatorThickness } from "./drawing.ts"
import type { NetworkTwin, PackedElectrode } from "./network-twin.ts"

/** Fingers that are aligned point to the collector, and a little sideways, so that none is a mirror image of itself. */
const towards = [0.3, 0.1, -1] as const

const packedGeometry = (packed: PackedElectrode) => {
  const plain = (percent: number): string => `${percent} %`
  return {
    kind: "packing",
    dimension: packed.dimension,
    count: packed.count,
    diameter: um(2 * packed.radius),
    "diameter-spread": plain(packed.spread),
    "particle-share": plain(packed.share),
    thickness: um(2 * packed.rows * packed.radius),
    gap: um(packed.gap),
    seed: packed.seed,
    conductor: {
      coverage: plain(packed.coverage),
      "coverage-scatter": plain(packed.scatter),
      "coverage-gradient": plain(packed.gradient),
      morphology: packed.morphology,
      fingers: packed.fingers === "aligned" ? { kind: "aligned", direction: towards } : { kind: packed.fingers },
      "pore-share": plain(packed.poreShare),
    },
    "separator-thickness": um(separatorThickness),
    matrices: { high: "high", low: "low" },
  }
}

/** The twin's file without its `extends`, as data. */
const twinData = (name: string, description: string, twin: NetworkTwin) => {
  const { electrode } = twin
  return {
    name,
    description,
    geometry:
      electrode.kind === "packed"
        ? packedGeometry(electrode)
        : drawnGeometry({ ...electrode, severed: 0, mirrored: false }),
    materials: materialsData(twin),
    model: { space: "network", "particle-conduction": twin.conduction, mechanics: true },
  }
}

/** A network twin as files of a folder. */
export const networkTwinFiles = (twin: NetworkTwin, folder: string, name: string, description: string): TwinFiles =>
  cellFiles(twinData(name, description, twin), twin, folder, description)

/** A network twin as the model takes it. */
export interface NetworkCase {
  readonly network: ElectrodeNetwork
  readonly parameters: NetworkCellParameters
  readonly protocol: Protocol
  readonly time: TimeSettings
}

/** The network of a twin with what goes with it. */
export const networkCase = Effect.fn("networkCase")(function* (loaded: LoadedTwin, protocol: Protocol) {
  const { source } = yield* buildTwin(loaded)
  if (source.kind !== "network") throw new RangeError(`${loaded.file} is no network twin`)
  const { network, separatorThickness } = source
  const made: NetworkCase = {
    network,
    parameters: { ...loaded.parameters, separatorThickness },
    protocol,
    time: loaded.time,
  }
  return made
})

/** Builds a network twin by the way that its files would go, without the disk. */
export const builtNetworkTwin = (twin: NetworkTwin): Promise<NetworkCase> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const { loaded, protocol } = yield* loadedCell(twinData("generated", "generated", twin), twin)
      return yield* networkCase(loaded, protocol)
    }),
  )
