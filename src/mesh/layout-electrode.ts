import type { Circle, PlanarElectrode } from "../microstructure/planar-electrode.ts"
import type { Layout } from "./layout.ts"

/** Why a layout is no planar electrode of circles. */
export type LayoutElectrodeProblem =
  /** Index of the first particle that is no circle */
  { readonly kind: "not-a-circle"; readonly particle: number } | { readonly kind: "has-boxes"; readonly count: number }

/**
 * A drawn layout as the planar electrode of which a network is made; the separator is left out.
 * @param isHigh whether the matrix of a name conducts well
 */
export const layoutElectrode = (
  { width, height, particles, boxes = [], cuts = [], matrix }: Layout,
  isHigh: (name: string) => boolean,
  { carbonBinderPorosity, bruggeman }: Pick<PlanarElectrode, "carbonBinderPorosity" | "bruggeman">,
): PlanarElectrode | LayoutElectrodeProblem => {
  if (boxes.length > 0) return { kind: "has-boxes", count: boxes.length }
  const circles: Circle[] = []
  for (const shape of particles) {
    if (shape.kind !== "circle") return { kind: "not-a-circle", particle: circles.length }
    circles.push({ centre: shape.centre, radius: shape.radius })
  }
  return {
    width,
    height,
    circles,
    cuts: cuts.map(({ through, angle, left, right }) => ({
      through,
      angle,
      isLeftHigh: isHigh(left),
      isRightHigh: isHigh(right),
    })),
    isHigh: isHigh(matrix),
    carbonBinderPorosity,
    bruggeman,
  }
}
