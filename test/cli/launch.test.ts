import { execFileSync, spawnSync } from "node:child_process"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { root } from "./command.ts"

/** The Node of the host, where it is another than the one of the tests. */
const hostNode = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => {
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8" })
  return status === 0 && stdout.trim() !== process.version && Number(stdout.slice(1).split(".")[0]) >= 20
})
const launcher = join(root, "src/cli/launch.js")

describe("the launcher", () => {
  it("starts the program on the Node it is run with if that is new enough", () => {
    expect(execFileSync(process.execPath, [launcher, "--version"], { encoding: "utf8" })).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it.skipIf(hostNode === undefined)(
    "starts it on the bundled Node where the host's is older, exit codes included",
    () => {
      const { stdout } = spawnSync(hostNode ?? "", [launcher, "--version"], { encoding: "utf8" })
      expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
      expect(spawnSync(hostNode ?? "", [launcher, "run", "gone.yaml", "gone.yaml"]).status).toBe(3)
      expect(spawnSync(hostNode ?? "", [launcher, "nonsense"]).status).toBe(1)
    },
  )
})
