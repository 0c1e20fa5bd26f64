import type { SizeFunction } from "./sizing.ts"
import { TriangleQueue } from "./triangle-queue.ts"
import { next, type Place, previous, type Triangulation } from "./triangulation.ts"

export interface RefinementGoal {
  readonly size: SizeFunction
  /** Smallest angle wanted away from sharp input corners [rad]; up to 0.52 (30°) is reached in practice. */
  readonly minimumAngle: number
  readonly vertexLimit: number
}

/** What Delaunay refinement left undone. */
export interface RefinementOutcome {
  /** The vertex limit stopped the work. */
  readonly exhausted: boolean
  /** Triangles kept below the wanted angle because they sit in a sharp corner of the input. */
  readonly spared: number
}

/** A triangle may be this much larger than one with edges of the wanted length. */
const sizeTolerance = 1.3
/** Two segments that meet below this angle are a sharp corner [cos 60°]. */
const sharpCosine = 0.5 - 1e-9
/** Chord over radius of a corner (35°) below which triangles next to its shells cannot be cured. */
const hopelessChord = 0.6
/** Segments are never cut below this fraction of the wanted length there. */
const smallestShare = 0.02

/**
 * Delaunay refinement of a constrained triangulation: encroached segments are halved, bad or too large triangles
 * get a point between the middle of their shortest edge and their circumcentre (off-centre), at the distance that
 * the size function or the angle goal asks for. Sharp corners are cut on concentric shells.
 * @source J. Ruppert, J. Algorithms 18 (1995) 548–585; J. R. Shewchuk, Comput. Geom. 22 (2002) 21–74;
 *   A. Üngör, Comput. Geom. 42 (2009) 109–118 (off-centres);
 *   D. Engwirda, D. Ivers, Comput.-Aided Des. 72 (2016) 157–171 (size-driven placement)
 */
export const refine = (mesh: Triangulation, goal: RefinementGoal): RefinementOutcome => {
  const work = new Refinement(mesh, goal)
  work.run()
  return { exhausted: mesh.vertexCount >= goal.vertexLimit, spared: work.spared }
}

class Refinement {
  spared = 0
  private readonly mesh: Triangulation
  private readonly goal: RefinementGoal
  private readonly cosine2: number
  private readonly offCentre: number
  private readonly sharp: ReadonlySet<number>
  /** Vertex → the sharp corner whose shell it lies on. */
  private readonly shell = new Map<number, number>()
  /** Sharp corner → radius of its first shell [m] */
  private readonly unit = new Map<number, number>()
  private readonly pending: number[] = []
  private readonly queue = new TriangleQueue()

  constructor(mesh: Triangulation, goal: RefinementGoal) {
    this.mesh = mesh
    this.goal = goal
    this.cosine2 = Math.cos(goal.minimumAngle) ** 2
    this.offCentre = 0.95 / (2 * Math.tan(goal.minimumAngle / 2))
    this.sharp = sharpCorners(mesh)
  }

  run(): void {
    const { mesh, goal } = this
    for (const corner of this.sharp) this.cutShell(corner)
    for (let edge = 0; edge < 3 * mesh.triangleCount; edge++) {
      if (mesh.mark[edge] !== 0 && this.apexEncroaches(edge)) this.pending.push(mesh.origin[edge], mesh.target(edge))
    }
    this.clearPending()
    for (let triangle = 0; triangle < mesh.triangleCount; triangle++) this.judge(triangle)
    while (mesh.vertexCount < goal.vertexLimit) {
      const triangle = this.queue.pop(mesh)
      if (triangle < 0) break
      this.improve(triangle)
    }
  }

  private judge(triangle: number): void {
    const form = shape(this.mesh, triangle)
    if (this.verdict(form) !== "good") this.queue.push(triangle, form.shortest2, this.mesh)
  }

  private verdict(form: Shape): "good" | "thin" | "large" {
    const h = this.goal.size(form.gx, form.gy)
    if (3 * form.radius2 > sizeTolerance * sizeTolerance * h * h) return "large"
    // sin of the smallest angle = shortest edge / circumdiameter
    return form.shortest2 < 4 * form.radius2 * (1 - this.cosine2) ? "thin" : "good"
  }

  private apexEncroaches(edge: number): boolean {
    const { mesh } = this
    const apex = mesh.origin[previous(edge)]
    return encroaches(mesh, mesh.origin[edge], mesh.target(edge), mesh.x(apex), mesh.y(apex))
  }

  private isEncroached(edge: number): boolean {
    const twin = this.mesh.twin[edge]
    return this.apexEncroaches(edge) || (twin >= 0 && this.apexEncroaches(twin))
  }

  private afterInsertion(vertex: number): void {
    const { mesh } = this
    mesh.forEachLeaving(vertex, (edge) => {
      this.judge((edge / 3) | 0)
      const opposite = next(edge)
      if (mesh.mark[opposite] !== 0 && this.apexEncroaches(opposite)) {
        this.pending.push(mesh.origin[opposite], mesh.target(opposite))
      }
    })
  }

  private clearPending(): void {
    const { mesh, pending } = this
    while (pending.length > 0 && mesh.vertexCount < this.goal.vertexLimit) {
      const b = pending.pop()!
      const a = pending.pop()!
      const edge = mesh.findEdge(a, b)
      if (edge >= 0 && mesh.mark[edge] !== 0 && this.isEncroached(edge)) this.splitSegment(a, b)
    }
    pending.length = 0
  }

  private splitSegment(a: number, b: number): void {
    const { mesh, sharp, goal } = this
    const edge = mesh.findEdge(a, b)
    if (edge < 0 || mesh.mark[edge] === 0) return
    const [ax, ay, bx, by] = [mesh.x(a), mesh.y(a), mesh.x(b), mesh.y(b)]
    const length = Math.hypot(bx - ax, by - ay)
    if (length < 2 * smallestShare * goal.size((ax + bx) / 2, (ay + by) / 2)) return
    const corner = sharp.has(a) === sharp.has(b) ? -1 : sharp.has(a) ? a : b
    let share = 0.5
    if (corner >= 0) {
      // The shell nearest to the middle, so that all segments of the corner are cut at equal distances.
      const unit = this.unit.get(corner)!
      const radius = unit * 2 ** Math.round(Math.log2(length / 2 / unit))
      share = corner === a ? radius / length : 1 - radius / length
    }
    // Axis-parallel segments stay exactly on their line.
    const x = ax === bx ? ax : ax + share * (bx - ax)
    const y = ay === by ? ay : ay + share * (by - ay)
    const vertex = mesh.insertOnEdge(edge, x, y)
    if (corner >= 0) this.shell.set(vertex, corner)
    const first = mesh.findEdge(a, vertex)
    const second = mesh.findEdge(vertex, b)
    if (this.isEncroached(first)) this.pending.push(a, vertex)
    if (this.isEncroached(second)) this.pending.push(vertex, b)
    this.afterInsertion(vertex)
  }

  /** Cuts all segments of a sharp corner at one distance from it. */
  private cutShell(corner: number): void {
    const { mesh } = this
    const ends: number[] = []
    mesh.forEachLeaving(corner, (edge) => {
      if (mesh.mark[edge] !== 0) ends.push(mesh.target(edge))
      const last = previous(edge)
      if (mesh.twin[last] < 0 && mesh.mark[last] !== 0) ends.push(mesh.origin[last])
    })
    const [x, y] = [mesh.x(corner), mesh.y(corner)]
    const lengths = ends.map((end) => Math.hypot(mesh.x(end) - x, mesh.y(end) - y))
    // A segment between two sharp corners is to carry a shell of each.
    const radius = Math.min(...ends.map((end, k) => (this.sharp.has(end) ? lengths[k] / 3 : 0.55 * lengths[k])))
    this.unit.set(corner, radius)
    ends.forEach((end, k) => {
      const leaving = mesh.findEdge(corner, end)
      const edge = leaving >= 0 ? leaving : mesh.findEdge(end, corner)
      const share = radius / lengths[k]
      const [ex, ey] = [mesh.x(end), mesh.y(end)]
      const px = x === ex ? x : x + share * (ex - x)
      const py = y === ey ? y : y + share * (ey - y)
      this.shell.set(mesh.insertOnEdge(edge, px, py), corner)
    })
  }

  /** A short edge between two shells of one sharp corner cannot be cured by more points. */
  private isSharpCornered(p: number, q: number): boolean {
    const { mesh, shell } = this
    const corner = shell.get(p)
    if (corner === undefined || corner !== shell.get(q)) return false
    const rp = Math.hypot(mesh.x(p) - mesh.x(corner), mesh.y(p) - mesh.y(corner))
    const rq = Math.hypot(mesh.x(q) - mesh.x(corner), mesh.y(q) - mesh.y(corner))
    if (Math.abs(rp - rq) > 1e-3 * rp) return false
    return Math.hypot(mesh.x(p) - mesh.x(q), mesh.y(p) - mesh.y(q)) < hopelessChord * rp
  }

  /** Halves a segment that leads away from a shell in too large a step. */
  private balance(triangle: number, onShell: number): void {
    const { mesh } = this
    const corner = this.shell.get(onShell)!
    const radius = Math.hypot(mesh.x(onShell) - mesh.x(corner), mesh.y(onShell) - mesh.y(corner))
    for (let edge = 3 * triangle; edge < 3 * triangle + 3; edge++) {
      const [a, b] = [mesh.origin[edge], mesh.target(edge)]
      const length = Math.hypot(mesh.x(b) - mesh.x(a), mesh.y(b) - mesh.y(a))
      if (mesh.mark[edge] === 0 || length < 1.2 * radius) continue
      this.splitSegment(a, b)
      this.clearPending()
      return
    }
  }

  private improve(triangle: number): void {
    const { mesh } = this
    const form = shape(mesh, triangle)
    const verdict = this.verdict(form)
    if (verdict === "good") return
    const before = mesh.vertexCount
    if (verdict === "thin" && this.isSharpCornered(form.p, form.q)) {
      this.balance(triangle, form.p)
      if (mesh.vertexCount > before) this.judge(triangle)
      else this.spared++
      return
    }
    const [x, y] = this.newPoint(form)
    const place = mesh.locate(x, y, triangle, true)
    if (place.on === "vertex") return
    if (place.on === "beyond" || (place.on === "edge" && mesh.mark[place.edge] !== 0)) {
      this.splitSegment(mesh.origin[place.edge], mesh.target(place.edge))
    } else {
      const blocked = encroachedSegments(mesh, place, x, y)
      if (blocked.length === 0) {
        const face = (place.edge / 3) | 0
        this.afterInsertion(place.on === "edge" ? mesh.insertOnEdge(place.edge, x, y) : mesh.insertInFace(face, x, y))
      }
      for (let k = 0; k < blocked.length; k += 2) this.splitSegment(blocked[k], blocked[k + 1])
    }
    this.clearPending()
    // Nothing could be cut any more: the triangle stays as it is.
    if (mesh.vertexCount > before) this.judge(triangle)
  }

  private newPoint(form: Shape): readonly [number, number] {
    const { mesh, offCentre } = this
    const length = Math.sqrt(form.shortest2)
    const mx = (mesh.x(form.p) + mesh.x(form.q)) / 2
    const my = (mesh.y(form.p) + mesh.y(form.q)) / 2
    const reach = Math.hypot(form.cx - mx, form.cy - my)
    if (!(reach > 0)) return [form.cx, form.cy]
    const ux = (form.cx - mx) / reach
    const uy = (form.cy - my) / reach
    const wanted = this.goal.size(mx + 0.87 * length * ux, my + 0.87 * length * uy)
    const side = Math.min(Math.max(wanted, 0.8 * length), 1.5 * length)
    const height = Math.min(Math.sqrt(side * side - (length * length) / 4), offCentre * length)
    const along = Math.min(reach, height)
    return [mx + along * ux, my + along * uy]
  }
}

interface Shape {
  /** Ends of the shortest edge. */
  readonly p: number
  readonly q: number
  readonly shortest2: number
  readonly radius2: number
  /** Circumcentre */
  readonly cx: number
  readonly cy: number
  /** Centroid */
  readonly gx: number
  readonly gy: number
}

const shape = (mesh: Triangulation, triangle: number): Shape => {
  const { origin, position } = mesh
  const a = origin[3 * triangle]
  const b = origin[3 * triangle + 1]
  const c = origin[3 * triangle + 2]
  const ax = position[2 * a]
  const ay = position[2 * a + 1]
  const ux = position[2 * b] - ax
  const uy = position[2 * b + 1] - ay
  const vx = position[2 * c] - ax
  const vy = position[2 * c + 1] - ay
  const ab = ux * ux + uy * uy
  const ca = vx * vx + vy * vy
  const bc = (vx - ux) ** 2 + (vy - uy) ** 2
  const area2 = ux * vy - uy * vx
  const sx = (vy * ab - uy * ca) / (2 * area2)
  const sy = (ux * ca - vx * ab) / (2 * area2)
  const shortest2 = Math.min(ab, bc, ca)
  const [p, q] = shortest2 === ab ? [a, b] : shortest2 === bc ? [b, c] : [c, a]
  return {
    p,
    q,
    shortest2,
    radius2: sx * sx + sy * sy,
    cx: ax + sx,
    cy: ay + sy,
    gx: ax + (ux + vx) / 3,
    gy: ay + (uy + vy) / 3,
  }
}

/** Whether a point lies strictly inside the circle over the diameter a–b. */
const encroaches = (mesh: Triangulation, a: number, b: number, x: number, y: number): boolean =>
  (mesh.x(a) - x) * (mesh.x(b) - x) + (mesh.y(a) - y) * (mesh.y(b) - y) < 0

/** Ends of the segments around the cavity of a new point whose diametral circle would hold it. */
const encroachedSegments = (mesh: Triangulation, place: Place, x: number, y: number): number[] => {
  const seen = new Set<number>()
  const stack = [(place.edge / 3) | 0]
  if (place.on === "edge") stack.push((mesh.twin[place.edge] / 3) | 0)
  for (const triangle of stack) seen.add(triangle)
  const found: number[] = []
  while (stack.length > 0) {
    const triangle = stack.pop()!
    for (let edge = 3 * triangle; edge < 3 * triangle + 3; edge++) {
      const a = mesh.origin[edge]
      const b = mesh.target(edge)
      if (mesh.mark[edge] !== 0) {
        if (encroaches(mesh, a, b, x, y)) found.push(a, b)
        continue
      }
      const neighbour = (mesh.twin[edge] / 3) | 0
      if (seen.has(neighbour) || mesh.inCircle(neighbour, x, y) <= 0) continue
      seen.add(neighbour)
      stack.push(neighbour)
    }
  }
  return found
}

/** Vertices where two constrained edges meet at less than 60°. */
const sharpCorners = (mesh: Triangulation): ReadonlySet<number> => {
  const rays = new Map<number, number[]>()
  for (let edge = 0; edge < 3 * mesh.triangleCount; edge++) {
    if (mesh.mark[edge] === 0 || (mesh.twin[edge] >= 0 && edge > mesh.twin[edge])) continue
    const a = mesh.origin[edge]
    const b = mesh.target(edge)
    for (const [from, to] of [
      [a, b],
      [b, a],
    ]) {
      const list = rays.get(from) ?? []
      list.push(Math.atan2(mesh.y(to) - mesh.y(from), mesh.x(to) - mesh.x(from)))
      rays.set(from, list)
    }
  }
  const sharp = new Set<number>()
  for (const [vertex, angles] of rays) {
    angles.sort((one, other) => one - other)
    for (let k = 0; k < angles.length; k++) {
      const gap = k + 1 < angles.length ? angles[k + 1] - angles[k] : angles[0] + 2 * Math.PI - angles[k]
      if (angles.length > 1 && Math.cos(gap) > sharpCosine) sharp.add(vertex)
    }
  }
  return sharp
}
