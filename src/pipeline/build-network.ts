import { Effect } from "effect"
import { layoutElectrode } from "../mesh/layout-electrode.ts"
import { packingDensity } from "../microstructure/ball-density.ts"
import type { ElectrodeNetwork } from "../microstructure/electrode-network.ts"
import { networkTable } from "../microstructure/network-table.ts"
import { packed } from "../microstructure/packing.ts"
import { defaultPackingMatrix, packingNetwork } from "../microstructure/packing-network.ts"
import { planarNetwork } from "../microstructure/planar-layout.ts"
import type { Matrix } from "../model/resolved/parameters.ts"
import { densityWindow } from "../particles/geometry-columns.ts"
import type { TwinInvalid } from "../twin/errors.ts"
import { layoutOf } from "../twin/layout.ts"
import { type LoadedTwin, twinInvalid } from "../twin/load.ts"
import { conductorLayout, type PackingGeometry, packingSettings } from "../twin/packing.ts"
import type { RunSource } from "./run-source.ts"

type NetworkSource = Extract<RunSource, { kind: "network" }>

/** A network with the attributes that it alone gives. */
const sourceOf = (network: ElectrodeNetwork, separatorThickness: number, density?: Float64Array): NetworkSource => ({
  kind: "network",
  network,
  separatorThickness,
  attributes: networkTable(network, density),
})

/** The well-conducting carbon/binder, whose pores a network takes for those of all carbon/binder. */
export const carbonBinder = ({ matrices }: LoadedTwin["parameters"]): Matrix =>
  matrices.high ?? Object.values(matrices)[0]

/** A generated packing as a network. */
export const buildPacking = (
  loaded: LoadedTwin,
  geometry: PackingGeometry,
): Effect.Effect<NetworkSource, TwinInvalid> =>
  Effect.try({
    try: () => {
      const packing = packed(packingSettings(geometry))
      const { porosity, bruggeman } = carbonBinder(loaded.parameters)
      const matrix = { ...defaultPackingMatrix(packing), carbonBinderPorosity: porosity, bruggeman }
      const network = packingNetwork(packing, conductorLayout(geometry.conductor, geometry.seed), matrix)
      const density = packing.dimension === 3 ? packingDensity(packing, densityWindow) : undefined
      return sourceOf(network, geometry["separator-thickness"].value, density)
    },
    catch: (cause) => {
      if (!(cause instanceof RangeError)) throw cause
      return twinInvalid(loaded, { path: ["geometry"], expected: "a packing that can be made", found: cause.message })
    },
  })

/** A drawn layout of circles as a network in the plane. */
export const buildPlanarNetwork = Effect.fn("buildPlanarNetwork")(function* (
  loaded: LoadedTwin,
): Effect.fn.Return<NetworkSource, TwinInvalid> {
  const { geometry } = loaded.twin
  if (geometry.kind !== "layout") {
    return yield* twinInvalid(loaded, {
      path: ["model", "space"],
      expected: '"resolved", the only space of a slice',
      found: '"network"',
    })
  }
  const drawn = layoutOf(geometry)
  if ("faults" in drawn) return yield* twinInvalid(loaded, drawn.faults[0])
  const { porosity, bruggeman } = carbonBinder(loaded.parameters)
  const electrode = layoutElectrode(drawn.layout, (name) => name === "high", {
    carbonBinderPorosity: porosity,
    bruggeman,
  })
  if ("kind" in electrode) {
    return yield* twinInvalid(loaded, {
      path: ["geometry", ...(electrode.kind === "has-boxes" ? ["boxes"] : ["particles", electrode.particle])],
      expected: "circles alone in the carbon/binder, where the twin is a network",
      found: electrode.kind === "has-boxes" ? `${electrode.count} boxes` : "another shape",
    })
  }
  return sourceOf(planarNetwork(electrode), drawn.layout.separatorThickness)
})
