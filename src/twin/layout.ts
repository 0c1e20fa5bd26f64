import { type Cut, cutForCoverage, type Layout } from "../mesh/layout.ts"
import type { Resolution } from "../mesh/parts.ts"
import type { MeshProblem } from "../mesh/problem.ts"
import { describeProblem } from "../mesh/problem.ts"
import type { Drawing, MeshSettings } from "./geometry.ts"
import { type Fault, pathText } from "./problem.ts"
import type { Quantity } from "./quantity.ts"
import { suggestion } from "./suggestion.ts"

const point = ([x, y]: readonly [Quantity, Quantity]): readonly [number, number] => [x.value, y.value]

const shapeOf = (particle: Drawing["particles"][number]): Layout["particles"][number] => {
  switch (particle.kind) {
    case "circle":
      return { kind: "circle", centre: point(particle.centre), radius: particle.radius.value }
    case "ellipse":
      return {
        kind: "ellipse",
        centre: point(particle.centre),
        axes: point(particle["half-axes"]),
        angle: particle.angle.value,
      }
    case "polygon":
      return { kind: "polygon", vertices: Float64Array.from(particle.vertices.flatMap(point)) }
  }
}

type WrittenCut = NonNullable<Drawing["cuts"]>[number]

const coveringCut = (
  { particles: pair, left, right }: Extract<WrittenCut, { kind: "covering" }>,
  drawn: Drawing["particles"],
  path: readonly PropertyKey[],
): Cut | Fault => {
  const circles = pair.map(({ particle, share }) => {
    const shape = drawn[particle - 1]
    return shape?.kind === "circle"
      ? { centre: point(shape.centre), radius: shape.radius.value, share: share.value }
      : undefined
  })
  const [first, last] = circles
  if (first === undefined || last === undefined) {
    const index = first === undefined ? 0 : 1
    const known = drawn.flatMap(({ kind }, k) => (kind === "circle" ? [k + 1] : []))
    return {
      path: [...path, "particles", index, "particle"],
      expected: `the number of a circle: ${known.length === 0 ? "there is none" : known.join(", ")}`,
      found: String(pair[index].particle),
    }
  }
  const cut = cutForCoverage(first, last)
  if (cut !== null) return { ...cut, left, right }
  return {
    path: [...path, "particles"],
    expected: "shares that one straight cut can give two circles",
    found: pair.map(({ particle, share }) => `${share.text} of particle ${particle}`).join(" and "),
  }
}

const isFault = (value: Cut | Fault): value is Fault => "expected" in value

/** The layout that a drawing describes, or what is wrong with it. */
export const layoutOf = (drawing: Drawing): { readonly layout: Layout } | { readonly faults: readonly Fault[] } => {
  const cuts = (drawing.cuts ?? []).map((cut, index): Cut | Fault =>
    cut.kind === "straight"
      ? { through: point(cut.through), angle: cut.angle.value, left: cut.left, right: cut.right }
      : coveringCut(cut, drawing.particles, ["geometry", "cuts", index]),
  )
  const faults = cuts.filter(isFault)
  if (faults.length > 0) return { faults }
  return {
    layout: {
      width: drawing.width.value,
      height: drawing.height.value,
      separatorThickness: drawing["separator-thickness"].value,
      particles: drawing.particles.map(shapeOf),
      boxes: (drawing.boxes ?? []).map(({ kind, name, from, to }) => {
        const [[x0, y0], [x1, y1]] = [point(from), point(to)]
        return { kind, name, x0, y0, x1, y1 }
      }),
      cuts: cuts.filter((cut): cut is Cut => !isFault(cut)),
      matrix: drawing.matrix,
      mirrored: drawing.mirrored ?? false,
    },
  }
}

/** Edge lengths of the mesh. @throws RangeError without them: `geometryFaults` asks for them where a mesh is made */
export const resolutionOf = (settings: MeshSettings | undefined): Resolution => {
  if (settings === undefined) throw new RangeError("a mesh needs its edge lengths")
  return {
    interfaceLength: settings["interface-length"].value,
    growth: settings.growth.value,
    maximumLength: settings["maximum-length"].value,
    refine: settings.refine ?? 0,
    ...(settings["gap-edges"] === undefined ? {} : { gapEdges: settings["gap-edges"].value }),
  }
}

/** Names of matrices that a geometry uses but the materials do not have. */
export const matrixFaults = (
  used: readonly (readonly [readonly PropertyKey[], string])[],
  known: readonly string[],
): Fault[] =>
  used
    .filter(([, name]) => !known.includes(name))
    .map(([path, name]) => {
      const hint = suggestion(name, known)
      return {
        path,
        expected: `the name of a matrix under materials.matrices: ${known.map((each) => `"${each}"`).join(", ")}`,
        found: JSON.stringify(name),
        ...(hint === undefined ? {} : { hint }),
      }
    })

/** Matrices that a drawing names, with their paths. */
export const namedMatrices = (drawing: Drawing): (readonly [readonly PropertyKey[], string])[] => [
  [["geometry", "matrix"], drawing.matrix],
  ...(drawing.cuts ?? []).flatMap(({ left, right }, index) => [
    [["geometry", "cuts", index, "left"], left] as const,
    [["geometry", "cuts", index, "right"], right] as const,
  ]),
  ...(drawing.boxes ?? []).flatMap(({ kind, name }, index) =>
    kind === "matrix" ? [[["geometry", "boxes", index, "name"], name] as const] : [],
  ),
]

const fieldPaths: Readonly<Record<string, readonly PropertyKey[]>> = {
  width: ["geometry", "width"],
  height: ["geometry", "height"],
  separatorThickness: ["geometry", "separator-thickness"],
  interfaceLength: ["mesh", "interface-length"],
  growth: ["mesh", "growth"],
  maximumLength: ["mesh", "maximum-length"],
  gapEdges: ["mesh", "gap-edges"],
}

/** What the mesher found wrong, at the place in the twin that is to be changed. */
export const meshFault = (problem: MeshProblem): Fault => {
  const found = describeProblem(problem)
  switch (problem.kind) {
    case "particles-overlap":
      return { path: ["geometry", "particles", problem.second], expected: "particles that do not overlap", found }
    case "particles-too-close":
      return {
        path: ["geometry", "particles", problem.second],
        expected: "a gap between particles that the mesh can resolve",
        found,
        hint: "move them apart or choose a smaller mesh.interface-length",
      }
    case "particle-outside-domain":
      return { path: ["geometry", "particles", problem.particle], expected: "a particle inside the domain", found }
    case "cut-grazes-particle":
      return { path: ["geometry", "cuts", problem.cut], expected: "a cut that crosses or misses a particle", found }
    case "bad-value":
      return {
        path: fieldPaths[problem.field] ?? ["geometry"],
        expected: problem.expected.replaceAll(/[a-z]+[A-Z]\w+/g, (name) => pathText(fieldPaths[name] ?? [name])),
        found: String(problem.value),
      }
    case "boundaries-cross":
      return { path: ["geometry"], expected: "boundaries that do not cross", found }
    case "not-mirrored":
      return { path: ["geometry", "particles"], expected: "a layout that is its own mirror image", found }
    case "too-many-vertices":
      return { path: ["mesh"], expected: "a coarser mesh", found }
  }
}
