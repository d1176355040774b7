import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

const isLong = process.env.ROLLCALL_TESTS === 'long'
const words = (...lines: readonly string[]): readonly string[] => lines.flatMap((line) => line.split(' '))
const files = (...lines: readonly string[]): readonly string[] => words(...lines).map((name) => `test/${name}.test.ts`)
/** Folders whose tests compute, and say the same each time: their files share processes, and none is tried again. */
const pure = words(
  'config demo deploy evaluate identity math models operators photos recognition rules schemas soak tracking vision worker',
)
/** Single files of that kind. */
const alsoPure = files(
  'chaos/granted-time chaos/growth chaos/identities event-json footage messages node-version pages read-all text text-kind types',
  'viewer/chart viewer/choose viewer/counted-judge viewer/days viewer/event-filter viewer/feed-order viewer/live-layout',
  'viewer/person-look viewer/site-store viewer/when',
)
/** Folders whose tests open what they also close: their files share processes too, and may be tried again. */
const tidy = words(
  'bench browser client commands examples ingest integration ipc native server simulator sinks site viewer',
)
/** Files in them that measure or change their own process. */
const alone = files(
  'ingest/hostile ingest/pixel-formats native/lifetime native/modes native/priority',
  'sinks/jsonl/json-lines sinks/websocket/replay-buffer',
)
const testsIn = (...folders: readonly string[]): string[] => folders.map((folder) => `test/${folder}/**/*.test.ts`)
const long = 'test/**/*.long.test.ts'
/** In both: a part of their cases in `bin/test`, all of them among the long ones (`casesOf`). */
const property = 'test/**/*.property.test.ts'

export default defineConfig({
  test: {
    setupFiles: ['test/support/seed.ts', 'test/support/no-restarts.ts'],
    sequence: { sequencer: LongestFirst },
    pool: 'forks',
    // A file that starts whole programs waits for half its time, for cameras, brokers and deadlines: four at a time fill two cores.
    maxWorkers: 4,
    testTimeout: isLong ? 600_000 : 90_000,
    hookTimeout: 60_000,
    // Tests start the real program some two hundred times; with its code compiled once, a start takes two thirds.
    // ONNX Runtime, which some tests open themselves, reports to nobody.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, '.rollcall/compiled'), ORT_DISABLE_TELEMETRY: '1' },
    globalSetup: ['test/support/own-temporary.ts', 'test/support/kafka/shared-broker.ts'],
    // Node loads the files itself, as it does in the program: nothing is transformed, and files of one process share what they import.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // The long suites (more seeds, more kills, more footage) have a command of their own: `npm run test:long`.
    projects: isLong
      ? [{ extends: true, test: { name: 'long', include: [long, property] } }]
      : [
          {
            extends: true,
            test: {
              name: 'whole',
              include: ['test/**/*.test.ts'],
              exclude: [...configDefaults.exclude, long, ...alsoPure, ...testsIn(...pure, ...tidy)],
              // Other work on the machine may be in the way once. `second-tries.ts` names whom, so that nobody overlooks it.
              retry: 1,
            },
          },
          {
            extends: true,
            test: {
              name: 'tidy',
              include: testsIn(...tidy),
              exclude: [long, ...alone, ...alsoPure],
              isolate: false,
              retry: 1,
              // Cameras play in real time: tests that say `concurrent` wait for them together.
              maxConcurrency: 10,
            },
          },
          { extends: true, test: { name: 'alone', include: [...alone], retry: 1 } },
          {
            extends: true,
            test: { name: 'pure', include: [...testsIn(...pure), ...alsoPure], exclude: [long], isolate: false },
          },
        ],
  },
})
