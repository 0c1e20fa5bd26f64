/** Codes of the pixels of an image with y upward: pixel (i, j) of column i and row j from below. */
export interface CodeImage {
  readonly width: number
  readonly height: number
  /** [row from below × width + column] */
  readonly codes: Int32Array
}

/** A boundary between two codes along pixel edges, from one junction to another or closed. */
export interface Chain {
  /** [corner, 2] pixel corners it passes, the first repeated at the end of a closed one [pixel] */
  readonly corners: Int32Array
  readonly closed: boolean
  readonly left: number
  readonly right: number
}

const stepX = [1, 0, -1, 0]
const stepY = [0, 1, 0, -1]

/**
 * All boundaries between different codes. Chains end where three or more of them meet and on the image's frame. Where
 * equal codes touch only across a corner, the lower code is connected and the higher one is parted.
 */
export const traceChains = (image: CodeImage): Chain[] => {
  const { width, height } = image
  const used = new Uint8Array(2 * (width + 1) * (height + 1))
  const chains: Chain[] = []
  const follow = (startX: number, startY: number, startDirection: number): void => {
    let [x, y, direction] = [startX, startY, startDirection]
    const left = pixelBeside(image, x, y, direction, true)
    const right = pixelBeside(image, x, y, direction, false)
    const corners = [x, y]
    for (;;) {
      used[edgeOf(width, x, y, direction)] = 1
      x += stepX[direction]
      y += stepY[direction]
      corners.push(x, y)
      const turned = turn(image, x, y, direction)
      if (turned < 0) break
      direction = turned
      if (x === startX && y === startY && direction === startDirection) break
    }
    const closed = x === startX && y === startY && !isJunction(image, x, y)
    chains.push({ corners: Int32Array.from(corners), closed, left, right })
  }
  for (const junctionsOnly of [true, false]) {
    for (let y = 0; y <= height; y++) {
      for (let x = 0; x <= width; x++) {
        if (junctionsOnly && !isJunction(image, x, y)) continue
        for (let direction = 0; direction < 4; direction++) {
          if (isActive(image, x, y, direction) && used[edgeOf(width, x, y, direction)] === 0) {
            follow(x, y, direction)
          }
        }
      }
    }
  }
  return chains
}

/** Outside the image: no code. */
const outside = -2147483648

const codeAt = ({ width, height, codes }: CodeImage, i: number, j: number): number =>
  i < 0 || j < 0 || i >= width || j >= height ? outside : codes[j * width + i]

/** Code left or right of the pixel edge that leaves corner (x, y) in a direction (0 east, 1 north, 2 west, 3 south). */
const pixelBeside = (image: CodeImage, x: number, y: number, direction: number, left: boolean): number => {
  switch (direction) {
    case 0:
      return codeAt(image, x, left ? y : y - 1)
    case 1:
      return codeAt(image, left ? x - 1 : x, y)
    case 2:
      return codeAt(image, x - 1, left ? y - 1 : y)
    default:
      return codeAt(image, left ? x : x - 1, y - 1)
  }
}

const edgeOf = (width: number, x: number, y: number, direction: number): number => {
  const fromX = direction === 2 ? x - 1 : x
  const fromY = direction === 3 ? y - 1 : y
  return 2 * (fromY * (width + 1) + fromX) + (direction & 1)
}

const isActive = (image: CodeImage, x: number, y: number, direction: number): boolean => {
  const left = pixelBeside(image, x, y, direction, true)
  const right = pixelBeside(image, x, y, direction, false)
  return left !== right && left !== outside && right !== outside
}

/** Whether the pixels across a corner with four edges are joined: 1 south-west to north-east, −1 the others, 0 none. */
const saddle = (image: CodeImage, x: number, y: number): -1 | 0 | 1 => {
  const southWest = codeAt(image, x - 1, y - 1)
  const southEast = codeAt(image, x, y - 1)
  const northWest = codeAt(image, x - 1, y)
  const northEast = codeAt(image, x, y)
  const rising = southWest === northEast
  const falling = southEast === northWest
  if (rising && falling) return southWest < southEast ? 1 : -1
  return rising ? 1 : falling ? -1 : 0
}

const isJunction = (image: CodeImage, x: number, y: number): boolean => {
  let count = 0
  for (let direction = 0; direction < 4; direction++) if (isActive(image, x, y, direction)) count++
  if (x === 0 || y === 0 || x === image.width || y === image.height) return count > 0
  return count === 3 || (count === 4 && saddle(image, x, y) === 0)
}

/** The direction in which a chain goes on at a corner that it reached, −1 where it ends. */
const turn = (image: CodeImage, x: number, y: number, direction: number): number => {
  if (isJunction(image, x, y)) return -1
  const toLeft = (direction + 1) & 3
  const toRight = (direction + 3) & 3
  const straight = isActive(image, x, y, direction)
  const left = isActive(image, x, y, toLeft)
  const right = isActive(image, x, y, toRight)
  if (straight && left && right) {
    // Arriving eastward, the pixel behind on the left is north-west: joined to the south-east one by −1.
    const horizontal = (direction & 1) === 0
    const joinsLeft = horizontal ? saddle(image, x, y) < 0 : saddle(image, x, y) > 0
    return joinsLeft ? toRight : toLeft
  }
  return straight ? direction : left ? toLeft : toRight
}
