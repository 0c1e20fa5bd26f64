import { decode, ExtensionCodec, encode } from "@msgpack/msgpack"

const kinds = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
} as const
type Kind = keyof typeof kinds
type Packed = InstanceType<(typeof kinds)[Kind]>

const names = Object.keys(kinds) as Kind[]
const typedArrayExtension = 1

/**
 * Typed arrays with dtype and shape: one byte dtype (the place in `kinds`), one byte rank, the shape as 32-bit counts,
 * the values, little-endian. Plain msgpack would return a Float64Array as unaligned bytes.
 */
const codec = new ExtensionCodec()
codec.register({
  type: typedArrayExtension,
  encode: (input: unknown): Uint8Array | null => {
    const kind = names.findIndex((name) => input instanceof kinds[name])
    if (kind < 0) return null
    const { buffer, byteOffset, byteLength, length } = input as Packed
    const bytes = new Uint8Array(6 + byteLength)
    bytes[0] = kind
    bytes[1] = 1
    new DataView(bytes.buffer).setUint32(2, length, true)
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), 6)
    return bytes
  },
  decode: (bytes: Uint8Array): Packed => {
    const name = names[bytes[0]]
    const rank = bytes[1]
    if (name === undefined || rank !== 1) throw new RangeError(`unknown array of dtype ${bytes[0]} and rank ${rank}`)
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(2, true)
    const values = bytes.slice(2 + 4 * rank)
    const kind = kinds[name]
    if (values.byteLength !== length * kind.BYTES_PER_ELEMENT) {
      throw new RangeError(`an array of ${length} values has ${values.byteLength} bytes`)
    }
    return new kind(values.buffer)
  },
})

/** Plain records of numbers, text and typed arrays as msgpack; every number reads back to the same bits. */
export const pack = (value: unknown): Uint8Array =>
  // Whole numbers as floats: msgpack integers know no −0.
  // A copy: the library hands out its own buffer, which the next call would overwrite.
  encode(value, { extensionCodec: codec, forceIntegerToFloat: true, ignoreUndefined: true, maxDepth: 100 }).slice()

/** @throws where the bytes are no msgpack of `pack` */
export const unpack = (bytes: Uint8Array): unknown =>
  // The slice of a Buffer would be no copy but a view.
  decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), { extensionCodec: codec })
