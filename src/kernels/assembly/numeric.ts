/**
 * Numeric factorisation and solution by the multifrontal method, on lists that the symbolic analysis prepared. The
 * caller lays out the memory; see `src/algebra/workspace.ts`.
 */
export { configure } from "./numeric/state"
export { largestEntry, scaleGeneral, scaleSymmetric } from "./numeric/scaling"
export {
  factorSymmetric,
  failedFront,
  largestPivot as largestSymmetric,
  negativePivots,
  nullPivots as nullSymmetric,
  smallestPivot as smallestSymmetric,
} from "./numeric/symmetric"
export {
  factorGeneral,
  largestPivot as largestGeneral,
  nullPivots as nullGeneral,
  poorPivots,
  smallestPivot as smallestGeneral,
  weakPivots,
} from "./numeric/general"
export { backwardSymmetric, forwardSymmetric, loadPermuted, storePermuted } from "./numeric/solve-symmetric"
export { backwardGeneral, forwardGeneral } from "./numeric/solve-general"
export { backwardMany, forwardMany, loadMany, storeMany } from "./numeric/solve-many"
export { factorPanelGeneral, factorPanelSymmetric, packRows } from "./numeric/single-panel"
export {
  backwardTransposed, forwardTransposed, loadTransposed, storeTransposed,
} from "./numeric/solve-transposed"
