/**
 * A composite electrode reduced to particles, patches of their surfaces and two conducting networks: what the network
 * twin solves on, whether measured from labels or generated. In a planar electrode (`dimension` 2) volumes are areas,
 * areas lengths and conductances per metre of depth.
 */
export interface ElectrodeNetwork {
  readonly dimension: 2 | 3
  /** Of the current collector [m²] */
  readonly collectorArea: number
  /** From collector to separator [m] */
  readonly thickness: number
  readonly particles: NetworkParticles
  readonly patches: SurfacePatches
  readonly electrons: ElectronNetwork
  readonly ions: IonLayers
}

export interface NetworkParticles {
  readonly count: number
  /** [particle] as numbered in the labels or by the generator, from 1 */
  readonly label: Int32Array
  /** [particle] [m³] */
  readonly volume: Float64Array
  /** [particle, 3] x, y across, z from the collector [m] */
  readonly centre: Float64Array
  /** [particle] 1 where the border of the field of view cuts it */
  readonly cut: Uint8Array
  /** Outer radii of volume-conserving shells over the equivalent radius follow from these shares; absent: spheres.
   * [particle, shell] share of the volume, innermost first */
  readonly shellShare?: Float64Array
  readonly shellCount?: number
}

/** Pieces of particle surfaces, those of a particle side by side. */
export interface SurfacePatches {
  readonly count: number
  /** [particle + 1] first patch of each particle */
  readonly start: Int32Array
  /** [patch] [m²] */
  readonly area: Float64Array
  /** [patch, 3] mean outward normal, a unit vector */
  readonly normal: Float64Array
  /** [patch] shares of the area on well and on poorly conducting carbon/binder, on pore and on other particles; sum 1 */
  readonly highShare: Float64Array
  readonly lowShare: Float64Array
  readonly poreShare: Float64Array
  readonly contactShare: Float64Array
  /** [patch] particle at the far end of the ligament, or in contact; −1 where it is a rigid border or nothing */
  readonly neighbour: Int32Array
  /** [patch] thickness of carbon/binder along the normal up to the next stiff surface [m] */
  readonly ligament: Float64Array
  /** [patch] node of the electron network that its carbon/binder belongs to; −1 where no carbon/binder touches it */
  readonly node: Int32Array
  /** [patch] layer of the ion column */
  readonly layer: Int32Array
}

/** Carbon/binder as nodes and edges; node 0 is the current collector. */
export interface ElectronNetwork {
  readonly nodeCount: number
  /** [node, 3] [m] */
  readonly position: Float64Array
  /** [node] 1 where a path leads to the collector */
  readonly connected: Uint8Array
  readonly edgeCount: number
  /** [edge] */
  readonly from: Int32Array
  readonly to: Int32Array
  /** [edge] conductance over conductivity (area over length) where carbon/binder conducts well, and poorly [m] */
  readonly highShape: Float64Array
  readonly lowShape: Float64Array
}

/** Electrolyte in the electrode as layers in depth, from the collector to the separator. */
export interface IonLayers {
  readonly count: number
  /** [layer] [m] */
  readonly thickness: Float64Array
  /** [layer] share of electrolyte in the volume, pores of the carbon/binder included */
  readonly porosity: Float64Array
  /** [layer] τ in D_eff = D ε/τ */
  readonly tortuosity: Float64Array
}
