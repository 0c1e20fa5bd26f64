import type { DepthProfile } from "../../particles/population.ts"
import type { SevereNeighbours } from "../../particles/severe-neighbours.ts"
import { columnOf, wholeParticles } from "../../particles/table.ts"
import { quantile, type Sample, sampleOf } from "../../statistics/sample.ts"
import { readableUnit } from "../histograms.ts"
import { fixed, percent, significant } from "../number.ts"
import type { KeyFigure } from "../summary.ts"
import { counted, inWords, literal } from "../text.ts"
import type { ParticleReportInput } from "./input.ts"

const micro = 1e6

/** Whether the particles were measured in a plane. */
export const isPlane = ({ volume }: ParticleReportInput): boolean => volume.shape[2] === 1

const finite = (values: Float64Array | undefined): Float64Array =>
  (values ?? new Float64Array(0)).filter(Number.isFinite)

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** An attribute of the whole particles, as far as it is known. */
const known = (input: ParticleReportInput, name: string): Float64Array =>
  finite(columnOf(wholeParticles(input.table), name)?.values)

/** Whether any whole particle is damaged enough to be of another class than the least. */
export const hasDamage = (input: ParticleReportInput): boolean =>
  known(input, "Damage").some((value) => value >= input.population.settings.damage.mild)

/** Diameters of balls (or discs) of the particles' volumes, of whole particles [m]. */
export const equivalentDiameters = (input: ParticleReportInput): Sample =>
  sampleOf(
    known(input, "Volume").map((volume) =>
      isPlane(input) ? 2 * Math.sqrt(volume / Math.PI) : Math.cbrt((6 * volume) / Math.PI),
    ),
  )

/** Touching neighbours of whole particles; undefined where they were not counted. */
export const wholeCoordination = ({ coordination, table }: ParticleReportInput): Float64Array | undefined =>
  coordination === null ? undefined : Float64Array.from(coordination).filter((_, particle) => table.cut[particle] === 0)

const lengthText = (length: number): string => {
  const { unit, factor } = readableUnit("m", [length])
  return `${significant(length * factor, 3)} ${unit}`
}

const spacingText = (spacing: readonly number[]): string => {
  const edges = spacing.map((edge) => Number((edge * 1e9).toPrecision(6)))
  return `${edges.every((edge) => edge === edges[0]) ? edges[0] : edges.join(" × ")} nm`
}

/** Size of the volume in voxels and in micrometres. */
export const sizeText = (input: ParticleReportInput): string => {
  const { shape, spacing } = input.volume
  const axes = isPlane(input) ? [0, 1] : [0, 1, 2]
  const voxels = axes.map((axis) => shape[axis]).join(" × ")
  const edges = axes.map((axis) => fixed(shape[axis] * spacing[axis] * micro, 1)).join(" × ")
  return `${voxels} ${isPlane(input) ? "pixels" : "voxels"} of ${spacingText(axes.map((axis) => spacing[axis]))}, ${edges} µm`
}

export const probabilityText = (probability: number): string =>
  probability < 0.0095 ? `*p* = ${fixed(probability, 3)}` : `*p* = ${fixed(probability, 2)}`

const foundSentence = (input: ParticleReportInput): string => {
  const { particleCount, wholeCount } = input.population
  const cut = particleCount - wholeCount
  const where = `In $${literal(input.title)}$ (${literal(input.volume.format)}, ${sizeText(input)})`
  if (particleCount === 0) return `${where} there are no particles.`
  const found = input.volume.content === "labels" ? "are labelled" : "were found"
  const kept =
    cut === 0
      ? ""
      : `; the border cuts ${cut.toLocaleString("en-GB")} of them, and statistics are those of the ${wholeCount === 1 ? "one" : `${wholeCount.toLocaleString("en-GB")} that are whole`}`
  return `${where} ${counted(particleCount, "particle")} ${found}${kept}.`
}

const phaseSentence = (input: ParticleReportInput): string | undefined =>
  input.phases.length === 0
    ? undefined
    : `By ${isPlane(input) ? "area" : "volume"} it is ${inWords(input.phases.map(({ name, share }) => `${percent(share)} ${literal(name)}`))}.`

const sizeSentence = (input: ParticleReportInput): string | undefined => {
  const diameters = equivalentDiameters(input)
  if (diameters.sorted.length < 4) return undefined
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => lengthText(quantile(diameters, share)))
  return `The median diameter of ${isPlane(input) ? "discs of equal area" : "balls of equal volume"} is ${middle}; eight in ten lie between ${low} and ${high}.`
}

const neighbourSentence = (input: ParticleReportInput): string | undefined => {
  const coordination = wholeCoordination(input)
  const contact = known(input, "Contact")
  const binder = known(input, "ContactCB")
  const empty = known(input, "ContactVoid")
  const parts: string[] = []
  if (coordination !== undefined && coordination.length > 0) {
    parts.push(`touches ${fixed(meanOf(coordination), 1)} others on average`)
  }
  if (contact.length > 0)
    parts.push(`has ${percent(meanOf(contact))} of its ${isPlane(input) ? "outline" : "surface"} on them`)
  // Where void is not told apart, the matrix holds both.
  if (binder.length > 0)
    parts.push(`${percent(meanOf(binder))} on ${empty.length > 0 ? "carbon/binder" : "the matrix"}`)
  if (empty.length > 0) parts.push(`${percent(meanOf(empty))} on void`)
  return parts.length === 0 ? undefined : `A particle ${inWords(parts)}.`
}

const damageSentence = (input: ParticleReportInput): string | undefined => {
  const { damage, settings } = input.population
  const worst = known(input, "Damage").reduce((most, value) => Math.max(most, value), 0)
  if (worst > 0 && !hasDamage(input)) return `Cracks and inner voids take at most ${percent(worst)} of any particle.`
  if (damage === null || damage.least + damage.mild + damage.severe === 0) return undefined
  const { mild, severe } = settings.damage
  return (
    `${counted(damage.severe, "particle")} ${damage.severe === 1 ? "is" : "are"} severely damaged (from ${percent(severe)} of the volume in cracks on), ` +
    `${damage.mild.toLocaleString("en-GB")} mildly (from ${percent(mild)} on) and ${damage.least.toLocaleString("en-GB")} least.`
  )
}

/** Where severely damaged particles are, in a sentence. */
export const severeSentence = (severe: SevereNeighbours): string => {
  if (severe.kind === "unknown damage") return "Damage is not known, so nothing is said of where it is severe."
  if (severe.kind === "too few") {
    return severe.count < severe.needed
      ? `${severe.count === 0 ? "No particle is" : severe.count === 1 ? "One particle is" : `${severe.count} particles are`} severely damaged: too few to say whether they lie together (${severe.needed} are needed).`
      : "All particles are severely damaged."
  }
  const { observed, mean, probability, simulations } = severe.meanNearest
  const [here, chance] = [observed[0], mean[0]].map((distance) => `${fixed(distance * micro, 2)} µm`)
  const verdict =
    probability > 0.05
      ? "no farther from chance than labels set at random"
      : observed[0] < mean[0]
        ? "nearer than chance: they lie together"
        : "farther than chance: they keep apart"
  return (
    `From one severely damaged particle to the next it is ${here} on average; were the same number of labels set on the particles at random, ` +
    `it would be ${chance} (${simulations.toLocaleString("en-GB")} relabellings, ${probabilityText(probability)}): ${verdict}.`
  )
}

/** How an attribute goes with depth, in a sentence. */
export const depthSentence = ({ name, correlation, interval }: DepthProfile, confidence: number): string => {
  const [low, high] = interval
  const numbers = `rank correlation ${fixed(correlation.coefficient, 2)}, ${fixed(low, 2)} to ${fixed(high, 2)} with ${percent(confidence)} confidence`
  if (!Number.isFinite(low)) return `Too few particles to say how ${literal(name)} goes with depth.`
  if (low > 0) return `${literal(name)} rises towards the separator (${numbers}).`
  if (high < 0) return `${literal(name)} falls towards the separator (${numbers}).`
  return `${literal(name)} does not go with depth (${numbers}).`
}

/** What was found, as sentences in mark-up; only what the data hold. */
export const particleSentences = (input: ParticleReportInput): readonly string[] => {
  const damage = input.population.depth.find(({ name }) => name === "Damage")
  const isDamaged = hasDamage(input)
  return [
    foundSentence(input),
    phaseSentence(input),
    sizeSentence(input),
    neighbourSentence(input),
    known(input, "Damage").some((value) => value > 0) ? damageSentence(input) : undefined,
    isDamaged && damage !== undefined ? depthSentence(damage, input.population.settings.confidence) : undefined,
    isDamaged && input.population.severe.kind === "measured" ? severeSentence(input.population.severe) : undefined,
  ].filter((sentence) => sentence !== undefined)
}

/** The numbers that stand first. */
export const particleKeys = (input: ParticleReportInput): readonly KeyFigure[] => {
  const { particleCount, wholeCount } = input.population
  const keys: KeyFigure[] = [
    {
      title: "Particles",
      value: particleCount.toLocaleString("en-GB"),
      note: `${wholeCount.toLocaleString("en-GB")} whole`,
    },
  ]
  const share = input.phases.find(({ name }) => name === "particles")?.share
  if (share !== undefined)
    keys.push({
      title: `Particles by ${isPlane(input) ? "area" : "volume"}`,
      value: percent(share),
      note: "of the field of view",
    })
  const diameters = equivalentDiameters(input)
  if (diameters.sorted.length > 0) {
    keys.push({
      title: "Median diameter",
      value: lengthText(quantile(diameters, 0.5)),
      note: `of equal ${isPlane(input) ? "area" : "volume"}`,
    })
  }
  const coordination = wholeCoordination(input)
  if (coordination !== undefined && coordination.length > 0) {
    keys.push({ title: "Touching neighbours", value: fixed(meanOf(coordination), 1), note: "on average" })
  }
  const sphericity = known(input, "Sphericity")
  if (sphericity.length > 0)
    keys.push({ title: "Mean sphericity", value: fixed(meanOf(sphericity), 2), note: "1 for a ball" })
  const damage = known(input, "Damage")
  if (damage.length > 0)
    keys.push({
      title: "Mean damage",
      value: percent(meanOf(damage)),
      note: `cracks by ${isPlane(input) ? "area" : "volume"}`,
    })
  return keys
}
