/**
 * Convolutions of plane images with many channels, 32-bit numbers. A channel is a plane with a rim of zeros: rows of
 * `width + 8` numbers, of which the first four and the last four are zero, between two rows of zeros. Widths are
 * multiples of eight, channels that are written multiples of four.
 */
import { multiplyAddSingle } from "./parts/simd"

/** Bytes of one row, and of one plane. */
@inline function rowBytes(width: i32): usize {
  return <usize>(width + 8) << 2
}

@inline function planeBytes(height: i32, width: i32): usize {
  return <usize>(height + 2) * rowBytes(width)
}

/**
 * Weights in the order in which `convolve` reads them: [output / 4, input, tap, output % 4].
 * @param weights [output, input, tap]
 * @param outputs what is written, ≥ `given`; zero beyond
 */
export function packForward(weights: usize, given: i32, outputs: i32, inputs: i32, taps: i32, to: usize): void {
  for (let o = 0; o < outputs; o += 4)
    for (let i = 0; i < inputs; i++)
      for (let t = 0; t < taps; t++)
        for (let k = 0; k < 4; k++) {
          store<f32>(to, o + k < given ? load<f32>(weights + (<usize>((((o + k) * inputs + i) * taps) + t) << 2)) : 0)
          to += 4
        }
}

/**
 * Weights of the way back, from slopes of the outputs to those of the inputs: transposed and turned by half a circle.
 * @param inputs  multiple of four, what `convolve` will write
 * @param outputs what `convolve` will read, ≥ `given`; zero beyond
 */
export function packBackward(weights: usize, given: i32, outputs: i32, inputs: i32, taps: i32, to: usize): void {
  for (let i = 0; i < inputs; i += 4)
    for (let o = 0; o < outputs; o++)
      for (let t = taps - 1; t >= 0; t--)
        for (let k = 0; k < 4; k++) {
          store<f32>(to, o < given ? load<f32>(weights + (<usize>(((o * inputs + i + k) * taps) + t) << 2)) : 0)
          to += 4
        }
}

/** Numbers as they are, or no less than zero. */
@inline function activated(value: v128, rectified: i32): v128 {
  return rectified ? f32x4.pmax(f32x4.splat(0), value) : value
}

/** Four outputs of eight pixels. @param p first input plane at the first pixel; w packed weights */
@inline function tile3(
  p: usize, plane: usize, row: usize, inputs: i32, w: usize, bias: usize, q: usize, outPlane: usize, rectified: i32,
): void {
  let a0 = bias ? v128.load32_splat(bias) : f32x4.splat(0), a1 = a0
  let b0 = bias ? v128.load32_splat(bias, 4) : f32x4.splat(0), b1 = b0
  let c0 = bias ? v128.load32_splat(bias, 8) : f32x4.splat(0), c1 = c0
  let d0 = bias ? v128.load32_splat(bias, 12) : f32x4.splat(0), d1 = d0
  p -= row
  for (let i = 0; i < inputs; i++) {
    let r = p
    for (let y = 0; y < 3; y++) {
      let x0 = v128.load(r - 4), x1 = v128.load(r + 12)
      let s = v128.load32_splat(w)
      a0 = multiplyAddSingle(s, x0, a0); a1 = multiplyAddSingle(s, x1, a1)
      s = v128.load32_splat(w, 4)
      b0 = multiplyAddSingle(s, x0, b0); b1 = multiplyAddSingle(s, x1, b1)
      s = v128.load32_splat(w, 8)
      c0 = multiplyAddSingle(s, x0, c0); c1 = multiplyAddSingle(s, x1, c1)
      s = v128.load32_splat(w, 12)
      d0 = multiplyAddSingle(s, x0, d0); d1 = multiplyAddSingle(s, x1, d1)
      x0 = v128.load(r); x1 = v128.load(r, 16)
      s = v128.load32_splat(w, 16)
      a0 = multiplyAddSingle(s, x0, a0); a1 = multiplyAddSingle(s, x1, a1)
      s = v128.load32_splat(w, 20)
      b0 = multiplyAddSingle(s, x0, b0); b1 = multiplyAddSingle(s, x1, b1)
      s = v128.load32_splat(w, 24)
      c0 = multiplyAddSingle(s, x0, c0); c1 = multiplyAddSingle(s, x1, c1)
      s = v128.load32_splat(w, 28)
      d0 = multiplyAddSingle(s, x0, d0); d1 = multiplyAddSingle(s, x1, d1)
      x0 = v128.load(r, 4); x1 = v128.load(r, 20)
      s = v128.load32_splat(w, 32)
      a0 = multiplyAddSingle(s, x0, a0); a1 = multiplyAddSingle(s, x1, a1)
      s = v128.load32_splat(w, 36)
      b0 = multiplyAddSingle(s, x0, b0); b1 = multiplyAddSingle(s, x1, b1)
      s = v128.load32_splat(w, 40)
      c0 = multiplyAddSingle(s, x0, c0); c1 = multiplyAddSingle(s, x1, c1)
      s = v128.load32_splat(w, 44)
      d0 = multiplyAddSingle(s, x0, d0); d1 = multiplyAddSingle(s, x1, d1)
      w += 48
      r += row
    }
    p += plane
  }
  v128.store(q, activated(a0, rectified)); v128.store(q, activated(a1, rectified), 16)
  q += outPlane
  v128.store(q, activated(b0, rectified)); v128.store(q, activated(b1, rectified), 16)
  q += outPlane
  v128.store(q, activated(c0, rectified)); v128.store(q, activated(c1, rectified), 16)
  q += outPlane
  v128.store(q, activated(d0, rectified)); v128.store(q, activated(d1, rectified), 16)
}

@inline function tile1(
  p: usize, plane: usize, inputs: i32, w: usize, bias: usize, q: usize, outPlane: usize, rectified: i32,
): void {
  let a0 = bias ? v128.load32_splat(bias) : f32x4.splat(0), a1 = a0
  let b0 = bias ? v128.load32_splat(bias, 4) : f32x4.splat(0), b1 = b0
  let c0 = bias ? v128.load32_splat(bias, 8) : f32x4.splat(0), c1 = c0
  let d0 = bias ? v128.load32_splat(bias, 12) : f32x4.splat(0), d1 = d0
  for (let i = 0; i < inputs; i++) {
    const x0 = v128.load(p), x1 = v128.load(p, 16)
    let s = v128.load32_splat(w)
    a0 = multiplyAddSingle(s, x0, a0); a1 = multiplyAddSingle(s, x1, a1)
    s = v128.load32_splat(w, 4)
    b0 = multiplyAddSingle(s, x0, b0); b1 = multiplyAddSingle(s, x1, b1)
    s = v128.load32_splat(w, 8)
    c0 = multiplyAddSingle(s, x0, c0); c1 = multiplyAddSingle(s, x1, c1)
    s = v128.load32_splat(w, 12)
    d0 = multiplyAddSingle(s, x0, d0); d1 = multiplyAddSingle(s, x1, d1)
    w += 16
    p += plane
  }
  v128.store(q, activated(a0, rectified)); v128.store(q, activated(a1, rectified), 16)
  q += outPlane
  v128.store(q, activated(b0, rectified)); v128.store(q, activated(b1, rectified), 16)
  q += outPlane
  v128.store(q, activated(c0, rectified)); v128.store(q, activated(c1, rectified), 16)
  q += outPlane
  v128.store(q, activated(d0, rectified)); v128.store(q, activated(d1, rectified), 16)
}

/**
 * out = Σ weights · in + bias, rectified where asked for; the rim of the image counts as zero.
 * @param weights as `packForward` or `packBackward` has them
 * @param bias    [output] padded to a multiple of four; 0 for none
 * @param taps    9 (3 × 3) or 1
 */
export function convolve(
  input: usize, inputs: i32, weights: usize, bias: usize, out: usize, outputs: i32,
  height: i32, width: i32, taps: i32, rectified: i32,
): void {
  const row = rowBytes(width), plane = planeBytes(height, width)
  for (let y = 0; y < height; y++) {
    const offset = <usize>(y + 1) * row + 16
    for (let o = 0; o < outputs; o += 4) {
      const w = weights + (<usize>(o * inputs * taps) << 2)
      const b = bias ? bias + (<usize>o << 2) : 0
      let p = input + offset, q = out + <usize>o * plane + offset
      for (let x = 0; x < width; x += 8) {
        if (taps == 9) tile3(p, plane, row, inputs, w, b, q, plane, rectified)
        else tile1(p, plane, inputs, w, b, q, plane, rectified)
        p += 32
        q += 32
      }
    }
  }
}

@inline function sum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
}

@inline function addTo(p: usize, value: f32): void {
  store<f32>(p, load<f32>(p) + value)
}

/** Rows that are gone through for all pairs of channels before the next ones: they stay in the cache. */
const band: i32 = 8

/**
 * Adds slopes of the weights: gradient[o, i, t] += Σ slope[o] · in[i] moved by tap t.
 * @param slope    [output plane], outputs padded to a multiple of four
 * @param given    outputs that there are weights of
 * @param gradient [given, input, tap]
 */
export function addWeightSlopes(
  slope: usize, given: i32, input: usize, inputs: i32, height: i32, width: i32, taps: i32, gradient: usize,
): void {
  const row = rowBytes(width), plane = planeBytes(height, width)
  const stride = <usize>(inputs * taps) << 2
  for (let from = 0; from < height; from += band) {
    const end = min(from + band, height)
    for (let o = 0; o < given; o += 4) {
      for (let i = 0; i < inputs; i++) {
        let g = gradient + (<usize>((o * inputs + i) * taps) << 2)
        for (let ky = taps == 9 ? 0 : 1; ky < (taps == 9 ? 3 : 2); ky++) {
          let a0 = f32x4.splat(0), a1 = a0, a2 = a0, b0 = a0, b1 = a0, b2 = a0
          let c0 = a0, c1 = a0, c2 = a0, d0 = a0, d1 = a0, d2 = a0
          for (let y = from; y < end; y++) {
            let p = slope + <usize>o * plane + <usize>(y + 1) * row + 16
            let q = input + <usize>i * plane + <usize>(y + ky) * row + 16
            const last = p + (<usize>width << 2)
            if (taps == 9) {
              for (; p < last; p += 16, q += 16) {
                const x0 = v128.load(q - 4), x1 = v128.load(q), x2 = v128.load(q, 4)
                let s = v128.load(p)
                a0 = multiplyAddSingle(s, x0, a0); a1 = multiplyAddSingle(s, x1, a1); a2 = multiplyAddSingle(s, x2, a2)
                s = v128.load(p + plane)
                b0 = multiplyAddSingle(s, x0, b0); b1 = multiplyAddSingle(s, x1, b1); b2 = multiplyAddSingle(s, x2, b2)
                s = v128.load(p + 2 * plane)
                c0 = multiplyAddSingle(s, x0, c0); c1 = multiplyAddSingle(s, x1, c1); c2 = multiplyAddSingle(s, x2, c2)
                s = v128.load(p + 3 * plane)
                d0 = multiplyAddSingle(s, x0, d0); d1 = multiplyAddSingle(s, x1, d1); d2 = multiplyAddSingle(s, x2, d2)
              }
            } else {
              for (; p < last; p += 16, q += 16) {
                const x1 = v128.load(q)
                a1 = multiplyAddSingle(v128.load(p), x1, a1)
                b1 = multiplyAddSingle(v128.load(p + plane), x1, b1)
                c1 = multiplyAddSingle(v128.load(p + 2 * plane), x1, c1)
                d1 = multiplyAddSingle(v128.load(p + 3 * plane), x1, d1)
              }
            }
          }
          if (taps == 9) {
            addTo(g, sum(a0)); addTo(g + 4, sum(a1)); addTo(g + 8, sum(a2))
            if (o + 1 < given) {
              addTo(g + stride, sum(b0)); addTo(g + stride + 4, sum(b1)); addTo(g + stride + 8, sum(b2))
            }
            if (o + 2 < given) {
              addTo(g + 2 * stride, sum(c0)); addTo(g + 2 * stride + 4, sum(c1)); addTo(g + 2 * stride + 8, sum(c2))
            }
            if (o + 3 < given) {
              addTo(g + 3 * stride, sum(d0)); addTo(g + 3 * stride + 4, sum(d1)); addTo(g + 3 * stride + 8, sum(d2))
            }
            g += 12
          } else {
            addTo(g, sum(a1))
            if (o + 1 < given) addTo(g + stride, sum(b1))
            if (o + 2 < given) addTo(g + 2 * stride, sum(c1))
            if (o + 3 < given) addTo(g + 3 * stride, sum(d1))
          }
        }
      }
    }
  }
}

/** Adds the sums of planes: slopes of the biases. @param gradient [count] */
export function addPlaneSums(slope: usize, count: i32, height: i32, width: i32, gradient: usize): void {
  const row = rowBytes(width), plane = planeBytes(height, width)
  for (let o = 0; o < count; o++) {
    let total = f32x4.splat(0)
    for (let y = 0; y < height; y++) {
      let p = slope + <usize>o * plane + <usize>(y + 1) * row + 16
      const last = p + (<usize>width << 2)
      for (; p < last; p += 16) total = f32x4.add(total, v128.load(p))
    }
    addTo(gradient + (<usize>o << 2), sum(total))
  }
}

/** Slopes of rectified values become those of what was rectified. @param values [count planes] after rectification */
export function backThroughRectifier(slope: usize, values: usize, count: i32, height: i32, width: i32): void {
  const last = slope + <usize>count * planeBytes(height, width)
  for (; slope < last; slope += 16, values += 16)
    v128.store(slope, v128.and(v128.load(slope), f32x4.gt(v128.load(values), f32x4.splat(0))))
}

/** One pixel of each 2 × 2: the largest, or their sum. @param height of the result; width likewise */
@inline function reduceSquares(input: usize, count: i32, height: i32, width: i32, out: usize, largest: bool): void {
  const inRow = rowBytes(2 * width), inPlane = planeBytes(2 * height, 2 * width)
  const row = rowBytes(width), plane = planeBytes(height, width)
  for (let c = 0; c < count; c++)
    for (let y = 0; y < height; y++) {
      let p = input + <usize>c * inPlane + <usize>(2 * y + 1) * inRow + 16
      let q = out + <usize>c * plane + <usize>(y + 1) * row + 16
      for (let x = 0; x < width; x += 4) {
        const low = reduced(v128.load(p), v128.load(p + inRow), largest)
        const high = reduced(v128.load(p, 16), v128.load(p + inRow, 16), largest)
        v128.store(q, reduced(
          v128.shuffle<f32>(low, high, 0, 2, 4, 6), v128.shuffle<f32>(low, high, 1, 3, 5, 7), largest))
        p += 32
        q += 16
      }
    }
}

@inline function reduced(a: v128, b: v128, largest: bool): v128 {
  return largest ? f32x4.pmax(a, b) : f32x4.add(a, b)
}

/** The largest of each 2 × 2 pixels. @param height of the result; width likewise */
export function pool(input: usize, count: i32, height: i32, width: i32, out: usize): void {
  reduceSquares(input, count, height, width, out, true)
}

/** Adds slopes of pooled values to those of the largest of each 2 × 2 pixels, the first of equal ones. */
export function addPoolSlopes(
  slope: usize, values: usize, count: i32, height: i32, width: i32, input: usize, out: usize,
): void {
  const inRow = rowBytes(2 * width), inPlane = planeBytes(2 * height, 2 * width)
  const row = rowBytes(width), plane = planeBytes(height, width)
  for (let c = 0; c < count; c++)
    for (let y = 0; y < height; y++) {
      const large = <usize>c * inPlane + <usize>(2 * y + 1) * inRow + 16
      const small = <usize>c * plane + <usize>(y + 1) * row + 16
      for (let x = 0; x < width; x++) {
        const at = small + (<usize>x << 2)
        const value = load<f32>(values + at), s = load<f32>(slope + at)
        let to = large + (<usize>x << 3)
        if (load<f32>(input + to) != value) {
          if (load<f32>(input + to + 4) == value) to += 4
          else if (load<f32>(input + to + inRow) == value) to += inRow
          else to += inRow + 4
        }
        addTo(out + to, s)
      }
    }
}

/** Each pixel four times. @param height of what is read; width likewise */
export function enlarge(input: usize, count: i32, height: i32, width: i32, out: usize): void {
  const row = rowBytes(width), plane = planeBytes(height, width)
  const outRow = rowBytes(2 * width), outPlane = planeBytes(2 * height, 2 * width)
  for (let c = 0; c < count; c++)
    for (let y = 0; y < height; y++) {
      let p = input + <usize>c * plane + <usize>(y + 1) * row + 16
      let q = out + <usize>c * outPlane + <usize>(2 * y + 1) * outRow + 16
      for (let x = 0; x < width; x += 4) {
        const v = v128.load(p)
        const low = v128.shuffle<f32>(v, v, 0, 0, 1, 1), high = v128.shuffle<f32>(v, v, 2, 2, 3, 3)
        v128.store(q, low); v128.store(q, high, 16)
        v128.store(q + outRow, low); v128.store(q + outRow, high, 16)
        p += 16
        q += 32
      }
    }
}

/** Sums of each 2 × 2 slopes: the way back from `enlarge`. @param height of the result; width likewise */
export function reduceSlopes(slope: usize, count: i32, height: i32, width: i32, out: usize): void {
  reduceSquares(slope, count, height, width, out, false)
}
