import { createHash } from "node:crypto"
import { readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { writeAtomically } from "./atomic.ts"
import { type RunUnwritable, SnapshotMissing, systemReason, unwritable } from "./errors.ts"
import { pack, unpack } from "./packing.ts"

/** Number of the layout of snapshot files; another number is not read. */
const format = 1

/** What a snapshot holds besides the state. */
export interface SnapshotHead {
  /** Accepted time steps so far */
  readonly step: number
  /** [s] */
  readonly time: number
  /** Size of every append-only file when the snapshot was taken [byte] */
  readonly sizes: Readonly<Record<string, number>>
}

export interface Snapshot extends SnapshotHead {
  readonly file: string
  readonly state: unknown
}

interface Envelope {
  readonly format: number
  readonly checksum: string
  readonly payload: Uint8Array
}

const checksumOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

const isEnvelope = (value: unknown): value is Envelope =>
  typeof value === "object" && value !== null && "checksum" in value && "payload" in value && "format" in value

/** A packed value with its checksum. */
export const sealed = (value: unknown): Uint8Array => {
  const payload = pack(value)
  return pack({ format, checksum: checksumOf(payload), payload })
}

/** The value of `sealed` bytes, or why they cannot be trusted. */
export const unsealed = (bytes: Uint8Array): { readonly value: unknown } | { readonly damage: string } => {
  try {
    const envelope = unpack(bytes)
    if (!isEnvelope(envelope)) return { damage: "it is no snapshot" }
    if (envelope.format !== format) return { damage: `it has format ${envelope.format}; this program reads ${format}` }
    if (checksumOf(envelope.payload) !== envelope.checksum) return { damage: "its checksum does not fit its content" }
    return { value: unpack(envelope.payload) }
  } catch {
    return { damage: "it was cut off or overwritten" }
  }
}

const nameOf = (step: number): string => `snapshot-${String(step).padStart(8, "0")}.msgpack`
const pattern = /^snapshot-\d{8,}\.msgpack$/

/** Snapshots that are kept; older ones are removed once a new one is safe. */
const kept = 3

/** Writes a snapshot so that it is there as a whole or not at all, and removes what is older than the last three. */
export const writeSnapshot = Effect.fn("writeSnapshot")(function* (
  folder: string,
  head: SnapshotHead,
  state: unknown,
): Effect.fn.Return<void, RunUnwritable> {
  yield* writeAtomically(join(folder, nameOf(head.step)), sealed({ ...head, state }))
  yield* Effect.try({
    try: () => {
      const old = snapshotFiles(folder).slice(kept)
      for (const file of old) rmSync(join(folder, file), { force: true })
    },
    catch: (cause) => unwritable(folder, cause),
  })
})

/** Snapshots at ends of cycles that are kept at the most; in longer runs every second, fourth … cycle, and the last. */
const keptCycles = 32

/** The cycles whose snapshots are kept once the last of them is over. */
export const cyclesKept = (cycles: readonly number[]): readonly number[] => {
  const last = Math.max(...cycles)
  const stride = 2 ** Math.max(0, Math.ceil(Math.log2((last + 1) / (keptCycles - 1))))
  return cycles.filter((cycle) => cycle % stride === 0 || cycle === last)
}

/** File of the snapshot at the end of a cycle. */
export const cycleSnapshotFile = (cycle: number): string => `cycle-${String(cycle).padStart(5, "0")}.msgpack`
const cyclePattern = /^cycle-(\d{5,})\.msgpack$/

/** Cycles at whose end a run can be taken up again, rising. */
export const cycleSnapshots = (folder: string): readonly number[] =>
  readdirSync(folder)
    .flatMap((file) => cyclePattern.exec(file)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other)

/** Writes the snapshot of a cycle's end beside the running ones, and thins out those of earlier cycles. */
export const writeCycleSnapshot = Effect.fn("writeCycleSnapshot")(function* (
  folder: string,
  cycle: number,
  head: SnapshotHead,
  state: unknown,
): Effect.fn.Return<void, RunUnwritable> {
  yield* writeAtomically(join(folder, cycleSnapshotFile(cycle)), sealed({ ...head, state }))
  yield* Effect.try({
    try: () => {
      const all = cycleSnapshots(folder)
      const left = cyclesKept(all)
      for (const old of all) if (!left.includes(old)) rmSync(join(folder, cycleSnapshotFile(old)), { force: true })
    },
    catch: (cause) => unwritable(folder, cause),
  })
})

/** The snapshot of the end of a cycle. @param sizeOf size of an append-only file now [byte] */
export const readCycleSnapshot = Effect.fn("readCycleSnapshot")(function* (
  folder: string,
  cycle: number,
  sizeOf: (file: string) => number,
): Effect.fn.Return<Snapshot, SnapshotMissing> {
  const missing = (reason: string) => Effect.fail(new SnapshotMissing({ path: folder, reason }))
  const file = cycleSnapshotFile(cycle)
  const result = readSealed(join(folder, file))
  if ("damage" in result) return yield* missing(`${file}: ${result.damage}`)
  const snapshot = { file, ...(result.value as SnapshotHead & { readonly state: unknown }) }
  const short = shortTable(snapshot, sizeOf)
  return short === undefined ? snapshot : yield* missing(`${short} is shorter than at the end of cycle ${cycle}`)
})

const readSealed = (path: string): ReturnType<typeof unsealed> => {
  try {
    return unsealed(readFileSync(path))
  } catch {
    return { damage: "it cannot be read" }
  }
}

/** A table that has lost rows since the snapshot was taken. */
const shortTable = ({ sizes }: SnapshotHead, sizeOf: (file: string) => number): string | undefined =>
  Object.entries(sizes).find(([name, size]) => sizeOf(name) < size)?.[0]

/** Names of the snapshots in a folder, the latest first. */
export const snapshotFiles = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((file) => pattern.test(file))
    .sort()
    .reverse()

/**
 * The latest snapshot that can be trusted: whole, and no older than the tables it belongs to.
 * @param sizeOf size of an append-only file now [byte]
 * @returns the snapshot, and what is wrong with those that were passed over
 */
export const latestSnapshot = Effect.fn("latestSnapshot")(function* (
  folder: string,
  sizeOf: (file: string) => number,
): Effect.fn.Return<{ readonly snapshot: Snapshot; readonly warnings: readonly string[] }, SnapshotMissing> {
  const warnings: string[] = []
  const files = yield* Effect.try({
    try: () => snapshotFiles(folder),
    catch: (cause) => new SnapshotMissing({ path: folder, reason: systemReason(cause).reason }),
  })
  for (const file of files) {
    const result = readSealed(join(folder, file))
    if ("damage" in result) {
      warnings.push(`${file} is passed over: ${result.damage}`)
      continue
    }
    const snapshot = { file, ...(result.value as SnapshotHead & { readonly state: unknown }) }
    const short = shortTable(snapshot, sizeOf)
    if (short !== undefined) {
      warnings.push(`${file} is passed over: ${short} is shorter than when it was taken`)
      continue
    }
    return { snapshot, warnings }
  }
  const reason =
    files.length === 0 ? "there is no snapshot to go on from" : `no snapshot is whole: ${warnings.join("; ")}`
  return yield* new SnapshotMissing({ path: folder, reason })
})
