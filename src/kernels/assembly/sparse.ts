/** Products of sparse matrices stored row by row. */
import { multiplyAdd } from "./parts/simd"

/**
 * out = A x. Neighbours in a row whose columns follow each other, such as the two displacements of a node, go through
 * together.
 * @param rowStart [rows + 1] i32
 * @param column   [entry] i32, rising within a row
 * @param values   [entry] f64
 */
export function multiply(rows: i32, rowStart: usize, column: usize, values: usize, x: usize, out: usize): void {
  let at = <usize>load<i32>(rowStart)
  for (let row = 0; row < rows; row++) {
    const end = <usize>load<i32>(rowStart + (<usize>(row + 1) << 2))
    let pairs = f64x2.splat(0)
    let single: f64 = 0
    while (at < end) {
      const place = column + (at << 2)
      const first = load<i32>(place)
      const entry = values + (at << 3)
      const from = x + (<usize>first << 3)
      if (at + 1 < end && load<i32>(place, 4) == first + 1) {
        pairs = multiplyAdd(v128.load(entry), v128.load(from), pairs)
        at += 2
      } else {
        single += load<f64>(entry) * load<f64>(from)
        at += 1
      }
    }
    store<f64>(out + (<usize>row << 3), single + f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1))
  }
}
