import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

const isLong = process.env.ROLLCALL_TESTS === 'long'

export default defineConfig({
  test: {
    // The long suites: more seeds, more kills, more footage. `npm run test:long` runs them, `bin/test` a short member of each.
    include: [isLong ? 'test/**/*.long.test.ts' : 'test/**/*.test.ts'],
    exclude: isLong ? [] : ['test/**/*.long.test.ts'],
    globalSetup: ['test/support/kafka/shared-broker.ts'],
    setupFiles: ['test/support/seed.ts'],
    sequence: { sequencer: LongestFirst },
    pool: 'forks',
    // Real cameras, brokers and models share the cores: two files at a time keep their deadlines meaningful.
    maxWorkers: 2,
    testTimeout: isLong ? 600_000 : 90_000,
    hookTimeout: 60_000,
    // Tests start the real program some two hundred times; with its code compiled once, a start takes two thirds.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, '.rollcall/compiled') },
  },
})
