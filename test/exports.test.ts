import { describe, expect, it } from "vitest"
import * as api from "../src/index.ts"
import { readExports, readSource, sourceFiles } from "./source.ts"

const files = sourceFiles()
const exported = readExports("index.ts", files.get("index.ts")!)

/** Where a listed name is declared, or why it is not fit for the list. */
const faults = (name: string, from: string | undefined): string[] => {
  const path = from?.replace("./", "") ?? ""
  const text = files.get(path)
  if (text === undefined) return [`${name}: no file ${from}`]
  const declared = readExports(path, text).filter((other) => other.name === name && other.from === undefined)
  if (declared.length === 0) return [`${name}: not declared in ${path}`]
  return declared.some(({ documented }) => documented) ? [] : [`${name}: no docstring in ${path}`]
}

describe("the public API", () => {
  it("is this list", () => {
    const byFile = Object.groupBy(exported, ({ from }) => from ?? "")
    const list = Object.entries(byFile).map(([from, names]) => `${from}: ${names!.map(({ name }) => name).join(" ")}`)
    expect(list).toMatchInlineSnapshot(`
      [
        "./array/random.ts: Random seededRandom",
        "./algebra/direct.ts: Analysis analyse Factorisation factorise",
        "./algebra/bicgstab.ts: bicgstab",
        "./algebra/krylov.ts: Apply conjugateGradient gmres KrylovOutcome",
        "./algebra/pattern.ts: AssemblyPattern assemblyPattern ElementGroup multiplyInto SparseMatrix SparsePattern",
        "./algebra/refinement.ts: RefinementOptions RefinementOutcome solveRefined",
        "./statistics/histogram.ts: Histogram histogramMonoid histogramOf",
        "./statistics/moments.ts: Moments momentsMonoid momentsOf standardDeviation variance",
        "./statistics/range.ts: Range rangeMonoid rangeOf spread",
        "./statistics/tree.ts: Forest forestMonoid leaf reduceBlocks wholeOf",
        "./statistics/weighted-mean.ts: WeightedMean weightedMeanMonoid weightedMeanOf",
        "./synchronisation/analysis.ts: analyseSynchronisation",
        "./synchronisation/ensemble.ts: CycleSynchrony EnsembleHistory Synchronisation Verdict",
        "./synchronisation/ledger.ts: EnsembleLedger openLedger",
        "./synchronisation/rows.ts: EnsembleRows historyOfRows",
        "./synchronisation/settings.ts: defaultSynchronisationSettings SynchronisationSettings",
        "./laws/contact-resistance.ts: exponentialContact frozenContact",
        "./laws/contracts.ts: ChargeTransfer CohesiveLaw ContactResistance Electrolyte ExchangeCurrent IsotropicElasticity OpenCircuitPotential SolidDiffusivity Swelling",
        "./laws/electrolyte.ts: constantElectrolyte",
        "./laws/electrolyte-landesfeind.ts: landesfeind2019",
        "./laws/electrolyte-nyman.ts: nyman2008",
        "./laws/exchange-current.ts: constantExchangeCurrent insertionExchangeCurrent",
        "./laws/kinetics.ts: butlerVolmer",
        "./laws/marcus-hush-chidsey.ts: marcusHushChidsey",
        "./laws/open-circuit.ts: chen2020OpenCircuit tabulatedOpenCircuit",
        "./laws/registry.ts: lawNames laws",
        "./laws/solid-diffusivity.ts: constantDiffusivity karanth2024 oregan2022 tabulatedDiffusivity",
        "./laws/swelling.ts: constantMolarVolume tabulatedSwelling",
        "./image/label-agreement.ts: LabelAgreement labelAgreement",
        "./image/phantom.ts: Phantom phantomSlice",
        "./image/phantom-volume/settings.ts: PhantomVolumeSettings phantomPresets",
        "./image/phantom-volume/volume.ts: PhantomVolume phantomBox phantomVolume",
        "./image/segment.ts: describeSegmentProblem isSegmentProblem Segmentation SegmentProblem segmentSlice",
        "./image/score.ts: DetectionScore detectionScores standardOverlaps",
        "./image/settings.ts: defaultSegmentSettings SegmentSettings",
        "./image/star/labels.ts: defaultStarSettings identifiedBy refinedLabels StarPrediction StarSettings starPolygons",
        "./image/star/polygons.ts: StarPolygons",
        "./image/surface-mesh.ts: SurfaceMesh",
        "./image/volume.ts: Grid Identify Labels Mask Seen Volume voxelCount",
        "./particles/attribute-columns.ts: describeColumns",
        "./particles/crop.ts: ParticleCrop",
        "./particles/measure-particle.ts: measureParticle ParticleMeasures particleSurface",
        "./particles/mesh-table.ts: ParticleMesh particleTableFromMesh",
        "./particles/particle-settings.ts: defaultParticleSettings ParticleSettings",
        "./particles/slice-table.ts: LabelledSlice particleTable",
        "./particles/table.ts: columnOf ParticleTable TableColumn wholeParticles",
        "./particles/volume-table.ts: Estimator particleTable3d",
        "./mesh/coverage.ts: coverage cutForCoverage",
        "./mesh/labels.ts: LabelImage LabelMesh meshLabels",
        "./mesh/layout.ts: Box Cut Layout meshLayout",
        "./mesh/mesh.ts: cellCount FacetSet InterfaceFacets interfaceCount Mesh nodeCount particleCount Region RegionKind",
        "./mesh/outlines.ts: Shape",
        "./mesh/parts.ts: Resolution",
        "./mesh/problem.ts: describeProblem isMeshProblem MeshProblem",
        "./mesh/quality.ts: describeQuality MeshQuality measureQuality",
        "./model/ensemble.ts: collectEnsemble EnsembleCollector",
        "./model/march.ts: Advance FailureReason SolverStatistics",
        "./model/observation.ts: Balance MechanicalEnergy Observation ParticleObservation",
        "./model/protocol.ts: Control Limit Protocol ProtocolStep StepEnd",
        "./model/resolved/fields.ts: CellFields",
        "./model/resolved/parameters.ts: HalfCellParameters ParticleConduction TimeSettings",
        "./model/resolved/simulation.ts: Checkpoint createSimulation Simulation",
        "./learning/autoencoder.ts: Autoencoder AutoencoderSettings defaultAutoencoder encodedRows TrainedAutoencoder trainAutoencoder",
        "./learning/background-shap.ts: explainAgainst",
        "./learning/forest.ts: ForestOutcome growForest outOfBag RegressionForest",
        "./learning/forest-settings.ts: ForestSettings publishedNotebookForest publishedTextForest",
        "./learning/importance.ts: Importance importanceOf",
        "./learning/learning-table.ts: faultText GivenColumn LearningTable learningTable regressionTable TableOutcome",
        "./learning/observations.ts: ObservedTable publishedObservations",
        "./learning/path-dependent-shap.ts: Explanation explainForest",
        "./learning/planted-table.ts: Influence PlantedModel plantedColumns",
        "./learning/published-scores.ts: comparedWithPublished PublishedComparison PublishedScores publishedScoresOf",
        "./learning/regression-table.ts: RegressionTable",
        "./learning/row-differences.ts: divisionScores RowDifferences RowDivisions rowDifferences",
        "./learning/score-runs.ts: ScoreRun scoreRuns scoresOf",
        "./learning/segmenter/shape.ts: StarNetworkShape",
        "./learning/segmenter/training.ts: SegmenterTraining TrainingState",
        "./learning/shap-interactions.ts: explainInteractions Interactions",
        "./learning/size-scan.ts: SizeScan SizeScanSettings scanSizes",
        "./learning/table-comparison.ts: AttributeScores compareColumns TableComparison",
        "./learning/target-dependence.ts: targetDependence",
        "./learning/trees.ts: predict Trees",
        "./report/input.ts: Figure ReportInput",
        "./report/report.ts: figures renderReport ReportOptions",
        "./twin/errors.ts: FileUnreadable ScenarioInvalid TwinInvalid",
        "./twin/load.ts: LoadedTwin loadTwin",
        "./twin/override.ts: readSetting Setting",
        "./twin/quantity.ts: Quantity readQuantity",
        "./twin/scenario/load.ts: LoadedScenario loadScenario",
        "./twin/scenario/schema.ts: Scenario",
        "./twin/twin.ts: Twin",
        "./formats/csv.ts: readCsv writeCsv",
        "./formats/ensemble-csv.ts: EnsembleTable readEnsembleCsv",
        "./formats/errors.ts: TableInvalid",
        "./formats/ome-zarr-writer.ts: writeOmeZarr",
        "./formats/open-volume.ts: openVolume VolumeOptions",
        "./formats/parquet.ts: readParquet writeParquet",
        "./formats/surface-files.ts: writePly writeStl",
        "./formats/table.ts: Column Table",
        "./formats/tomogram.ts: readLabelSlice readTomogramSlice SliceOptions TomogramSlice",
        "./formats/tomogram-errors.ts: SliceOutOfRange TomogramUnreadable TomogramUnwritable VoxelSizeMissing",
        "./formats/tomogram-writer.ts: TiffStack writeTiff writeTiffStack",
        "./formats/volume-source.ts: VolumeSource VoxelArray",
        "./formats/vti.ts: writeVti",
        "./formats/vtu.ts: readVtu writePvd writeVtu",
        "./store/errors.ts: RunOccupied RunUnreadable RunUnwritable SnapshotMissing",
        "./store/manifest.ts: Manifest readManifest",
        "./inference/errors.ts: InferenceUnavailable ModelFailed ModelInputMismatch ModelUnreadable ModelUnsuitable",
        "./inference/autoencoder-model.ts: decoderModel encoderModel",
        "./inference/forest-model.ts: forestModel forestOfModel",
        "./inference/session.ts: Inference InferenceLive Model Task",
        "./inference/star-model.ts: loadStarModel StarModel StarModelError StarWindow",
        "./inference/star-prediction.ts: predictStars",
        "./inference/tensor.ts: ElementType Port TensorData TensorValue",
        "./engine/engine.ts: Engine Job JobEnd JobEvent Work",
        "./engine/in-process.ts: inProcess",
        "./engine/threads.ts: workerThreads",
        "./engine/worker.ts: answerOrders",
        "./pipeline/build.ts: BuildError BuiltTwin buildTwin SliceUnusable",
        "./pipeline/fusion/fused-particles.ts: defaultFusionSettings FusionSettings LookingEffort",
        "./pipeline/fusion/segment-by-network.ts: NetworkLabels segmentByNetwork",
        "./pipeline/learning/compare.ts: ComparedTables compareTables",
        "./pipeline/learning/learn.ts: LearnError LearnListener LearnOutcome learnFromTables",
        "./pipeline/learning/request.ts: LearningLost LearnRequest",
        "./pipeline/report.ts: writeReport",
        "./pipeline/run-source.ts: meshSource particleWeights RunSource",
        "./pipeline/run.ts: resumeRun RunError RunListener RunOutcome RunRequest runTwin",
        "./pipeline/segmentation/labelled-volume.ts: LabelledVolume",
        "./pipeline/segmentation/segment-volume.ts: SegmentationError segmentVolume",
        "./pipeline/segmentation/settings.ts: defaultVolumeSettings SegmentationProgress SegmentationResources VolumeSettings",
        "./pipeline/segmenter/average.ts: AverageRequest averageSegmenters NetworksApart",
        "./pipeline/segmenter/identify.ts: networkIdentify networkPolygons openStarModel",
        "./pipeline/segmenter/request.ts: defaultShape defaultSlices defaultTraining TrainingLost TrainingListener TrainingNews TrainingSlices TrainSegmenterRequest",
        "./pipeline/segmenter/train.ts: TrainingError TrainingOutcome trainSegmenter",
        "./pipeline/synchronisation.ts: EnsembleError ReadEnsemble readEnsemble",
      ]
    `)
  })

  it("names each thing once, from where it is declared, with its docstring", () => {
    const names = exported.map(({ name }) => name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    expect(exported.flatMap(({ name, from }) => faults(name, from))).toEqual([])
  })

  it("has every value at run time and no wildcard", () => {
    const listed = new Set(exported.map(({ name }) => name))
    for (const name of Object.keys(api)) expect(listed).toContain(name)
    expect(Object.values(api)).not.toContain(undefined)
    expect(files.get("index.ts")).not.toMatch(/export \*/)
    expect(readSource("index.ts", files.get("index.ts")!).references.every(({ module }) => module)).toBe(true)
  })
})

describe("the reading of exports", () => {
  it("sees declarations, lists and docstrings", () => {
    const text = `/** One. */
export const one = 1
// no docstring
export const two = 2, three = 3
/** Four. */
export function four(): void {}
/** Five. */

export interface Five {}
/** Not for six. */
const seven = 7
export type Six = 6
export { seven }
export { type Eight, nine } from "./other.ts"
`
    expect(readExports("a.ts", text).map(({ name, from, documented }) => [name, from, documented])).toEqual([
      ["one", undefined, true],
      ["two", undefined, false],
      ["three", undefined, false],
      ["four", undefined, true],
      ["Five", undefined, true],
      ["Six", undefined, false],
      ["seven", undefined, false],
      ["Eight", "./other.ts", false],
      ["nine", "./other.ts", false],
    ])
  })
})
