/** A surface of triangles in space; seen from outside, the corners of each run counter-clockwise. */
export interface SurfaceMesh {
  /** [vertex, 3] along x, y and z [m] */
  readonly vertices: Float64Array
  /** [triangle, 3] its corners, numbers of vertices */
  readonly triangles: Int32Array
}
