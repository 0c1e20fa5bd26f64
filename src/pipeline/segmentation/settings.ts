/** How noise is taken off the gray values; lengths in voxels. */
export type VolumeDenoise =
  | { readonly kind: "none" }
  /** Half-width of the cubic window */
  | { readonly kind: "median"; readonly radius: number }
  | { readonly kind: "gaussian"; readonly sigma: number }
  | {
      readonly kind: "non-local-means"
      /** Half-width of the patches compared */
      readonly patch: number
      /** Half-width of the search window */
      readonly search: number
      /** Gray-value distance of patches (rms) at which the weight has fallen to 1/e */
      readonly strength: number
    }

/** Which gray values are particle, which carbon/binder and which void; particles are the brightest. */
export type VolumeThreshold =
  /** Two classes: void and particle. Three: carbon/binder between them. */
  | { readonly kind: "otsu"; readonly classes: 2 | 3 }
  /** Particle from `particle` on, below it carbon/binder from `carbonBinder` on; void below both. */
  | { readonly kind: "values"; readonly particle: number; readonly carbonBinder?: number }
  /** Particle from `low` on, where it is connected to a value of `high` or more; void elsewhere. */
  | { readonly kind: "hysteresis"; readonly low: number; readonly high: number }

/** What the values of a volume mean. */
export type VolumeMeaning =
  /** A measured quantity; the particles are brighter than the rest. */
  | { readonly kind: "gray"; readonly denoise: VolumeDenoise; readonly threshold: VolumeThreshold }
  /** Phases by value: each value that occurs is named in one of the lists. */
  | {
      readonly kind: "phases"
      readonly void: readonly number[]
      readonly particle: readonly number[]
      readonly carbonBinder: readonly number[]
    }
  /** Numbers of particles, 0 none; taken as they are. */
  | { readonly kind: "labels" }

/** What the segmentation of a volume goes by; lengths in metres unless stated otherwise. */
export interface VolumeSettings {
  readonly meaning: VolumeMeaning
  /** What is mended before particles are parted; the labels themselves hold only voxels that are particle. */
  readonly healing: {
    /** Radius of the ball that closes open cracks, half of the widest; below one voxel it closes none [m] */
    readonly closing: number
    /** Whether cavities that particles enclose count as inside when distances are measured */
    readonly fillsCavities: boolean
    /** Radius of the ball that cuts bridges and takes away specks; below one voxel it leaves all [m] */
    readonly opening: number
  }
  /**
   * A peak of the distance to the surface is a particle of its own where it stands out from the pass to any higher peak
   * by at least the larger of both.
   */
  readonly dynamics: {
    /** [edge of the shortest voxel side] */
    readonly voxels: number
    /** Share of the peak's own distance, 0 … 1 */
    readonly relative: number
  }
  /** Particles of smaller equivalent diameter are dropped [m] */
  readonly smallestDiameter: number
}

/**
 * Settings that suit cathodes with secondary particles of 3–15 µm at 50–500 nm a voxel, for a volume of phases 0 void,
 * 1 particle, 2 carbon/binder.
 */
export const defaultVolumeSettings: VolumeSettings = {
  meaning: { kind: "phases", void: [0], particle: [1], carbonBinder: [2] },
  // Closing also bridges true gaps between neighbours; only where cracks are known to be open is it worth that.
  healing: { closing: 0, fillsCavities: true, opening: 0 },
  // A lattice leaves distances rough by half a voxel, and a neck as wide as nine tenths of the smaller neighbour is
  // hardly one.
  dynamics: { voxels: 0.75, relative: 0.1 },
  // Fragments below one micrometre are no secondary particles.
  smallestDiameter: 1e-6,
}

/** What a segmentation may use. */
export interface SegmentationResources {
  /** What the process may take as a whole [byte] */
  readonly memory: number
  /** Edge of cubic bricks [voxel]; chosen by memory where absent. The result does not depend on it. */
  readonly brick?: number
  /** Threads that work side by side, ≥ 1. The result does not depend on it. */
  readonly threads: number
  /** Folder for intermediate volumes that do not fit into the memory */
  readonly scratch: string
}

/** How far a segmentation has come. */
export interface SegmentationProgress {
  /** 0 … 1, estimated */
  readonly share: number
  /** Such as "distances" */
  readonly doing: string
}
