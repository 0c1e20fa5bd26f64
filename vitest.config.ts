import { defineConfig } from "vitest/config"

export default defineConfig(({ mode }) => {
  // Looking further takes as long as it takes; 0 is without end.
  const patience = mode === "properties" ? 0 : 60_000
  return {
    test: {
      include: ["test/**/*.test.ts"],
      setupFiles: ["test/setup.ts"],
      testTimeout: patience,
      hookTimeout: patience,
      pool: "forks",
      // Left to itself, Vitest keeps one processor of two for its own.
      maxWorkers: "100%",
    },
  }
})
