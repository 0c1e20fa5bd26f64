import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Effect } from "effect"
import { afterAll, expect, it } from "vitest"
import { collectEnsemble } from "../../src/model/ensemble.ts"
import { createSimulation } from "../../src/model/resolved/simulation.ts"
import { buildTwin } from "../../src/pipeline/build.ts"
import { runTwin } from "../../src/pipeline/run.ts"
import { readRunEnsemble } from "../../src/pipeline/run-ensemble.ts"
import { meshSource } from "../../src/pipeline/run-source.ts"
import { splitSettings } from "../../src/pipeline/settings.ts"
import type { EnsembleHistory } from "../../src/synchronisation/ensemble.ts"
import { loadTwin } from "../../src/twin/load.ts"
import { loadScenario } from "../../src/twin/scenario/load.ts"

const folder = mkdtempSync(join(tmpdir(), "ensemble-"))
afterAll(() => rmSync(folder, { recursive: true }))
const shipped = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

const twin = shipped("twins/li2022-three-particle.yaml")
const scenario = shipped("scenarios/li2022-voltage-window.yaml")
const set = [
  "mesh={interface-length: 1.5 um, growth: 0.4, maximum-length: 4 um}",
  "formation.steps=[Charge at 5C for 3 s, Discharge at 5C for 2 s]",
  "cycle={repeat: 2, steps: [Charge at 5C for 4 s, Hold at 4.1 V for 2 s, Rest for 1 s, Discharge at 5C for 3 s, Rest for 1 s]}",
]

const inProcess = async (): Promise<EnsembleHistory> => {
  const { mesh, loaded, protocol } = await Effect.runPromise(
    Effect.gen(function* () {
      const settings = yield* splitSettings(set)
      const loaded = yield* loadTwin(twin, settings.twin)
      const { protocol } = yield* loadScenario(scenario, settings.scenario)
      return { mesh: meshSource((yield* buildTwin(loaded)).source).mesh, loaded, protocol }
    }),
  )
  const simulation = createSimulation(mesh, loaded.parameters, protocol, loaded.time)
  const collector = collectEnsemble(protocol, simulation.cell.particles.volume)
  for (;;) {
    const advance = simulation.advance()
    if (advance.kind === "finished") return collector.history()
    if (advance.kind === "failed") throw new Error(advance.reason.phrase)
    if (advance.kind === "step-ended") collector.stepEnded(advance.step, advance.observation)
  }
}

it("reads from a run directory what a collector notes in process, of whole and of broken runs", async () => {
  const out = join(folder, "run")
  const nothing = () => Effect.void
  const request = { twin, scenario, out, overwrite: false, threads: 1, set }
  await Effect.runPromise(runTwin(request, { onStage: nothing, onProgress: nothing, onNote: nothing }))
  const [read, collected] = [await Effect.runPromise(readRunEnsemble(out)), await inProcess()]
  expect(read.cycle).toEqual(Int32Array.of(1, 2))
  expect(read.particleCount).toBe(3)
  expect(read.weight).toEqual(collected.weight)
  for (const name of ["endOfCharge", "endOfDischarge", "damage"] as const) {
    expect(read[name]).toHaveLength(6)
    // Snapshots drop kept factorisations: equal but for rounding
    for (const [index, value] of read[name].entries()) expect(value).toBeCloseTo(collected[name][index], 9)
  }
  expect(Math.abs(read.endOfDischarge[0] - read.endOfCharge[0])).toBeGreaterThan(1e-3)

  // As if it had been stopped in the last rest but one: the second discharge has not ended
  const history = readFileSync(join(out, "history.csv"), "utf8").trimEnd().split("\n")
  const last = Number(history.at(-1)!.split(",")[2])
  const kept = history.filter((line, index) => index === 0 || Number(line.split(",")[2]) <= last - 1)
  writeFileSync(join(out, "history.csv"), `${kept.join("\n")}\n`)
  const manifest = readFileSync(join(out, "manifest.json"), "utf8")
  writeFileSync(join(out, "manifest.json"), manifest.replace('"status": "done"', '"status": "interrupted"'))
  const broken = await Effect.runPromise(readRunEnsemble(out))
  expect(broken.endOfCharge).toEqual(read.endOfCharge)
  expect([...broken.endOfDischarge]).toEqual([
    ...read.endOfDischarge.subarray(0, 3),
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ])
  expect([...broken.damage.subarray(3)]).toEqual([Number.NaN, Number.NaN, Number.NaN])
})
