import type { SurfaceMesh } from "./surface-mesh.ts"

const golden = (1 + Math.sqrt(5)) / 2

const corners: readonly (readonly [number, number, number])[] = [
  [-1, golden, 0],
  [1, golden, 0],
  [-1, -golden, 0],
  [1, -golden, 0],
  [0, -1, golden],
  [0, 1, golden],
  [0, -1, -golden],
  [0, 1, -golden],
  [golden, 0, -1],
  [golden, 0, 1],
  [-golden, 0, -1],
  [-golden, 0, 1],
]

const faces = [
  [0, 11, 5, 0, 5, 1, 0, 1, 7, 0, 7, 10, 0, 10, 11, 1, 5, 9, 5, 11, 4, 11, 10, 2, 10, 7, 6, 7, 1, 8],
  [3, 9, 4, 3, 4, 2, 3, 2, 6, 3, 6, 8, 3, 8, 9, 4, 9, 5, 2, 4, 11, 6, 2, 10, 8, 6, 7, 9, 8, 1],
].flat()

/**
 * The unit sphere as an icosahedron whose triangles are cut in four a number of times: 12, 42, 162, 642 … vertices,
 * nearly evenly spread. Seen from outside, corners run counter-clockwise.
 * @param divisions  whole, ≥ 0
 */
export const icosphere = (divisions: number): SurfaceMesh => {
  const vertices = corners.flat()
  let triangles: readonly number[] = faces
  const onSphere = (x: number, y: number, z: number): number => {
    vertices.push(x, y, z)
    return vertices.length / 3 - 1
  }
  for (let division = 0; division < divisions; division++) {
    const middles = new Map<string, number>()
    const middle = (a: number, b: number): number => {
      const key = a < b ? `${a} ${b}` : `${b} ${a}`
      const known = middles.get(key)
      if (known !== undefined) return known
      const [x, y, z] = [0, 1, 2].map((axis) => vertices[3 * a + axis] + vertices[3 * b + axis])
      const size = Math.hypot(x, y, z) / Math.hypot(1, golden)
      const made = onSphere(x / size, y / size, z / size)
      middles.set(key, made)
      return made
    }
    const finer: number[] = []
    for (let at = 0; at < triangles.length; at += 3) {
      const [a, b, c] = triangles.slice(at, at + 3)
      const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)]
      finer.push(a, ab, ca, b, bc, ab, c, ca, bc, ab, bc, ca)
    }
    triangles = finer
  }
  const radius = Math.hypot(1, golden)
  return { vertices: Float64Array.from(vertices, (x) => x / radius), triangles: Int32Array.from(triangles) }
}
