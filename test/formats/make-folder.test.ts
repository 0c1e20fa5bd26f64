import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { makeFolder } from "../../src/formats/make-folder.ts"

const place = mkdtempSync(join(tmpdir(), "synchrode-folders-"))
afterAll(() => rmSync(place, { recursive: true, force: true }))

it("makes a folder and all that it lies in, once or again", () => {
  const folder = join(place, "a", "b", "c")
  for (let call = 0; call < 2; call++) {
    makeFolder(folder)
    expect(statSync(folder).isDirectory()).toBe(true)
  }
  makeFolder(join(place, "a", "d"))
  expect(statSync(join(place, "a", "d")).isDirectory()).toBe(true)
})

it("says what the system says where a file is in the way", () => {
  const file = join(place, "file")
  writeFileSync(file, "")
  expect(() => makeFolder(file)).toThrow(/EEXIST/)
  expect(() => makeFolder(join(file, "below", "it"))).toThrow(/ENOTDIR/)
})

it.skipIf(!existsSync("/proc/self"))("gives up where nothing can be made, instead of trying for ever", () => {
  expect(() => makeFolder("/proc/synchrode-nowhere")).toThrow(/ENOENT|EACCES|EPERM|EROFS/)
  expect(() => makeFolder("/proc/synchrode-nowhere/below")).toThrow(/ENOENT|EACCES|EPERM|EROFS/)
})
