import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Schema } from "effect"
import { writeAtomically } from "../store/atomic.ts"
import type { RunUnwritable } from "../store/errors.ts"
import { madeFolder } from "../store/made-folder.ts"
import { packageFolder } from "./program.ts"

/** A folder that already holds a file of the project to be made. */
export class ProjectExists extends Schema.TaggedError<ProjectExists>()("ProjectExists", {
  file: Schema.String,
}) {
  override get message(): string {
    return `${this.file}: is there already; expected a folder without it`
  }
}

const readme = `# A digital twin of one's own

| file | what it is |
|---|---|
| \`twin.yaml\` | three particles in a carbon/binder matrix: geometry and mesh |
| \`materials.yaml\` | what they are made of, every number with its unit and source; \`twin.yaml\` builds on it |
| \`scenario.yaml\` | one cycle at 5C |
| \`*.schema.json\` | for editors that complete and check YAML files |

Run it, and look at the report:

    synchrode run twin.yaml scenario.yaml --out runs/first

Change a value without editing a file, as often as you like:

    synchrode run twin.yaml scenario.yaml --out runs/second --set "materials.interface.cohesion.strength=200 MPa"

A tomogram of your own takes the place of the drawn particles with \`geometry: { kind: tomogram, file: …, voxel-size: 70 nm, … }\`.
`

/** Files of a new project: name, the shipped file it comes from, and what changes in it. */
const sources: readonly (readonly [string, string, (text: string) => string])[] = [
  [
    "twin.yaml",
    "twins/li2022-three-particle.yaml",
    (text) =>
      text
        .replace("extends: materials/nmc811-li2022.yaml", "extends: materials.yaml")
        .replace(/^name: .*$/m, "name: my-twin"),
  ],
  ["materials.yaml", "twins/materials/nmc811-li2022.yaml", (text) => text],
  ["scenario.yaml", "scenarios/one-cycle.yaml", (text) => text],
  ["twin.schema.json", "twins/twin.schema.json", (text) => text],
  ["scenario.schema.json", "scenarios/scenario.schema.json", (text) => text],
]

/** Makes a small project: a twin, its materials, a scenario, their schemas, a README. Returns the names of its files. */
export const createProject = Effect.fn("createProject")(function* (
  folder: string,
): Effect.fn.Return<readonly string[], ProjectExists | RunUnwritable> {
  const names = [...sources.map(([name]) => name), "README.md"]
  const present = names.find((name) => existsSync(join(folder, name)))
  if (present !== undefined) return yield* new ProjectExists({ file: join(folder, present) })
  yield* madeFolder(folder)
  for (const [name, source, changed] of sources) {
    const text = readFileSync(join(packageFolder, source), "utf8")
    yield* writeAtomically(join(folder, name), changed(text))
  }
  yield* writeAtomically(join(folder, "README.md"), readme)
  return names
})
