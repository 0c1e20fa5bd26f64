import { defineConfig } from "vitest/config"

export default defineConfig(({ mode }) => {
  const patience = mode === "properties" ? 1_800_000 : 60_000
  return {
    test: {
      include: ["test/**/*.test.ts"],
      setupFiles: ["test/setup.ts"],
      testTimeout: patience,
      hookTimeout: patience,
      pool: "forks",
    },
  }
})
