import { mkdirSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import type { TwinFiles } from "../arbitrary/cell-files.ts"

/** How a generator's record is written as files of a folder. */
export type Written<Twin> = (twin: Twin, folder: string, name: string, description: string) => TwinFiles

/** A twin for which a property does not hold, in its smallest form. */
export interface Counterexample<Twin = unknown> {
  readonly property: string
  readonly twin: Twin
  /** What is wrong with it, or what was thrown */
  readonly finding: string
  readonly seed: number
  /** Leads fast-check from the seed to this twin */
  readonly path: string
  /** Cases tried until one failed, and steps by which it was made smaller */
  readonly tried: number
  readonly shrunk: number
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60)

const replay = ({ property, seed, path }: Counterexample): string =>
  `npm run properties -- test/properties --only ${JSON.stringify(property)} --seed ${seed}${path === "" ? "" : ` --path ${path}`}`

const readme = (counterexample: Counterexample, folder: string): string => {
  const { property, finding, seed, tried, shrunk, twin } = counterexample
  return `# ${property}

does not hold for this twin:

    ${finding.split("\n")[0]}

Found as case ${tried} of seed ${seed} and made smaller in ${shrunk} steps. To see it fail again:

\`\`\`sh
${replay(counterexample)}
\`\`\`

To see what the twin does:

\`\`\`sh
npx synchrode run ${folder}/twin.yaml ${folder}/scenario.yaml
\`\`\`

As the generator's record:

\`\`\`json
${JSON.stringify(twin, null, 2)}
\`\`\`
`
}

/**
 * Writes `twin.yaml`, `scenario.yaml` and a README into a folder of its own.
 * @param written the twin as files
 * @param shelf folder of all counterexamples
 * @returns the folder
 */
export const savedCounterexample = <Twin>(
  counterexample: Counterexample<Twin>,
  written: Written<Twin>,
  shelf: string,
): string => {
  const { property, twin, finding, seed } = counterexample
  const name = `${slug(property)}-${seed}`
  const folder = join(shelf, name)
  const files = written(twin, folder, name, `"${property}" does not hold: ${finding.split("\n")[0]}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, "twin.yaml"), files.twin)
  writeFileSync(join(folder, "scenario.yaml"), files.scenario)
  writeFileSync(join(folder, "README.md"), readme(counterexample, relative(process.cwd(), folder)))
  return folder
}

/** The failure in words. */
export const counterexampleText = (counterexample: Counterexample, folder: string): string =>
  [
    `"${counterexample.property}" does not hold: ${counterexample.finding}`,
    `case ${counterexample.tried}, made smaller in ${counterexample.shrunk} steps: ${folder}`,
    `replay: ${replay(counterexample)}`,
  ].join("\n")
