import { type OnnxModel, standardNode } from "./onnx-model.ts"
import { answerNames, type StarNetworkFacts, starNetworkKey } from "./segmenter-model.ts"
import { factsOf, nodesOfAnswers } from "./star-model.ts"

/** Why networks cannot be averaged, in words; undefined where they can. */
export const averagingFault = (models: readonly OnnxModel[]): string | undefined => {
  if (models.length < 2) return `expected two networks at least; found ${models.length}`
  const known = models.map(factsOf)
  const foreign = known.findIndex((facts) => !(facts !== undefined && facts.shape?.rayCount > 0))
  if (foreign >= 0) return `expected networks of this program; found another as number ${foreign + 1}`
  const written = known.map((facts) => `${facts!.shape.rayCount} rays, answers every ${facts!.answerStep} pixels`)
  const other = written.findIndex((words) => words !== written[0])
  return other < 0 ? undefined : `expected ${written[0]} of all; found ${written[other]} in number ${other + 1}`
}

/**
 * Star-convex networks of this program as one that answers with the mean of theirs: errors that they do not share get
 * smaller (L. K. Hansen, P. Salamon, IEEE Trans. Pattern Anal. Mach. Intell. 12 (1990) 993–1001). Takes as long as all of
 * them together.
 * @param models   with no `averagingFault`
 * @param metadata further words for the file
 */
export const averagedModel = (
  models: readonly OnnxModel[],
  metadata: Readonly<Record<string, string>> = {},
): OnnxModel => {
  const [first] = models
  const facts = models.map((model): StarNetworkFacts => {
    const known = factsOf(model)
    if (known === undefined) throw new RangeError("a network that is none of this program's")
    return known
  })
  const own = (name: string, k: number): string =>
    name === "" || first.inputs.some((input) => input.name === name) ? name : `network${k + 1}_${name}`
  const members = models.flatMap((model, k) =>
    model.nodes.slice(0, nodesOfAnswers(model)).map((node) => ({
      ...node,
      inputs: node.inputs.map((name) => own(name, k)),
      outputs: node.outputs.map((name) => own(name, k)),
    })),
  )
  const means = answerNames.map((name) =>
    standardNode(
      "Mean",
      models.map((_, k) => own(name, k)),
      [name],
    ),
  )
  const after = first.nodes.slice(nodesOfAnswers(first))
  const shared = new Set(after.flatMap(({ inputs }) => inputs))
  const used = new Set(members.flatMap(({ inputs }) => inputs))
  const constants = models.flatMap(({ constants: values }, k) =>
    Object.entries(values).flatMap(([name, value]) => (used.has(own(name, k)) ? [[own(name, k), value] as const] : [])),
  )
  return {
    ...first,
    nodes: [...members, ...means, ...after],
    constants: Object.fromEntries([
      ...constants,
      ...Object.entries(first.constants).filter(([name]) => shared.has(name)),
    ]),
    metadata: {
      ...metadata,
      [starNetworkKey]: JSON.stringify({
        ...facts[0],
        sizeStep: Math.max(...facts.map(({ sizeStep }) => sizeStep)),
        sight: Math.max(...facts.map(({ sight }) => sight)),
      }),
    },
  }
}
