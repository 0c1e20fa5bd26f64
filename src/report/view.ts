import type { Mesh } from "../mesh/mesh.ts"

/** A window on the mesh plane: which metres go to which pixels; y points up in the mesh and down in the picture. */
export interface View {
  /** [m] */
  readonly minimum: readonly [number, number]
  readonly maximum: readonly [number, number]
  /** [px/m] */
  readonly scale: number
  /** Size of the picture [px] */
  readonly width: number
  readonly height: number
}

/** Corners of the box around some nodes of the mesh; all nodes where none are given [m]. */
export const boundsOf = (
  mesh: Mesh,
  nodes?: Iterable<number>,
): { readonly minimum: readonly [number, number]; readonly maximum: readonly [number, number] } => {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity]
  const take = (node: number) => {
    const x = mesh.nodes[2 * node]
    const y = mesh.nodes[2 * node + 1]
    if (x < left) left = x
    if (x > right) right = x
    if (y < bottom) bottom = y
    if (y > top) top = y
  }
  if (nodes === undefined) for (let node = 0; node < mesh.nodes.length / 2; node++) take(node)
  else for (const node of nodes) take(node)
  return { minimum: [left, bottom], maximum: [right, top] }
}

/** The largest view of a box within so many pixels. */
export const viewOf = (
  bounds: { readonly minimum: readonly [number, number]; readonly maximum: readonly [number, number] },
  width: number,
  height: number,
): View => {
  const [wide, tall] = [bounds.maximum[0] - bounds.minimum[0], bounds.maximum[1] - bounds.minimum[1]]
  const scale = Math.min(width / wide, height / tall)
  return { ...bounds, scale, width: wide * scale, height: tall * scale }
}

export const toX = (view: View, x: number): number => (x - view.minimum[0]) * view.scale
export const toY = (view: View, y: number): number => (view.maximum[1] - y) * view.scale

/**
 * Nodes as path data; points that would not move the line by a tenth of a pixel are left out.
 * @param nodes   along the line
 * @param closed  whether the last joins the first
 */
export const pathOf = (mesh: Mesh, view: View, nodes: ArrayLike<number>, closed: boolean): string => {
  const x: number[] = []
  const y: number[] = []
  for (let at = 0; at < nodes.length; at++) {
    const here = [toX(view, mesh.nodes[2 * nodes[at]]), toY(view, mesh.nodes[2 * nodes[at] + 1])]
    const last = x.length - 1
    if (last >= 0 && Math.hypot(here[0] - x[last], here[1] - y[last]) < 0.25 && at < nodes.length - 1) continue
    if (last >= 1 && straight(x[last - 1], y[last - 1], x[last], y[last], here[0], here[1])) {
      x[last] = here[0]
      y[last] = here[1]
    } else {
      x.push(here[0])
      y.push(here[1])
    }
  }
  return `M${x.map((value, at) => `${tenth(value)} ${tenth(y[at])}`).join("L")}${closed ? "Z" : ""}`
}

const tenth = (value: number): string => String(Math.round(value * 10) / 10)

/** Whether b lies within 0.04 px of the way from a to c. */
const straight = (ax: number, ay: number, bx: number, by: number, cx: number, cy: number): boolean => {
  const length = Math.hypot(cx - ax, cy - ay)
  const along = (bx - ax) * (cx - ax) + (by - ay) * (cy - ay)
  return along > 0 && Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) < 0.04 * length
}

/** A scale bar of a round length that takes about a quarter of the view. */
export const scaleBar = (view: View): { readonly length: number; readonly pixels: number; readonly text: string } => {
  const wanted = (0.3 * view.width) / view.scale
  const power = 10 ** Math.floor(Math.log10(wanted))
  const length = [5, 2, 1].map((factor) => factor * power).find((candidate) => candidate <= wanted) ?? power
  return { length, pixels: length * view.scale, text: `${Number((length * 1e6).toPrecision(3))} µm` }
}
