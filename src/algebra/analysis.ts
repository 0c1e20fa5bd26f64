import * as symbolicBytes from "../kernels/generated/symbolic.ts"
import { kernel, returnMemory, takeMemory } from "../kernels/loader.ts"
import type { SparsePattern } from "./pattern.ts"

/**
 * What the symbolic analysis finds. Fronts are the groups of unknowns eliminated together, children before parents;
 * "position" counts unknowns in the order of elimination; a front's local numbers are its pivots, padded to a multiple
 * of four, then its other rows.
 */
export interface Symbolic {
  /** Square contributions and two panels a front, or triangles and one panel */
  readonly general: boolean
  readonly frontCount: number
  readonly lists: SymbolicLists
  /** Numbers (of eight bytes) in all panels, in the contributions that exist at one time, in the largest panel */
  readonly panelSize: number
  readonly contributionSize: number
  readonly largestPanel: number
  /** Rows of the largest front, pivots of the widest, both padded */
  readonly largestFront: number
  readonly largestPivots: number
  /** Entries of the factor, and operations to find them (a multiplication and an addition count as two) */
  readonly nonZeros: number
  readonly flops: number
}

/** Lists that the numeric kernel reads. */
export interface SymbolicLists {
  /** [position] */
  readonly unknownAt: Int32Array
  /** [position] the equation whose row the unknown has */
  readonly equationAt: Int32Array
  /** [front + 1] first position */
  readonly firstPosition: Int32Array
  /** [front + 1] into `rows` and `relative` */
  readonly rowsStart: Int32Array
  /** [row] position */
  readonly rows: Int32Array
  /** [row] local number in the parent */
  readonly relative: Int32Array
  /** [front] −1 at a root */
  readonly parentFront: Int32Array
  /** [front] in numbers of eight bytes */
  readonly contributionStart: Int32Array
  /** [front + 1] in numbers of eight bytes */
  readonly panelStart: Int32Array
  /** [front + 1] into `item` and `target` */
  readonly itemStart: Int32Array
  /** [item] entry of the matrix */
  readonly item: Int32Array
  /** [item] place in the front's panels */
  readonly target: Int32Array
}

interface Address {
  readonly value: number
}

interface SymbolicKernel {
  readonly reserve: (bytes: number) => number
  readonly begin: (size: number, rowStart: number, column: number) => number
  readonly orderNodes: (kept: number, pairs: number, pairCount: number) => void
  readonly finish: (general: number) => void
  readonly frontCount: Address
  readonly floatingOperations: Address
  readonly nonZeros: Address
  readonly contributionSize: Address
  readonly largestFront: Address
  readonly largestPanel: Address
  readonly largestPivots: Address
  readonly unknownAt: Address
  readonly firstPosition: Address
  readonly rowsStart: Address
  readonly rows: Address
  readonly relative: Address
  readonly parentFront: Address
  readonly contributionStart: Address
  readonly panelStart: Address
  readonly itemStart: Address
  readonly item: Address
  readonly target: Address
}

const symbolicKernel = kernel<SymbolicKernel>(symbolicBytes)

/** What 32-bit addresses reach. */
const largestBytes = 2 ** 32

export interface SymbolicOptions {
  /** For matrices that are not symmetric in their values, or need interchanges */
  readonly general: boolean
  /** [unknown] 1 where the unknown is not to be eliminated: these become the last front */
  readonly kept?: Int32Array
  /** [pair, 2] unknowns that have to be eliminated in one front */
  readonly pairs?: Int32Array
  /** [row] the row of the matrix as given that stands there, where rows were put in another order */
  readonly rowOf?: Int32Array
}

/**
 * Orders a square pattern and finds its fronts; undefined if the pattern is not symmetric though it has to be.
 * Patterns of general matrices are symmetrised.
 * @source P. R. Amestoy, T. A. Davis, I. S. Duff, ACM Trans. Math. Softw. 30 (2004) 381; J. W. H. Liu, SIAM Review 34
 *         (1992) 82
 */
export const analyseSymbolically = (pattern: SparsePattern, options: SymbolicOptions): Symbolic | undefined => {
  const { rowCount, rowStart, columnIndex } = pattern
  const memory = takeMemory(16 * columnIndex.byteLength + 64 * rowStart.byteLength)
  const symbolic = symbolicKernel.instantiate(memory)
  const given = (list: Int32Array): number => {
    const address = symbolic.reserve(list.byteLength) >>> 0
    new Int32Array(memory.buffer, address, list.length).set(list)
    return address
  }
  const isSymmetric = symbolic.begin(rowCount, given(rowStart), given(columnIndex)) !== 0
  if (!isSymmetric && !options.general) return undefined
  const pairs = options.pairs ?? new Int32Array(0)
  symbolic.orderNodes(options.kept ? given(options.kept) : 0, given(pairs), pairs.length / 2)
  symbolic.finish(options.general ? 1 : 0)
  if (8 * symbolic.nonZeros.value > largestBytes)
    throw new RangeError(`a factor of ${symbolic.nonZeros.value} entries is more than a kernel can address`)
  const read = ({ value }: Address, count: number): Int32Array =>
    new Int32Array(memory.buffer, value >>> 0, count).slice()
  const frontCount = symbolic.frontCount.value
  const rowsStart = read(symbolic.rowsStart, frontCount + 1)
  const unknownAt = read(symbolic.unknownAt, rowCount)
  const { rowOf } = options
  const itemStart = read(symbolic.itemStart, frontCount + 1)
  const panelStart = read(symbolic.panelStart, frontCount + 1)
  const found: Symbolic = {
    general: options.general,
    frontCount,
    lists: {
      unknownAt,
      equationAt: rowOf ? unknownAt.map((i) => rowOf[i]) : unknownAt,
      firstPosition: read(symbolic.firstPosition, frontCount + 1),
      rowsStart,
      rows: read(symbolic.rows, rowsStart[frontCount]),
      relative: read(symbolic.relative, rowsStart[frontCount]),
      parentFront: read(symbolic.parentFront, frontCount),
      contributionStart: read(symbolic.contributionStart, frontCount),
      panelStart,
      itemStart,
      item: read(symbolic.item, itemStart[frontCount]),
      target: read(symbolic.target, itemStart[frontCount]),
    },
    panelSize: panelStart[frontCount],
    contributionSize: symbolic.contributionSize.value,
    largestPanel: symbolic.largestPanel.value,
    largestFront: symbolic.largestFront.value,
    largestPivots: symbolic.largestPivots.value,
    nonZeros: symbolic.nonZeros.value,
    flops: symbolic.floatingOperations.value * (options.general ? 2 : 1),
  }
  returnMemory(memory)
  return found
}
