import fc from "fast-check"
import type { EnsembleHistory } from "../../src/synchronisation/ensemble.ts"

/** Two or more particles whose stoichiometries at end of charge lie evenly apart by the given spreads, cycle by cycle. */
export const withSpreads = (spreads: readonly number[], particleCount = 2): EnsembleHistory => {
  const place = (particle: number): number => particle / (particleCount - 1) - 0.5
  const matrix = (value: (cycle: number, particle: number) => number): Float64Array =>
    Float64Array.from({ length: spreads.length * particleCount }, (_, index) =>
      value(Math.floor(index / particleCount), index % particleCount),
    )
  return {
    particleCount,
    cycle: Int32Array.from(spreads, (_, index) => index + 1),
    endOfCharge: matrix((cycle, particle) => 0.4 + spreads[cycle] * place(particle)),
    endOfDischarge: matrix(() => 0.9),
    damage: matrix((cycle, particle) => Math.min(1, 0.1 * cycle * (1 - 0.5 * place(particle)))),
    weight: new Float64Array(particleCount).fill(1 / particleCount),
  }
}

const share = fc.double({ min: 0, max: 1, noNaN: true })

/** Any ensemble of 2–6 particles over 1–12 cycles. */
export const ensembles: fc.Arbitrary<EnsembleHistory> = fc
  .tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 12 }))
  .chain(([particleCount, cycleCount]) => {
    const size = particleCount * cycleCount
    const matrix = fc.array(share, { minLength: size, maxLength: size }).map((values) => Float64Array.from(values))
    const weights = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), {
      minLength: particleCount,
      maxLength: particleCount,
    })
    return fc.tuple(matrix, matrix, matrix, weights).map(([endOfCharge, endOfDischarge, damage, weight]) => ({
      particleCount,
      cycle: Int32Array.from({ length: cycleCount }, (_, index) => index + 1),
      endOfCharge,
      endOfDischarge,
      damage,
      weight: Float64Array.from(weight, (value) => value / weight.reduce((sum, each) => sum + each, 0)),
    }))
  })
