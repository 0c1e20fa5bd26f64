import { Effect, type Scope } from "effect"
import { openVolume } from "../../formats/open-volume.ts"
import type { VolumeSource } from "../../formats/volume-source.ts"
import type { Box } from "../../image/brick.ts"
import type { ObjectExtent } from "../../image/label-agreement.ts"
import type { ParticleMeasures } from "../../particles/measure-particle.ts"
import { defaultParticleSettings } from "../../particles/particle-settings.ts"
import type { ScratchUnusable } from "../../store/scratch-volume.ts"
import { segmentByNetwork } from "../fusion/segment-by-network.ts"
import { particleEngine } from "../particles/engine.ts"
import { measureAll, measuringRoom } from "../particles/measure.ts"
import type { ParticlesError } from "../particles/particles.ts"
import type { Segmenter } from "../particles/request.ts"
import { VolumeUnsuitable } from "../segmentation/errors.ts"
import type { LabelledVolume } from "../segmentation/labelled-volume.ts"
import { segmentVolume } from "../segmentation/segment-volume.ts"
import {
  defaultVolumeSettings,
  type SegmentationProgress,
  type SegmentationResources,
  type VolumeSettings,
} from "../segmentation/settings.ts"
import type { Side } from "./compared.ts"

type Listener = (progress: SegmentationProgress) => Effect.Effect<void>

/** Labels without what is no solid: cracks that a network keeps inside. */
const solidLabels =
  ({ readLabels, readPhases }: LabelledVolume) =>
  (box: Box): Effect.Effect<Int32Array, ScratchUnusable> =>
    readPhases === undefined
      ? readLabels(box)
      : Effect.map(Effect.all([readLabels(box), readPhases(box)]), ([labels, phases]) =>
          labels.map((label, i) => (phases[i] === 1 ? label : 0)),
        )

const extentsOf = ({ count, sizes, boxes, touchesBorder }: LabelledVolume): ReadonlyMap<number, ObjectExtent> => {
  const extents = new Map<number, ObjectExtent>()
  for (let label = 1; label <= count; label++) {
    if (sizes[label - 1] === 0) continue
    const box = [...boxes.subarray(6 * (label - 1), 6 * label)]
    extents.set(label, {
      from: [box[0], box[1], box[2]],
      last: [box[3] - 1, box[4] - 1, box[5] - 1],
      isCut: touchesBorder[label - 1] === 1,
    })
  }
  return extents
}

/** Labelled particles with what was measured of them. */
export const measuredSide = (
  name: string,
  volume: LabelledVolume,
  measures: readonly ParticleMeasures[],
): Side<ScratchUnusable> => ({
  name,
  read: solidLabels(volume),
  extents: extentsOf(volume),
  damage: new Map(measures.filter(({ cut }) => !cut).map(({ label, damage }) => [label, damage])),
})

/** Measures the particles of a volume for the sake of their damage. */
export const sideOf = Effect.fn("sideOf")(function* (
  name: string,
  volume: LabelledVolume,
  { threads, memory }: SegmentationResources,
  onProgress: Listener,
): Effect.fn.Return<Side<ScratchUnusable>, ParticlesError> {
  const { published: _, ...settings } = defaultParticleSettings(volume.grid.spacing)
  const room = measuringRoom(volume, settings, threads, memory)
  const doing = `measuring particles of ${name}`
  const { measures } = yield* measureAll(volume, settings, room, null, (share) => onProgress({ share, doing })).pipe(
    Effect.provide(particleEngine(room.threads)),
  )
  return measuredSide(name, volume, measures)
})

/** Particles as another way finds them. */
export const foundBeside = (
  source: VolumeSource,
  settings: VolumeSettings,
  way: Segmenter,
  resources: SegmentationResources,
  onProgress: Listener,
): Effect.Effect<LabelledVolume, ParticlesError, Scope.Scope> =>
  way.kind === "watershed"
    ? segmentVolume(source, settings, resources, onProgress)
    : Effect.map(segmentByNetwork(source, settings, way.file, resources, onProgress), ({ volume }) => volume)

/** Particles as a file of labels says that they are. */
export const trueLabels = Effect.fn("trueLabels")(function* (
  file: string,
  { file: image, shape, spacing }: VolumeSource,
  resources: SegmentationResources,
  onProgress: Listener,
): Effect.fn.Return<LabelledVolume, ParticlesError, Scope.Scope> {
  const labels = yield* openVolume(file, { voxelSize: spacing })
  if (labels.shape.some((edge, axis) => edge !== shape[axis])) {
    const expected = `labels of ${shape.join(" × ")} voxels, as ${image} has`
    return yield* new VolumeUnsuitable({ file, place: "", expected, found: labels.shape.join(" × ") })
  }
  return yield* segmentVolume(labels, { ...defaultVolumeSettings, meaning: { kind: "labels" } }, resources, onProgress)
})
