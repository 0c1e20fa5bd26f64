import { at } from "../parts/memory"
import { columnScale, firstPosition, padded, panels, rowScale } from "./state"

export { factorPanelSymmetric } from "./symmetric"
export { factorPanelGeneral } from "./general"

/** Puts a block of four rows, stored one after the other at `from`, scaled, into the only panel. */
export function packRows(from: usize, block: i32): void {
  const k = at(firstPosition, 1), kp = padded(k)
  const to = panels + (<usize>(block * kp) << 5)
  for (let i = 0; i < 4; i++) {
    const row = (block << 2) + i
    const source = from + <usize>i * (<usize>k << 3), target = to + (<usize>i << 3)
    if (row >= k) {
      for (let j = 0; j < kp; j++) store<f64>(target + (<usize>j << 5), j == row ? 1 : 0)
      continue
    }
    const scale = load<f64>(rowScale + (<usize>row << 3))
    for (let j = 0; j < k; j++) {
      const value = load<f64>(source + (<usize>j << 3)) * scale * load<f64>(columnScale + (<usize>j << 3))
      store<f64>(target + (<usize>j << 5), value)
    }
    for (let j = k; j < kp; j++) store<f64>(target + (<usize>j << 5), 0)
  }
}
