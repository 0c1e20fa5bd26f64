import { constants, gunzipSync, gzipSync, inflateSync, zstdCompressSync, zstdDecompressSync } from "node:zlib"
import { registry } from "zarrita"

type CodecLoader = Parameters<typeof registry.set>[1]
type Codec = Awaited<ReturnType<CodecLoader>>
type ChunkFacts = Parameters<Codec["fromConfig"]>[1]

/** Bytes of a chunk before it was packed, a checksum behind it included. */
const mostBytes = ({ dataType, shape }: ChunkFacts): number => {
  const bits = Number(/\d+$/.exec(String(dataType))?.[0] ?? 8)
  return shape.reduce((product, edge) => product * edge, bits / 8) + 64
}

type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array
type Pack = (bytes: Uint8Array) => Uint8Array

/** Node's own, which unpacks no more than a chunk. */
const fromNode = (unpack: Unpack, pack: Pack): Codec => ({
  kind: "bytes_to_bytes",
  fromConfig: (_, chunk) => ({
    kind: "bytes_to_bytes",
    encode: (bytes: Uint8Array) => new Uint8Array(pack(bytes)),
    decode: (bytes: Uint8Array) => new Uint8Array(unpack(bytes, { maxOutputLength: mostBytes(chunk) })),
  }),
})

/** Chunks are written in one way only. */
const packNone: Pack = () => {
  throw new Error("chunks are not written with this codec")
}

/** The lowest level: labels pack well at any. */
const packZstd: Pack = (bytes) => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })

/** A codec that allocates what the chunk itself claims, once that is no more than a chunk may take. */
const checked = (inner: Codec, claim: (view: DataView) => number): Codec => ({
  kind: "bytes_to_bytes",
  fromConfig: (configuration, chunk) => {
    const codec = inner.fromConfig(configuration, chunk)
    return {
      ...codec,
      kind: "bytes_to_bytes",
      encode: (bytes: Uint8Array) => codec.encode(bytes),
      decode: (bytes: Uint8Array) => {
        const length = claim(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
        if (length > mostBytes(chunk)) throw new Error(`a chunk claims to unpack to ${length} bytes`)
        return codec.decode(bytes)
      },
    }
  },
})

const bloscHead = 16

/** @source Blosc chunk format, https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst */
const bloscClaim = (view: DataView): number => {
  if (view.byteLength < bloscHead || view.getUint32(12, true) > view.byteLength) throw new Error("a chunk is cut off")
  return view.getUint32(4, true)
}

const lz4Claim = (view: DataView): number => {
  if (view.byteLength < 4) throw new Error("a chunk is cut off")
  return view.getUint32(0, true)
}

const claims = { blosc: bloscClaim, lz4: lz4Claim } as const

let areBounded = false

/**
 * Puts codecs into the place of the library's own that never allocate more than a chunk, whatever the packed bytes
 * claim. Does so once.
 */
export const boundZarrCodecs = (): void => {
  if (areBounded) return
  areBounded = true
  const put = (name: string, load: CodecLoader): void => {
    for (const key of [name, `numcodecs.${name}`]) registry.set(key, load)
  }
  put("zstd", async () => fromNode(zstdDecompressSync, packZstd))
  put("gzip", async () => fromNode(gunzipSync, gzipSync))
  put("zlib", async () => fromNode(inflateSync, packNone))
  for (const name of ["blosc", "lz4"] as const) {
    const load = registry.get(name)
    if (load !== undefined) put(name, async () => checked(await load(), claims[name]))
  }
}
