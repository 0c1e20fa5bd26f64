import { expect } from "vitest"
import { numbersOf, type Table } from "../../../src/formats/table.ts"
import { ballSizes, type TrueBall, trueBalls, voxel } from "./balls.ts"

/** The ball whose centre is nearest to that of each row. */
export const ballsOf = (table: Table): readonly TrueBall[] => {
  const [x, y, z] = ["X", "Y", "Z"].map((name) => numbersOf(table, name))
  const away = ({ centre }: TrueBall, row: number) =>
    Math.hypot(x[row] / voxel - centre[0], y[row] / voxel - centre[1], z[row] / voxel - centre[2])
  return Array.from(x, (_, row) => trueBalls.reduce((best, ball) => (away(ball, row) < away(best, row) ? ball : best)))
}

/**
 * Every ball has one row, those that the border cuts are flagged, and volumes are those of its voxels.
 * @param tolerance relative, for balls that stand alone; the pair that touches may be parted a little beside
 */
export const expectBalls = (table: Table, tolerance: number): void => {
  const balls = ballsOf(table)
  expect(new Set(balls).size).toBe(trueBalls.length)
  expect([...numbersOf(table, "Cut")]).toEqual(balls.map(({ isCut }) => (isCut ? 1 : 0)))
  const sizes = ballSizes()
  numbersOf(table, "Volume").forEach((volume, row) => {
    const { label } = balls[row]
    const error = Math.abs(volume / (sizes[label - 1] * voxel ** 3) - 1)
    expect(error, `volume of ball ${label}`).toBeLessThan(label <= 2 ? tolerance + 0.03 : tolerance)
  })
}
