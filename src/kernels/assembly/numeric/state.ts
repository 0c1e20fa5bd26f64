/** Addresses and sizes that all parts of the numeric kernel share; set once by `configure`. */
export let unknowns: i32 = 0
export let frontCount: i32 = 0
/** Pattern and scaled values of the matrix */
export let rowStart: usize = 0
export let column: usize = 0
export let values: usize = 0
/** [unknown] scale of its row; of its column */
export let rowScale: usize = 0
export let columnScale: usize = 0
/** Lists of the symbolic analysis: [position] unknown, and equation that stands in its row */
export let unknownAt: usize = 0
export let equationAt: usize = 0
export let firstPosition: usize = 0
export let rowsStart: usize = 0
export let rows: usize = 0
export let relative: usize = 0
export let parentFront: usize = 0
export let contributionStart: usize = 0
export let panelStart: usize = 0
export let itemStart: usize = 0
export let item: usize = 0
export let target: usize = 0
/** [front] children as linked lists */
export let firstChild: usize = 0
export let nextChild: usize = 0
/** Storage: panels of the factor, contributions, one signed or packed panel */
export let panels: usize = 0
export let contributions: usize = 0
export let spare: usize = 0
/** [position] inverse of the pivot's root with its sign, or of the pivot; row that a pivot was taken from */
export let inverse: usize = 0
export let pivotRow: usize = 0
/** Working vector in order of elimination, and one front's share of it */
export let permuted: usize = 0
export let gathered: usize = 0
/** The same for four right-hand sides at a time */
export let permutedMany: usize = 0
export let gatheredMany: usize = 0

export function configure(
  n: i32, fronts: i32, starts: usize, columns: usize, entries: usize, rowScales: usize, columnScales: usize,
  unknownList: usize, equationList: usize, firsts: usize, rowStarts: usize, rowList: usize, relatives: usize,
  parents: usize, contributionStarts: usize, panelStarts: usize, itemStarts: usize, items: usize, targets: usize,
  first: usize, next: usize, panelData: usize, contributionData: usize, spareData: usize, inverses: usize,
  pivotRows: usize, vector: usize, local: usize, vectors: usize, locals: usize,
): void {
  unknowns = n
  frontCount = fronts
  rowStart = starts
  column = columns
  values = entries
  rowScale = rowScales
  columnScale = columnScales
  unknownAt = unknownList
  equationAt = equationList
  firstPosition = firsts
  rowsStart = rowStarts
  rows = rowList
  relative = relatives
  parentFront = parents
  contributionStart = contributionStarts
  panelStart = panelStarts
  itemStart = itemStarts
  item = items
  target = targets
  firstChild = first
  nextChild = next
  panels = panelData
  contributions = contributionData
  spare = spareData
  inverse = inverses
  pivotRow = pivotRows
  permuted = vector
  gathered = local
  permutedMany = vectors
  gatheredMany = locals
  for (let f = 0; f < fronts; f++) store<i32>(first + (<usize>f << 2), -1)
  for (let f = fronts - 1; f >= 0; f--) {
    const parent = load<i32>(parents + (<usize>f << 2))
    if (parent == -1) continue
    store<i32>(next + (<usize>f << 2), load<i32>(first + (<usize>parent << 2)))
    store<i32>(first + (<usize>parent << 2), f)
  }
}

/** Rows of a front from its number of pivots and of other rows, each padded to whole blocks of four. */
@inline export function padded(count: i32): i32 {
  return (count + 3) & ~3
}

/** Bytes before a block of four rows in a contribution stored as a triangle of such blocks. */
@inline export function triangleOffset(block: i32): usize {
  return (<usize>block * <usize>(block + 1)) << 6
}
