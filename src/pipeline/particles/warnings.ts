import type { ParticleMeasures } from "../../particles/measure-particle.ts"
import { columnOf, type ParticleTable } from "../../particles/table.ts"
import { seesNeighbours } from "../../particles/volume-table.ts"

/** What a reader of the table should know. */
export interface TableWarning {
  readonly severity: "note" | "warning"
  readonly message: string
}

/** Below this radius surfaces and forms of digitised particles are rough [voxel]. */
const roughRadius = 6
/** Fewer whole particles make rough statistics. */
const fewParticles = 30
/** A single particle that holds more of the volume of all is likely several. */
const largeShare = 0.2
/** From here on cracks are likely to part particles */
const crackedDamage = 0.02

const percent = (share: number): string => `${Math.round(100 * share)} %`

/**
 * What is to be said of any table.
 * @param isWatershed whether a watershed told its particles apart, rather than a network or labels that were given
 */
export const tableWarnings = (table: ParticleTable, isWatershed: boolean): readonly TableWarning[] => {
  const { particleCount, cut, missing } = table
  const whole = cut.reduce((sum, flag) => sum + (flag === 0 ? 1 : 0), 0)
  const damage = columnOf(table, "Damage")?.values
  const warnings: (TableWarning | false)[] = [
    particleCount === 0 && { severity: "warning", message: "no particles were found" },
    particleCount > 0 &&
      whole < particleCount && {
        severity: "note",
        message: `the border of the field of view cuts ${particleCount - whole} of ${particleCount} particles; they are flagged in the table (Cut) and left out of the statistics`,
      },
    particleCount > 0 &&
      whole < fewParticles && {
        severity: "warning",
        message: `only ${whole} whole particles: their distributions say little of the electrode`,
      },
    missing.some(({ name }) => name === "ContactCB") && {
      severity: "note",
      message: "carbon/binder and void are not told apart, so contacts with them are not known",
    },
    missing.some(({ name }) => name === "EDensity") && {
      severity: "note",
      message:
        "there are no gray values of electron density (phase contrast), so EDensity and Homogeneity are not known",
    },
    isWatershed &&
      (damage?.some((value) => value > crackedDamage) ?? false) && {
        severity: "note",
        message:
          "particles have cracks: those that run through may have parted one particle into several; compare with --close-cracks WIDTH and look at the planes of the report",
      },
    damage !== undefined &&
      whole > 0 &&
      damage.every((value) => !(value > 0)) && { severity: "note", message: "no particle has cracks or inner voids" },
  ]
  return warnings.filter((warning) => warning !== false)
}

/** What is to be said of particles in space. */
export const volumeWarnings = (measures: readonly ParticleMeasures[]): readonly TableWarning[] => {
  if (measures.length === 0) return []
  const radius = ({ volume, spacing }: ParticleMeasures): number =>
    Math.cbrt((3 * volume) / (4 * Math.PI) / (spacing[0] * spacing[1] * spacing[2]))
  const rough = measures.filter((each) => radius(each) < roughRadius).length / measures.length
  const total = measures.reduce((sum, { volume }) => sum + volume, 0)
  const largest = measures.reduce((most, each) => (each.volume > most.volume ? each : most))
  const blind = measures.filter((each) => !seesNeighbours(each)).length
  const warnings: (TableWarning | false)[] = [
    rough > 0.1 && {
      severity: "warning",
      message: `${percent(rough)} of the particles have a radius below ${roughRadius} voxels: their surfaces and forms are rough estimates`,
    },
    measures.length > 5 &&
      largest.volume > largeShare * total && {
        severity: "warning",
        message: `particle ${largest.label} holds ${percent(largest.volume / total)} of the volume of all particles: touching particles may not have been parted`,
      },
    blind > 0 && {
      severity: "note",
      message: `${blind} particles stand so far from others that their six nearest were not looked for: neighbour attributes are empty there`,
    },
  ]
  return warnings.filter((warning) => warning !== false)
}
