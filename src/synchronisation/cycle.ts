import { weightedMeanOf } from "../statistics/weighted-mean.ts"
import type { CycleSynchrony, EnsembleHistory } from "./ensemble.ts"

interface Inequality {
  readonly mean: number
  readonly spread: number
  readonly deviation: number
}

const notRecorded: Inequality = { mean: Number.NaN, spread: Number.NaN, deviation: Number.NaN }

/** Inequality of some particles says nothing of all: one value that is missing makes the cycle "not recorded". */
const inequalityOf = (values: Float64Array, weight: Float64Array): Inequality => {
  if (values.some(Number.isNaN)) return notRecorded
  const { mean } = weightedMeanOf(values, weight)
  const squares = values.map((value) => (value - mean) ** 2)
  let [least, most] = [values[0], values[0]]
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return { mean, spread: most - least, deviation: Math.sqrt(weightedMeanOf(squares, weight).mean) }
}

/**
 * How much of the exchange is common to all particles: r = |Σ w q| / (Σ w q²)^½ with the lithium q that a particle takes
 * in the cycle (signed), the length of the mean against the root of the mean square. As with Kuramoto's order parameter
 * what goes against the rest cancels: r is 1 where all work alike, √s where a share s works alike and the rest idles, 0
 * where one half takes what the other gives; it does not depend on the depth of the cycle. NaN where nothing works.
 * @param exchange  [particle] x(end of discharge) − x(end of charge)
 * @param weight    [particle] > 0
 * @source after Y. Kuramoto (1975), in: International Symposium on Mathematical Problems in Theoretical Physics, Lecture
 * Notes in Physics 39, 420–422, doi:10.1007/BFb0013365; amplitudes in the place of phases are a choice
 */
export const orderParameter = (exchange: Float64Array, weight: Float64Array): number => {
  const largest = exchange.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  if (!(largest > 0)) return Number.NaN
  const scaled = exchange.map((value) => value / largest)
  const { mean } = weightedMeanOf(scaled, weight)
  const square = weightedMeanOf(
    scaled.map((value) => value * value),
    weight,
  ).mean
  return Math.min(1, Math.abs(mean) / Math.sqrt(square))
}

/**
 * The measures of one cycle. Means and deviations count particles by weight, spreads do not. What the cycle lacks for any
 * particle is NaN.
 * @param index         of the cycle in the history
 * @param severeDamage  damage from which on a particle counts as severely damaged
 */
export const cycleSynchrony = (history: EnsembleHistory, index: number, severeDamage: number): CycleSynchrony => {
  const { particleCount, weight } = history
  const row = (matrix: Float64Array): Float64Array =>
    matrix.subarray(index * particleCount, (index + 1) * particleCount)
  const charged = row(history.endOfCharge)
  const discharged = row(history.endOfDischarge)
  const exchange = discharged.map((value, particle) => value - charged[particle])
  const damage = row(history.damage)
  const [atCharge, atDischarge, ofDamage] = [charged, discharged, damage].map((each) => inequalityOf(each, weight))
  const throughput = inequalityOf(exchange.map(Math.abs), weight)
  const isSevere = damage.map((value) => (Number.isNaN(value) ? Number.NaN : value >= severeDamage ? 1 : 0))
  return {
    cycle: history.cycle[index],
    spreadCharge: atCharge.spread,
    deviationCharge: atCharge.deviation,
    spreadDischarge: atDischarge.spread,
    deviationDischarge: atDischarge.deviation,
    meanThroughput: throughput.mean,
    spreadThroughput: throughput.spread,
    orderParameter: Number.isNaN(throughput.mean) ? Number.NaN : orderParameter(exchange, weight),
    meanDamage: ofDamage.mean,
    spreadDamage: ofDamage.spread,
    deviationDamage: ofDamage.deviation,
    damageFromMean: damage.map((value) => value - ofDamage.mean),
    severeShare: inequalityOf(isSevere, weight).mean,
  }
}
