import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    sequence: { sequencer: LongestFirst },
    pool: 'forks',
    // Real cameras, brokers and models share the cores: two files at a time keep their deadlines meaningful.
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
})
