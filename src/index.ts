/**
 * The public API, one room after the other. Whatever is not listed here may change without notice; whatever is
 * listed has a docstring. Faces (command line, page) are programs, not library.
 */

// ── array ───────────────────────────────────────────────────────────────────────────────────────────────────────
export { type Random, seededRandom } from "./array/random.ts"

// ── algebra ─────────────────────────────────────────────────────────────────────────────────────────────────────
export { type Analysis, analyse, type Factorisation, factorise } from "./algebra/direct.ts"
export { bicgstab } from "./algebra/bicgstab.ts"
export { type Apply, conjugateGradient, gmres, type KrylovOutcome } from "./algebra/krylov.ts"
export {
  type AssemblyPattern,
  assemblyPattern,
  type ElementGroup,
  multiplyInto,
  type SparseMatrix,
  type SparsePattern,
} from "./algebra/pattern.ts"
export { type RefinementOptions, type RefinementOutcome, solveRefined } from "./algebra/refinement.ts"

// ── statistics ──────────────────────────────────────────────────────────────────────────────────────────────────
export { type Histogram, histogramMonoid, histogramOf } from "./statistics/histogram.ts"
export { type Moments, momentsMonoid, momentsOf, standardDeviation, variance } from "./statistics/moments.ts"
export { type Range, rangeMonoid, rangeOf, spread } from "./statistics/range.ts"
export { type Forest, forestMonoid, leaf, reduceBlocks, wholeOf } from "./statistics/tree.ts"
export { type WeightedMean, weightedMeanMonoid, weightedMeanOf } from "./statistics/weighted-mean.ts"

// ── synchronisation ─────────────────────────────────────────────────────────────────────────────────────────────
export { analyseSynchronisation } from "./synchronisation/analysis.ts"
export type { CycleSynchrony, EnsembleHistory, Synchronisation, Verdict } from "./synchronisation/ensemble.ts"
export { type EnsembleLedger, openLedger } from "./synchronisation/ledger.ts"
export { type EnsembleRows, historyOfRows } from "./synchronisation/rows.ts"
export { defaultSynchronisationSettings, type SynchronisationSettings } from "./synchronisation/settings.ts"

// ── laws ────────────────────────────────────────────────────────────────────────────────────────────────────────
export { exponentialContact, frozenContact } from "./laws/contact-resistance.ts"
export type {
  ChargeTransfer,
  CohesiveLaw,
  ContactResistance,
  Electrolyte,
  ExchangeCurrent,
  IsotropicElasticity,
  OpenCircuitPotential,
  SolidDiffusivity,
  Swelling,
} from "./laws/contracts.ts"
export { constantElectrolyte } from "./laws/electrolyte.ts"
export { landesfeind2019 } from "./laws/electrolyte-landesfeind.ts"
export { nyman2008 } from "./laws/electrolyte-nyman.ts"
export { constantExchangeCurrent, insertionExchangeCurrent } from "./laws/exchange-current.ts"
export { butlerVolmer } from "./laws/kinetics.ts"
export { marcusHushChidsey } from "./laws/marcus-hush-chidsey.ts"
export { chen2020OpenCircuit, tabulatedOpenCircuit } from "./laws/open-circuit.ts"
export { lawNames, laws } from "./laws/registry.ts"
export { constantDiffusivity, karanth2024, oregan2022, tabulatedDiffusivity } from "./laws/solid-diffusivity.ts"
export { constantMolarVolume, tabulatedSwelling } from "./laws/swelling.ts"

// ── image ───────────────────────────────────────────────────────────────────────────────────────────────────────
export { type LabelAgreement, labelAgreement } from "./image/label-agreement.ts"
export { type Phantom, phantomSlice } from "./image/phantom.ts"
export { type PhantomVolumeSettings, phantomPresets } from "./image/phantom-volume/settings.ts"
export { type PhantomVolume, phantomBox, phantomVolume } from "./image/phantom-volume/volume.ts"
export {
  describeSegmentProblem,
  isSegmentProblem,
  type Segmentation,
  type SegmentProblem,
  segmentSlice,
} from "./image/segment.ts"
export { type DetectionScore, detectionScores, standardOverlaps } from "./image/score.ts"
export { defaultSegmentSettings, type SegmentSettings } from "./image/settings.ts"
export {
  defaultStarSettings,
  identifiedBy,
  refinedLabels,
  type StarPrediction,
  type StarSettings,
  starPolygons,
} from "./image/star/labels.ts"
export type { StarPolygons } from "./image/star/polygons.ts"
export type { SurfaceMesh } from "./image/surface-mesh.ts"
export { type Grid, type Identify, type Labels, type Mask, type Seen, type Volume, voxelCount } from "./image/volume.ts"

// ── particles ───────────────────────────────────────────────────────────────────────────────────────────────────
export { describeColumns } from "./particles/attribute-columns.ts"
export type { ParticleCrop } from "./particles/crop.ts"
export { measureParticle, type ParticleMeasures, particleSurface } from "./particles/measure-particle.ts"
export { type ParticleMesh, particleTableFromMesh } from "./particles/mesh-table.ts"
export { defaultParticleSettings, type ParticleSettings } from "./particles/particle-settings.ts"
export { type LabelledSlice, particleTable } from "./particles/slice-table.ts"
export { columnOf, type ParticleTable, type TableColumn, wholeParticles } from "./particles/table.ts"
export { type Estimator, particleTable3d } from "./particles/volume-table.ts"

// ── mesh ────────────────────────────────────────────────────────────────────────────────────────────────────────
export { coverage, cutForCoverage } from "./mesh/coverage.ts"
export { type LabelImage, type LabelMesh, meshLabels } from "./mesh/labels.ts"
export { type Box, type Cut, type Layout, meshLayout } from "./mesh/layout.ts"
export {
  cellCount,
  type FacetSet,
  type InterfaceFacets,
  interfaceCount,
  type Mesh,
  nodeCount,
  particleCount,
  type Region,
  type RegionKind,
} from "./mesh/mesh.ts"
export type { Shape } from "./mesh/outlines.ts"
export type { Resolution } from "./mesh/parts.ts"
export { describeProblem, isMeshProblem, type MeshProblem } from "./mesh/problem.ts"
export { describeQuality, type MeshQuality, measureQuality } from "./mesh/quality.ts"

// ── model ───────────────────────────────────────────────────────────────────────────────────────────────────────
export { collectEnsemble, type EnsembleCollector } from "./model/ensemble.ts"
export type { Advance, FailureReason, SolverStatistics } from "./model/march.ts"
export type { Balance, MechanicalEnergy, Observation, ParticleObservation } from "./model/observation.ts"
export type { Control, Limit, Protocol, ProtocolStep, StepEnd } from "./model/protocol.ts"
export type { CellFields } from "./model/resolved/fields.ts"
export type { HalfCellParameters, ParticleConduction, TimeSettings } from "./model/resolved/parameters.ts"
export { type Checkpoint, createSimulation, type Simulation } from "./model/resolved/simulation.ts"

// ── learning ─────────────────────────────────────────────────────────────────────────────────────────────────────────
export {
  type Autoencoder,
  type AutoencoderSettings,
  defaultAutoencoder,
  encodedRows,
  type TrainedAutoencoder,
  trainAutoencoder,
} from "./learning/autoencoder.ts"
export { explainAgainst } from "./learning/background-shap.ts"
export { type ForestOutcome, growForest, outOfBag, type RegressionForest } from "./learning/forest.ts"
export { type ForestSettings, publishedNotebookForest, publishedTextForest } from "./learning/forest-settings.ts"
export { type Importance, importanceOf } from "./learning/importance.ts"
export {
  faultText,
  type GivenColumn,
  type LearningTable,
  learningTable,
  regressionTable,
  type TableOutcome,
} from "./learning/learning-table.ts"
export { type ObservedTable, publishedObservations } from "./learning/observations.ts"
export { type Explanation, explainForest } from "./learning/path-dependent-shap.ts"
export { type Influence, type PlantedModel, plantedColumns } from "./learning/planted-table.ts"
export {
  comparedWithPublished,
  type PublishedComparison,
  type PublishedScores,
  publishedScoresOf,
} from "./learning/published-scores.ts"
export type { RegressionTable } from "./learning/regression-table.ts"
export { divisionScores, type RowDifferences, type RowDivisions, rowDifferences } from "./learning/row-differences.ts"
export { type ScoreRun, scoreRuns, scoresOf } from "./learning/score-runs.ts"
export type { StarNetworkShape } from "./learning/segmenter/shape.ts"
export type { SegmenterTraining, TrainingState } from "./learning/segmenter/training.ts"
export { explainInteractions, type Interactions } from "./learning/shap-interactions.ts"
export { type SizeScan, type SizeScanSettings, scanSizes } from "./learning/size-scan.ts"
export { type AttributeScores, compareColumns, type TableComparison } from "./learning/table-comparison.ts"
export { targetDependence } from "./learning/target-dependence.ts"
export { predict, type Trees } from "./learning/trees.ts"

// ── report ──────────────────────────────────────────────────────────────────────────────────────────────────────
export type { Figure, ReportInput } from "./report/input.ts"
export { figures, renderReport, type ReportOptions } from "./report/report.ts"

// ── twin ────────────────────────────────────────────────────────────────────────────────────────────────────────
export { FileUnreadable, ScenarioInvalid, TwinInvalid } from "./twin/errors.ts"
export { type LoadedTwin, loadTwin } from "./twin/load.ts"
export { readSetting, type Setting } from "./twin/override.ts"
export { Quantity, readQuantity } from "./twin/quantity.ts"
export { type LoadedScenario, loadScenario } from "./twin/scenario/load.ts"
export { Scenario } from "./twin/scenario/schema.ts"
export { Twin } from "./twin/twin.ts"

// ── formats ─────────────────────────────────────────────────────────────────────────────────────────────────────
export { readCsv, writeCsv } from "./formats/csv.ts"
export { type EnsembleTable, readEnsembleCsv } from "./formats/ensemble-csv.ts"
export { TableInvalid } from "./formats/errors.ts"
export { writeOmeZarr } from "./formats/ome-zarr-writer.ts"
export { openVolume, type VolumeOptions } from "./formats/open-volume.ts"
export { readParquet, writeParquet } from "./formats/parquet.ts"
export { writePly, writeStl } from "./formats/surface-files.ts"
export type { Column, Table } from "./formats/table.ts"
export { readLabelSlice, readTomogramSlice, type SliceOptions, type TomogramSlice } from "./formats/tomogram.ts"
export { SliceOutOfRange, TomogramUnreadable, TomogramUnwritable, VoxelSizeMissing } from "./formats/tomogram-errors.ts"
export { type TiffStack, writeTiff, writeTiffStack } from "./formats/tomogram-writer.ts"
export type { VolumeSource, VoxelArray } from "./formats/volume-source.ts"
export { writeVti } from "./formats/vti.ts"
export { readVtu, writePvd, writeVtu } from "./formats/vtu.ts"

// ── store ───────────────────────────────────────────────────────────────────────────────────────────────────────
export { RunOccupied, RunUnreadable, RunUnwritable, SnapshotMissing } from "./store/errors.ts"
export { Manifest, readManifest } from "./store/manifest.ts"

// ── inference ───────────────────────────────────────────────────────────────────────────────────────────────────
export {
  InferenceUnavailable,
  ModelFailed,
  ModelInputMismatch,
  ModelUnreadable,
  ModelUnsuitable,
} from "./inference/errors.ts"
export { decoderModel, encoderModel } from "./inference/autoencoder-model.ts"
export { forestModel, forestOfModel } from "./inference/forest-model.ts"
export { Inference, InferenceLive, type Model, type Task } from "./inference/session.ts"
export { loadStarModel, type StarModel, type StarModelError, type StarWindow } from "./inference/star-model.ts"
export { predictStars } from "./inference/star-prediction.ts"
export type { ElementType, Port, TensorData, TensorValue } from "./inference/tensor.ts"

// ── engine ──────────────────────────────────────────────────────────────────────────────────────────────────────
export { Engine, type Job, type JobEnd, type JobEvent, type Work } from "./engine/engine.ts"
export { inProcess } from "./engine/in-process.ts"
export { workerThreads } from "./engine/threads.ts"
export { answerOrders } from "./engine/worker.ts"

// ── pipeline ────────────────────────────────────────────────────────────────────────────────────────────────────
export { type BuildError, type BuiltTwin, buildTwin, SliceUnusable } from "./pipeline/build.ts"
export { defaultFusionSettings, type FusionSettings, type LookingEffort } from "./pipeline/fusion/fused-particles.ts"
export { type NetworkLabels, segmentByNetwork } from "./pipeline/fusion/segment-by-network.ts"
export { type ComparedTables, compareTables } from "./pipeline/learning/compare.ts"
export { type LearnError, type LearnListener, type LearnOutcome, learnFromTables } from "./pipeline/learning/learn.ts"
export { LearningLost, type LearnRequest } from "./pipeline/learning/request.ts"
export { writeReport } from "./pipeline/report.ts"
export { meshSource, particleWeights, type RunSource } from "./pipeline/run-source.ts"
export {
  resumeRun,
  type RunError,
  type RunListener,
  type RunOutcome,
  type RunRequest,
  runTwin,
} from "./pipeline/run.ts"
export type { LabelledVolume } from "./pipeline/segmentation/labelled-volume.ts"
export { type SegmentationError, segmentVolume } from "./pipeline/segmentation/segment-volume.ts"
export {
  defaultVolumeSettings,
  type SegmentationProgress,
  type SegmentationResources,
  type VolumeSettings,
} from "./pipeline/segmentation/settings.ts"
export { type AverageRequest, averageSegmenters, NetworksApart } from "./pipeline/segmenter/average.ts"
export { networkIdentify, networkPolygons, openStarModel } from "./pipeline/segmenter/identify.ts"
export {
  defaultShape,
  defaultSlices,
  defaultTraining,
  TrainingLost,
  type TrainingListener,
  type TrainingNews,
  type TrainingSlices,
  type TrainSegmenterRequest,
} from "./pipeline/segmenter/request.ts"
export { type TrainingError, type TrainingOutcome, trainSegmenter } from "./pipeline/segmenter/train.ts"
export { type EnsembleError, type ReadEnsemble, readEnsemble } from "./pipeline/synchronisation.ts"
