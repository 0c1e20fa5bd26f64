import { tidy, um } from "./cell-files.ts"
import type { DrawnElectrode, SmallParticle } from "./small-twin.ts"

/** Half width and half height of a section [um] */
const halfBox = ({ radius, aspect, tilt }: SmallParticle): readonly [number, number] => {
  const [cosine, sine] = [Math.cos((tilt * Math.PI) / 180), Math.sin((tilt * Math.PI) / 180)]
  const other = radius * aspect
  return [Math.hypot(radius * cosine, other * sine), Math.hypot(radius * sine, other * cosine)]
}

/** How far a pore that parts two particles reaches into the height of each [um] */
const poreReach = 0.5

/** [um] */
export const separatorThickness = 10

/** Where everything of a drawing lies [um] */
const placed = ({ particles, columns, sideGap, ligament, severed }: DrawnElectrode & { readonly severed: number }) => {
  const boxes = particles.map(halfBox)
  const half = Math.max(...boxes.map(([x]) => x))
  const width = tidy(2 * sideGap + columns * 2 * half + (columns - 1) * ligament)
  const tops = Array.from({ length: columns }, () => sideGap - ligament)
  const places = boxes.map(([halfWidth, halfHeight], k) => {
    const column = k % columns
    const middle = sideGap + half + column * (2 * half + ligament)
    const y = tops[column] + ligament + halfHeight
    tops[column] = y + halfHeight
    return { x: middle + particles[k].shift * (half - halfWidth), y, bottom: y - halfHeight, top: y + halfHeight }
  })
  const height = tidy(Math.max(...tops) + sideGap)
  const first = particles.length - severed
  const pore = severed === 0 ? undefined : [places[first - 1].top - poreReach, places[first].bottom + poreReach]
  return { width, height, places, pore }
}

/** A drawing as the geometry of a twin's file. */
export const drawnGeometry = (
  drawn: DrawnElectrode & { readonly severed: number; readonly mirrored: boolean },
): { readonly kind: "layout" } & Readonly<Record<string, unknown>> => {
  const { width, height, places, pore } = placed(drawn)
  return {
    kind: "layout",
    width: um(width),
    height: um(height),
    "separator-thickness": um(separatorThickness),
    particles: drawn.particles.map(({ radius, aspect, tilt }, k) => {
      const centre = [um(places[k].x), um(places[k].y)]
      return aspect === 1
        ? { kind: "circle", centre, radius: um(radius) }
        : { kind: "ellipse", centre, "half-axes": [um(radius), um(radius * aspect)], angle: `${tilt} deg` }
    }),
    ...(drawn.cut === null
      ? {}
      : {
          cuts: [
            {
              kind: "straight",
              through: [um((width / 2) * (1 + drawn.cut.offset)), um(height / 2)],
              angle: `${drawn.cut.angle} deg`,
              left: "high",
              right: "low",
            },
          ],
        }),
    ...(drawn.mirrored ? { mirrored: true } : {}),
    ...(pore === undefined
      ? {}
      : { boxes: [{ kind: "void", name: "pore", from: ["0 um", um(pore[0])], to: [um(width), um(pore[1])] }] }),
    matrix: "high",
  }
}
