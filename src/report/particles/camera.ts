/** Where the particles are looked at from; the middle of the box is the centre of all. */
export interface Camera {
  /** About the upright axis, and above the horizon [rad] */
  readonly yaw: number
  readonly pitch: number
  /** From the centre [µm] */
  readonly distance: number
  /** Angle of view, upright [rad] */
  readonly angle: number
}

/** A point as the camera sees it: to the right, upward and towards the reader. */
export type Seen = readonly [number, number, number]

/**
 * The camera that a reader first looks through: a little from above, so far away that the box fills the picture.
 * @param box edges [µm]
 */
export const firstCamera = (box: readonly [number, number, number]): Camera => {
  const angle = 0.55
  return { yaw: 0.62, pitch: 0.42, distance: (0.5 * Math.hypot(...box)) / Math.sin(angle / 2) / 1.02, angle }
}

/** Turns a point into the frame of the camera, the centre at rest. */
export const turned = ({ yaw, pitch }: Camera, x: number, y: number, z: number): Seen => {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)]
  const along = cy * x + sy * y
  const away = -sy * x + cy * y
  return [along, cp * z + sp * away, sp * z - cp * away]
}

/**
 * Where a turned point falls in a picture [px], and how far from the camera it is.
 * @returns x from the left, y from above, distance [µm]
 */
export const projected = (
  { distance, angle }: Camera,
  [right, up, near]: Seen,
  width: number,
  height: number,
): readonly [number, number, number] => {
  const away = distance - near
  const scale = height / 2 / Math.tan(angle / 2) / away
  return [width / 2 + right * scale, height / 2 - up * scale, away]
}
