import { seededRandom } from "../../../src/array/random.ts"
import { faraday, gasConstant } from "../../../src/laws/constants.ts"
import { exponentialContact } from "../../../src/laws/contact-resistance.ts"
import { butlerVolmer } from "../../../src/laws/kinetics.ts"
import { bounded, type Result, type ValidationCase } from "../../case.ts"

const temperature = 298.15
const thermal = (gasConstant * temperature) / faraday
const out = new Float64Array(4)

/** i [A/m²] of the product's law. */
const current = (
  exchange: number,
  driving: number,
  resistance: number,
  [anodic, cathodic]: readonly [number, number] = [0.5, 0.5],
): number => {
  butlerVolmer({ anodic, cathodic, temperature }).evaluateInto(exchange, driving, resistance, out)
  return out[0]
}

const largest = (errors: readonly number[]): number => Math.max(...errors)
const decades = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, k) => 10 ** (from + k))
const relative = (found: number, expected: number): number => Math.abs(found / expected - 1)

/** |E − i R − (2RT/F) asinh(i/2i₀)| over |E| at random places. */
const inverseError = (count: number): number => {
  const random = seededRandom(5)
  const any = (low: number, high: number): number => 10 ** (low + (high - low) * random.uniform())
  return largest(
    Array.from({ length: count }, () => {
      const [exchange, resistance] = [any(-4, 3), any(-7, 5)]
      const driving = (random.uniform() < 0.5 ? -1 : 1) * any(-6, 0.5)
      const i = current(exchange, driving, resistance)
      return Math.abs(driving - i * resistance - 2 * thermal * Math.asinh(i / (2 * exchange))) / Math.abs(driving)
    }),
  )
}

export const validationCase: ValidationCase = {
  name: "analytic/butler-volmer",
  title: "Butler–Volmer: linear, Tafel and resistive limits, exact inverse",
  reference: "Newman & Thomas-Alyea (2004), Electrochemical Systems, ch. 8",
  tier: "fast",
  run: (): Result[] => {
    const signs = [1, -1]
    const both: readonly (readonly [number, number])[] = [
      [0.5, 0.5],
      [0.3, 0.7],
    ]
    // i/i₀ = (α_a + α_c) z + (α_a² − α_c²) z²/2 + …: the quadratic term is 2e-5 of the linear one at z = 1e-4
    const linear = both.flatMap((alpha) =>
      signs.map((sign) => relative(current(3.4, sign * 1e-4 * thermal, 0, alpha), sign * 3.4e-4)),
    )
    // The other branch is exp(−z) of this one: 1e-13 at z = 30
    const tafel = both.flatMap((alpha) => [
      relative(current(3.4, 30 * thermal, 0, alpha), 3.4 * Math.exp(alpha[0] * 30)),
      relative(current(3.4, -30 * thermal, 0, alpha), -3.4 * Math.exp(alpha[1] * 30)),
    ])
    const slope = (Math.log(current(1, 0.9, 0)) - Math.log(current(1, 0.8, 0))) / 0.1
    // For R ≫ RT/(F i₀), η is E·RT/(F i₀ R) of E, and at most that of it
    const resistive = decades(-1, 4).flatMap((exchange) =>
      signs.map((sign) =>
        relative(current(exchange, sign * 0.2, (1e6 * thermal) / exchange), (sign * 0.2 * exchange) / (1e6 * thermal)),
      ),
    )
    // Charge-transfer resistance and R in series for small E
    const series = decades(-6, 2).map((resistance) =>
      relative(current(3.4, 1e-6, resistance), 1e-6 / (resistance + thermal / 3.4)),
    )
    const contact = exponentialContact({ closed: 1e-3, referenceGap: 1e-9 })
    const gaps = decades(-12, -3).map((gap) => Math.abs(current(3.4, 1, contact.resistance(gap, 0.2e-9))))
    const rising = gaps.filter((value, k) => !Number.isFinite(value) || (k > 0 && value > gaps[k - 1]))
    return [
      bounded("linear limit at F η/RT = ±1e-4", largest(linear), 3e-5),
      bounded("Tafel limits at F η/RT = ±30", largest(tafel), 1e-11),
      bounded("Tafel slope α F/RT", relative(slope, 0.5 / thermal), 1e-6),
      bounded("E/R where R exceeds RT/(F i₀) a millionfold", largest(resistive), 2e-6),
      bounded("small E: RT/(F i₀) and R in series", largest(series), 1e-8),
      bounded("exact inverse by asinh, α = ½, 10 000 random points", inverseError(10_000), 1e-12),
      bounded("gaps of 1 pm to 1 mm: currents that rise or are not finite", rising.length, 0),
      bounded("current through a gap of 1 mm under 1 V, of that through none", gaps[9] / gaps[0], 1e-12),
    ]
  },
}
