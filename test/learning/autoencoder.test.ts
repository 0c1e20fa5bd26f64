import { describe, expect, it } from "vitest"
import {
  type AutoencoderSettings,
  adaptiveTraining,
  decodedRows,
  defaultAutoencoder,
  encodedRows,
  quasiNewtonTraining,
  reconstructedRows,
  trainAutoencoder,
} from "../../src/learning/autoencoder.ts"
import { unregularised } from "../../src/learning/autoencoder-loss.ts"
import { factorTable } from "../../src/learning/factor-table.ts"
import {
  denoisedRows,
  latentCorrelations,
  latentSignificance,
  reconstructedCorrelations,
} from "../../src/learning/latent.ts"
import { tableRows } from "../../src/learning/learning-table.ts"
import { principalComponents, principalReconstruction } from "../../src/learning/principal-components.ts"
import { randomSplit } from "../../src/learning/splits.ts"
import { standardised } from "../../src/learning/standardisation.ts"
import { correlationMatrix } from "../../src/statistics/correlation.ts"

const model = { rowCount: 800, columnCount: 12, factorCount: 3, bend: 0.6, noise: 0.05, seed: 1 }
const { table, factors } = factorTable(model)
const split = randomSplit(table.rowCount, 0.1, 1)
const settings: AutoencoderSettings = { ...defaultAutoencoder, hiddenCount: 12, latentCount: 3 }

const meanSquare = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, at) => sum + (value - b[at]) ** 2, 0) / a.length

describe("an autoencoder of curved data", () => {
  const trained = trainAutoencoder(table, split, settings)
  const { autoencoder } = trained
  const heldOut = tableRows(table, split.heldOut).values

  it("leaves less than half of what as many principal components leave, on rows it has not seen", () => {
    const values = standardised(autoencoder.standardisation, table.values)
    const rows = standardised(autoencoder.standardisation, heldOut)
    const components = principalComponents(values, 12, split.training)
    const left = meanSquare(principalReconstruction(components, rows, 3), rows)
    expect(trained.heldOutError).toBeLessThan(left / 2)
    expect(left).toBeGreaterThan(0.15)
  })

  it("has the errors that it says", () => {
    const scale = autoencoder.standardisation
    const found = standardised(scale, reconstructedRows(autoencoder, heldOut))
    expect(meanSquare(found, standardised(scale, heldOut))).toBeCloseTo(trained.heldOutError, 10)
    const learned = tableRows(table, split.training).values
    const given = standardised(scale, reconstructedRows(autoencoder, learned))
    expect(meanSquare(given, standardised(scale, learned))).toBeCloseTo(trained.trainingError, 10)
  })

  it("lowers its loss and keeps the best of the parameters looked at", () => {
    const { losses, looks } = trained
    expect(losses[losses.length - 1]).toBeLessThan(losses[0] / 3)
    expect(Math.min(...looks)).toBe(trained.heldOutError)
  })

  it("is the same for the same seed, and another for another", () => {
    const short = { ...settings, training: { ...quasiNewtonTraining, mostIterations: 20 } } as AutoencoderSettings
    const once = trainAutoencoder(table, split, short)
    expect(trainAutoencoder(table, split, short)).toEqual(once)
    expect(trainAutoencoder(table, split, { ...short, seed: 2 }).heldOutError).not.toBe(once.heldOutError)
  })

  it("does not depend on the units of columns, nor on the held-out rows but for when it stops", () => {
    const short = { ...settings, training: { ...quasiNewtonTraining, mostIterations: 10 } } as AutoencoderSettings
    const scaled = { ...table, values: table.values.map((value, at) => (at % 12 === 0 ? 2 ** -40 * value : value)) }
    const once = trainAutoencoder(table, split, short)
    expect(trainAutoencoder(scaled, split, short).losses).toEqual(once.losses)
    const others = table.values.slice()
    for (const row of split.heldOut) others.fill(1e3, 12 * row, 12 * row + 12)
    expect(trainAutoencoder({ ...table, values: others }, split, short).losses).toEqual(once.losses)
  })

  it("encodes into (0, 1) and knows its factors", () => {
    const latent = encodedRows(autoencoder, table.values)
    expect(latent.every((value) => value > 0 && value < 1)).toBe(true)
    expect(decodedRows(autoencoder, latent)).toEqual(reconstructedRows(autoencoder, table.values))
    // Each factor is a smooth function of the latent values: its straight part alone shows half of it and more.
    const both = new Float64Array(table.rowCount * 6)
    for (let row = 0; row < table.rowCount; row++) {
      both.set(latent.subarray(3 * row, 3 * row + 3), 6 * row)
      both.set(factors.subarray(3 * row, 3 * row + 3), 6 * row + 3)
    }
    const r = correlationMatrix(both, 6)
    for (let factor = 3; factor < 6; factor++) {
      const strongest = Math.max(...[0, 1, 2].map((k) => Math.abs(r[6 * factor + k])))
      expect(strongest).toBeGreaterThan(0.5)
    }
  })

  it("ranks its latent values by what is lost without them", () => {
    const significance = latentSignificance(autoencoder, heldOut)
    const { error, rises, order } = significance
    expect(error).toBeCloseTo(trained.heldOutError, 10)
    for (let place = 1; place < 3; place++) expect(rises[order[place]]).toBeLessThanOrEqual(rises[order[place - 1]])
    const scale = autoencoder.standardisation
    const rows = standardised(scale, heldOut)
    const without = standardised(scale, denoisedRows(autoencoder, significance, heldOut, 1))
    expect(meanSquare(without, rows)).toBeCloseTo(error + rises[order[2]], 10)
    expect(denoisedRows(autoencoder, significance, heldOut, 0)).toEqual(reconstructedRows(autoencoder, heldOut))
    const nothing = denoisedRows(autoencoder, significance, heldOut, 3)
    expect(nothing.subarray(0, 12)).toEqual(nothing.subarray(12, 24))
  })

  it("correlates latent values, and columns without their noise more strongly than with it", () => {
    const latent = latentCorrelations(autoencoder, table.values)
    for (let k = 0; k < 3; k++) expect(latent[4 * k]).toBe(1)
    const significance = latentSignificance(autoencoder, table.values)
    const clean = reconstructedCorrelations(autoencoder, significance, table.values)
    const noisy = correlationMatrix(table.values, 12)
    const strength = (r: Float64Array): number => r.reduce((sum, value) => sum + value * value, 0)
    expect(strength(clean)).toBeGreaterThan(strength(noisy))
  })
})

describe("training", () => {
  it("by adaptive moments gets as far, in batches and with all rows", () => {
    const errorOf = (batch: number | "all rows", mostEpochs: number): number =>
      trainAutoencoder(table, split, { ...settings, training: { ...adaptiveTraining, batch, mostEpochs } as never })
        .heldOutError
    expect(errorOf(32, 60)).toBeLessThan(0.15)
    expect(errorOf("all rows", 600)).toBeLessThan(0.15)
  })

  it("stops where held-out rows gain no more: noise alone teaches nothing", () => {
    const noise = factorTable({ ...model, rowCount: 60, noise: 1 }).table
    const trained = trainAutoencoder(noise, randomSplit(60, 0.3, 1), {
      ...settings,
      regularisation: unregularised,
      patience: { every: 1, looks: 5 },
    })
    expect(trained.end).toBe("no longer better")
    expect(trained.losses.length).toBeLessThan(100)
  })

  it("says so where it leads out of the numbers", () => {
    const steps = { rate: 1e200, momentum: 0.9, secondMomentum: 0.999 }
    const wild = trainAutoencoder(table, split, {
      ...settings,
      training: { kind: "adaptive", steps, batch: 64, mostEpochs: 5 },
    })
    expect(wild.end).toBe("not finite")
    expect(wild.autoencoder.parameters.every(Number.isFinite)).toBe(true)
    expect(Number.isFinite(wild.heldOutError)).toBe(true)
  })
})
