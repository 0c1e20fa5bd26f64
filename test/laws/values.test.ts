import { expect, it } from "vitest"
import { landesfeind2019 } from "../../src/laws/electrolyte-landesfeind.ts"
import { nyman2008 } from "../../src/laws/electrolyte-nyman.ts"
import { monotoneCubic } from "../../src/laws/monotone-cubic.ts"
import { chen2020OpenCircuit, tabulatedOpenCircuit } from "../../src/laws/open-circuit.ts"
import { laws } from "../../src/laws/registry.ts"
import { karanth2024, oregan2022 } from "../../src/laws/solid-diffusivity.ts"
import { tabulatedSwelling } from "../../src/laws/swelling.ts"

const context = { temperature: 298.15, maximumConcentration: 63104, initialStoichiometry: 0.95 }

it("Chen 2020 potential keeps to the measured one and ends the discharge", () => {
  const { potential, slope } = chen2020OpenCircuit
  // Measured points of the paper's half-cell data
  const measured = [
    [0.266145163492257, 4.2935653],
    [0.375044179100704, 4.1423388],
    [0.483943214533784, 3.9969349],
    [0.592841939924731, 3.8341596],
    [0.701740901054719, 3.7301033],
    [0.8106397384273, 3.635076],
  ]
  for (const [x, volts] of measured) expect(Math.abs(potential(x) - volts)).toBeLessThan(0.01)
  // Formula at 0.5, worked by hand: 4.083 + 0.0428·tanh(1.00345) − 17.7326·tanh(2.97307) + 17.5842·tanh(2.99499)
  const worked =
    4.083 +
    0.0428 * Math.tanh(18.5138 * 0.0542) -
    17.7326 * Math.tanh(15.789 * 0.1883) +
    17.5842 * Math.tanh(15.9308 * 0.188)
  expect(potential(0.5)).toBeCloseTo(worked, 12)
  expect(potential(1)).toBeLessThan(2.5)
  expect(potential(0.95)).toBeGreaterThan(3.5)
  expect(slope(1.2)).toBe(slope(1))
  expect(potential(1.2) - potential(1.1)).toBeCloseTo(0.1 * slope(1), 9)
})

it("a table of a rising potential is refused by where it rises", () => {
  const curve = { argument: Float64Array.of(0, 0.5, 1), value: Float64Array.of(4, 3.5, 3.6) }
  expect(() => tabulatedOpenCircuit(curve)).toThrow(/stoichiometry 1/)
})

it("monotone cubics pass through their points, are exact for lines and never overshoot", () => {
  const argument = Float64Array.of(0, 1, 1.5, 4, 5)
  const steps = monotoneCubic({ argument, value: Float64Array.of(0, 0, 1, 1, 3) })
  for (let i = 0; i < 5; i++) expect(steps.value(argument[i])).toBeCloseTo([0, 0, 1, 1, 3][i], 12)
  for (let x = 0; x < 5; x += 0.01) {
    expect(steps.slope(x)).toBeGreaterThanOrEqual(-1e-12)
    expect(steps.value(x)).toBeGreaterThanOrEqual(-1e-12)
    expect(steps.value(x)).toBeLessThanOrEqual(3 + 1e-12)
  }
  const peak = monotoneCubic({ argument: Float64Array.of(0, 1, 2, 3), value: Float64Array.of(0, 4, 1, 0) })
  for (let x = 0; x <= 3; x += 0.01) expect(peak.value(x)).toBeLessThanOrEqual(4)
  expect(peak.slope(1)).toBe(0)
  const line = monotoneCubic({ argument, value: argument.map((x) => 2 - 3 * x) })
  for (const x of [-2, 0.3, 2, 7]) expect(line.value(x)).toBeCloseTo(2 - 3 * x, 12)
  const two = monotoneCubic({ argument: Float64Array.of(0, 2), value: Float64Array.of(1, 5) })
  expect(two.value(3)).toBeCloseTo(7, 12)
  expect(() => monotoneCubic({ argument: Float64Array.of(1, 1), value: Float64Array.of(1, 2) })).toThrow(/increase/)
  expect(() => monotoneCubic({ argument: Float64Array.of(1), value: Float64Array.of(1) })).toThrow(/two points/)
})

it("electrolytes have the values of their fits at one mole a litre", () => {
  const nyman = nyman2008({
    temperature: 298.15,
    activationEnergy: 17000,
    transference: 0.2594,
    thermodynamicFactor: 1,
  })
  expect(nyman.conductivity(1000)).toBeCloseTo(0.1297 - 2.51 + 3.329, 12)
  expect(nyman.diffusivity(1000)).toBeCloseTo(8.794e-11 - 3.972e-10 + 4.862e-10, 20)
  const warm = nyman2008({ temperature: 318.15, activationEnergy: 17000, transference: 0.2594, thermodynamicFactor: 1 })
  expect(warm.conductivity(1000) / nyman.conductivity(1000)).toBeCloseTo(1.539, 2)
  const gasteiger = landesfeind2019(298.15)
  // Evaluated independently in another language from the published coefficients
  expect(gasteiger.transference(1000)).toBeCloseTo(0.2209128115, 9)
  expect(gasteiger.thermodynamicFactor(1000)).toBeCloseTo(2.181761315, 8)
  expect(gasteiger.thermodynamicFactor(2000)).toBeCloseTo(3.8499005, 7)
  expect(gasteiger.conductivity(500) / 0.7557554991447384).toBeCloseTo(1, 12)
  expect(gasteiger.conductivity(1000) / 0.913021087420052).toBeCloseTo(1, 12)
  expect(gasteiger.diffusivity(2000) / 1.550578309664424e-10).toBeCloseTo(1, 12)
  const heated = landesfeind2019(318.15)
  expect(heated.conductivity(2000) / 0.9087350578218545).toBeCloseTo(1, 12)
  expect(heated.diffusivity(1000) / 4.4532476153672645e-10).toBeCloseTo(1, 12)
  // Measured conductivity of 1 M LiPF6 in EC:EMC at 25 °C lies near 0.9 S/m
  expect(gasteiger.conductivity(1000)).toBeGreaterThan(0.8)
  expect(gasteiger.conductivity(1000)).toBeLessThan(1)
  expect(() => landesfeind2019(400)).toThrow(RangeError)
})

it("diffusivities of NMC811 lie where they were measured", () => {
  expect(oregan2022(298.15).value(0.6) / 2.7e-14).toBeLessThan(0.6)
  expect(oregan2022(298.15).value(0.6)).toBeGreaterThan(1e-15)
  expect(karanth2024.value(0.5)).toBeCloseTo(8.776115820349983e-15, 24)
  expect(karanth2024.value(0.2)).toBeCloseTo(1.291203629327939e-14, 24)
  expect(karanth2024.value(-3)).toBeGreaterThan(1e-15)
})

it("exchange currents have their references", () => {
  const out = new Float64Array(3)
  const insertion = laws.exchangeCurrent.insertion.create({ reference: 3.4, anodic: 0.5, cathodic: 0.5 }, {}, context)
  insertion.evaluateInto(0.5, 1000, out)
  expect(out[0]).toBeCloseTo(3.4, 12)
  insertion.evaluateInto(0.9, 250, out)
  expect(out[0]).toBeCloseTo(3.4 * 0.5 * Math.sqrt(0.2 * 1.8), 12)
  laws.exchangeCurrent.chen2020.create({}, {}, context).evaluateInto(0.5, 1000, out)
  expect(out[0]).toBeCloseTo(3.42e-6 * Math.sqrt(1000) * 31552, 9)
  laws.exchangeCurrent.oregan2022.create({}, {}, context).evaluateInto(0.3, 500, out)
  expect(out[0]).toBeCloseTo(5.028 * 0.5 ** 0.57 * 0.3 ** 0.43 * 0.7 ** 0.57, 9)
})

it("tabulated swelling is counted from the stress-free volume", () => {
  const curve = { argument: Float64Array.of(0, 1), value: Float64Array.of(0, 0.1) }
  const { volumeChange } = tabulatedSwelling(curve, 1000, 1)
  expect(volumeChange(1000)).toBeCloseTo(0, 15)
  expect(volumeChange(0)).toBeCloseTo(1 / 1.1 - 1, 12)
})
