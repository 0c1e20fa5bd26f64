/** Why no mesh could be made; lengths in metres, angles in radians. */
export type MeshProblem =
  | { readonly kind: "particles-overlap"; readonly first: number; readonly second: number; readonly overlap: number }
  | {
      readonly kind: "particles-too-close"
      readonly first: number
      readonly second: number
      readonly gap: number
      readonly smallestGap: number
    }
  /** `excess` is how far it reaches over the edge, or less than `smallestGap` away from it if negative. */
  | {
      readonly kind: "particle-outside-domain"
      readonly particle: number
      readonly edge: "left" | "right" | "bottom" | "top"
      readonly excess: number
      readonly smallestGap: number
    }
  /** A cut runs along a particle's surface without clearly crossing or clearly missing it. */
  | { readonly kind: "cut-grazes-particle"; readonly cut: number; readonly particle: number; readonly angle: number }
  | { readonly kind: "bad-value"; readonly field: string; readonly value: number; readonly expected: string }
  /** A mirrored mesh is wanted, but this particle has no mirror image, or (−1) there are cuts or boxes. */
  | { readonly kind: "not-mirrored"; readonly particle: number }
  /** Two boundaries cross where they must not, near this point. */
  | { readonly kind: "boundaries-cross"; readonly at: readonly [number, number] }
  | { readonly kind: "too-many-vertices"; readonly limit: number }

/** Whether a mesher returned the reason why there is no mesh. */
export const isMeshProblem = (value: { readonly kind?: unknown } | object): value is MeshProblem =>
  "kind" in value && !("nodes" in value)

/** The problem in words, lengths in micrometres. */
export const describeProblem = (problem: MeshProblem): string => {
  const um = (length: number): string => `${(length * 1e6).toPrecision(4)} µm`
  switch (problem.kind) {
    case "particles-overlap":
      return `particles ${problem.first + 1} and ${problem.second + 1} overlap by ${um(problem.overlap)}`
    case "particles-too-close":
      return (
        `particles ${problem.first + 1} and ${problem.second + 1} are ${um(problem.gap)} apart; ` +
        `this resolution needs ${um(problem.smallestGap)}`
      )
    case "particle-outside-domain":
      return problem.excess > 0
        ? `particle ${problem.particle + 1} reaches ${um(problem.excess)} over the ${problem.edge} edge`
        : `particle ${problem.particle + 1} is ${um(-problem.excess)} from the ${problem.edge} edge; ` +
            `this resolution needs ${um(problem.smallestGap)}`
    case "cut-grazes-particle":
      return (
        `cut ${problem.cut + 1} runs along the surface of particle ${problem.particle + 1} ` +
        `(angle ${((problem.angle * 180) / Math.PI).toFixed(2)}°)`
      )
    case "not-mirrored":
      return problem.particle >= 0
        ? `particle ${problem.particle + 1} is no circle with a mirror image in the layout`
        : "a mirrored mesh can have neither cuts nor boxes"
    case "bad-value":
      return `${problem.field} is ${problem.value}; expected ${problem.expected}`
    case "boundaries-cross":
      return `boundaries cross near (${um(problem.at[0])}, ${um(problem.at[1])})`
    case "too-many-vertices":
      return `the mesh would need more than ${problem.limit} vertices`
  }
}
