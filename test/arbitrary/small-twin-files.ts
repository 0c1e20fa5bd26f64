import { Effect } from "effect"
import { meshLayout } from "../../src/mesh/layout.ts"
import type { Mesh } from "../../src/mesh/mesh.ts"
import type { MeshProblem } from "../../src/mesh/problem.ts"
import type { Protocol } from "../../src/model/protocol.ts"
import type { HalfCellParameters, TimeSettings } from "../../src/model/resolved/parameters.ts"
import { layoutOf, resolutionOf } from "../../src/twin/layout.ts"
import { cellFiles, loadedCell, materialsData, type TwinFiles } from "./cell-files.ts"
import { drawnGeometry } from "./drawing.ts"
import type { SmallTwin } from "./small-twin.ts"

/** The twin's file without its `extends`, as data. */
const twinData = (name: string, description: string, twin: SmallTwin) => ({
  name,
  description,
  geometry: drawnGeometry(twin),
  mesh: { "interface-length": "1.5 um", growth: 0.4, "maximum-length": "4 um" },
  materials: materialsData(twin),
  model: { "particle-conduction": twin.conduction, mechanics: true },
})

/** A small twin as files of a folder. */
export const smallTwinFiles = (twin: SmallTwin, folder: string, name: string, description: string): TwinFiles =>
  cellFiles(twinData(name, description, twin), twin, folder, description)

/** A small twin as the model takes it. */
export interface SmallCase {
  readonly mesh: Mesh | MeshProblem
  readonly parameters: HalfCellParameters
  readonly protocol: Protocol
  readonly time: TimeSettings
}

/** Builds a small twin by the way that its files would go, without the disk. */
export const builtSmallTwin = (twin: SmallTwin): Promise<SmallCase> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const { loaded, protocol } = yield* loadedCell(twinData("generated", "generated", twin), twin)
      const { geometry } = loaded.twin
      const drawn = geometry.kind === "layout" ? layoutOf(geometry) : { faults: [] }
      if ("faults" in drawn) throw new Error(JSON.stringify(drawn.faults))
      return {
        mesh: meshLayout(drawn.layout, resolutionOf(loaded.twin.mesh)),
        parameters: loaded.parameters,
        protocol,
        time: loaded.time,
      }
    }),
  )
