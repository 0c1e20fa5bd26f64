/**
 * Networks of electrodes: the measured cathode of ../shared/data where it is there (time and resident memory of its
 * extraction; conductance of its carbon/binder as a network against Laplace's equation on its voxels, with and without
 * contacts along edges), and generated packings of 1,000, 10,000 and 100,000 balls (time of packing and of its network, and
 * the exponent of both). The extraction runs in one thread; finding the particles, and reading, is not measured.
 *
 * npm run bench -- network-extraction   (or: node test/bench/network-extraction.bench.ts [--measured | --packings])
 */
import { existsSync } from "node:fs"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { openVolume } from "../../src/formats/open-volume.ts"
import { wholeOf } from "../../src/image/brick.ts"
import { gridOf } from "../../src/image/volume.ts"
import { conductorVoxels } from "../../src/microstructure/conductor-voxels.ts"
import { defaultExtractionSettings, extractNetwork, type LabelledPhases } from "../../src/microstructure/extraction.ts"
import { packed } from "../../src/microstructure/packing.ts"
import { packingNetwork } from "../../src/microstructure/packing-network.ts"
import { segmentVolume } from "../../src/pipeline/segmentation/segment-volume.ts"
import { defaultVolumeSettings } from "../../src/pipeline/segmentation/settings.ts"
import { compareConduction } from "../../validation/analytic/network-conductance/conductors.ts"

const nrel = fileURLToPath(new URL("../../../shared/data/nrel-nmc/nmc-1-cal-cbd.tif", import.meta.url))

const measuredCathode = (): Promise<LabelledPhases> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const source = yield* openVolume(nrel, { voxelSize: 398e-9 })
        const resources = { memory: 2e9, threads: 2, scratch: tmpdir() }
        const found = yield* segmentVolume(source, defaultVolumeSettings, resources, () => Effect.void)
        const whole = wholeOf(source)
        const labels = yield* found.readLabels(whole)
        const phases = yield* found.readPhases!(whole)
        return { ...gridOf(source), labels, phases }
      }),
    ),
  )

/** Seconds by the clock and by the processor */
const timed = <T>(work: () => T): { readonly result: T; readonly text: string; readonly processor: number } => {
  const [begun, used] = [performance.now(), process.cpuUsage()]
  const result = work()
  const { user, system } = process.cpuUsage(used)
  const processor = (user + system) / 1e6
  return {
    result,
    processor,
    text: `${((performance.now() - begun) / 1000).toFixed(1)} s (processor ${processor.toFixed(1)} s)`,
  }
}

const benchMeasured = async (): Promise<void> => {
  const volume = await measuredCathode()
  const { result, text } = timed(() => extractNetwork(volume))
  const { network, report } = result
  const memory = process.resourceUsage().maxRSS / 1e3
  const floating = report.floating.reduce((sum, each) => sum + each, 0)
  console.log(
    `measured cathode: ${text}, ${memory.toFixed(0)} MB resident; ${network.particles.count} particles (${floating} floating, ` +
      `${report.dropped.length} dropped), ${network.patches.count} patches, ${network.electrons.nodeCount} nodes, ` +
      `${network.electrons.edgeCount} edges; ${(100 * report.connectedShare).toFixed(1)} % of carbon/binder connected; ` +
      `surface on carbon/binder ${report.carbonBinderShare.toFixed(3)}, pore ${report.poreShare.toFixed(3)}, ` +
      `particles ${report.contactShare.toFixed(3)}`,
  )
  const conducts = volume.phases.map((phase) => (phase === 2 ? 1 : 0))
  const [nx, ny, nz] = volume.shape
  for (const edgeContact of [0, defaultExtractionSettings.edgeContact]) {
    const cells = conductorVoxels(gridOf(volume), conducts, edgeContact)
    const compared = timed(() => compareConduction(cells, defaultExtractionSettings.pieces))
    const { voxels, network: shape, potentials } = compared.result
    const effective = (value: number): string => ((value * nz) / (nx * ny * volume.spacing[0])).toExponential(3)
    console.log(
      `contacts along edges ${edgeContact}: σ_eff/σ on voxels ${effective(voxels.shape)} (${voxels.outcome.iterations} iterations), ` +
        `network ${effective(shape)}, off by ${(100 * (shape / voxels.shape - 1)).toFixed(1)} %, potentials by ` +
        `${(100 * potentials).toFixed(1)} % of the drop; both in ${compared.text}`,
    )
  }
}

const benchPackings = (): void => {
  const times = [1_000, 10_000, 100_000].map((count) => {
    const packing = timed(() =>
      packed({
        dimension: 3,
        count,
        sizes: { kind: "lognormal", median: 4e-6, spread: 0.25 },
        particleShare: 0.5,
        thickness: 80e-6,
        gap: 50e-9,
        isPeriodic: true,
        seed: 1,
      }),
    )
    const network = timed(() =>
      packingNetwork(packing.result, {
        coverage: 0.5,
        coverageScatter: 0.15,
        coverageGradient: 0,
        morphology: 0.5,
        fingers: { kind: "bridges" },
        poreShare: 0.3,
        seed: 2,
      }),
    )
    const { edgeCount, nodeCount } = network.result.electrons
    console.log(
      `${count} balls: packed in ${packing.text} to ${packing.result.particleShare.toFixed(4)} of the volume; network in ` +
        `${network.text}, ${nodeCount} nodes, ${edgeCount} edges`,
    )
    return [packing.processor, network.processor]
  })
  const exponent = (which: 0 | 1): string => Math.log10(times[2][which] / times[1][which]).toFixed(2)
  console.log(`exponent of the cost from 10,000 to 100,000: packing ${exponent(0)}, network ${exponent(1)}`)
}

const words = process.argv.slice(2)
if (existsSync(nrel) && !words.includes("--packings")) await benchMeasured()
if (!words.includes("--measured")) benchPackings()
