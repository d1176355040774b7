import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { startRun } from '../../src/site/run.ts'
import type { RunOptions } from '../../src/site/run-options.ts'
import { partOf } from '../support/footage.ts'
import { watchedLog } from '../support/restarts.ts'

/**
 * Short recordings for the tests of a file, made before them and gone after: `cafe` has 100 frames, and two people get an
 * ID in its first 50; `gate` has 50 in H.265 with one person.
 */
export const useRecordings = (): { readonly cafe: string; readonly gate: string } => {
  const recordings = { cafe: '', gate: '' }
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-recordings-'))
    recordings.cafe = await partOf('cafe', 14, 18, join(folder, 'cafe.mp4'))
    recordings.gate = await partOf('gate', 10, 12, join(folder, 'gate.mp4'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return recordings
}

/** A site in a folder of its own, with vision processes, sinks and people as in production. */
export const site = (config: object, given: Partial<RunOptions> = {}) => {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-run-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const [file, state] = [join(root, 'events.jsonl'), join(root, 'state')]
  const logged: string[] = []
  const watched = watchedLog()
  const error = (fields: object, message: string): void => {
    logged.push(message)
    watched.error(fields, message)
  }
  const log = { ...watched, error }
  const parsed = configSchema.parse({
    vision: { processes: 1 },
    http: { port: null },
    sinks: { events: file },
    log: { level: 'error' },
    ...config,
  })
  return {
    logged,
    restarts: watched.restarts,
    file,
    state,
    start: () => startRun(parsed, { untilEnd: true, stateDirectory: state, log, ...given }),
    events: () =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as RollcallEvent),
    /** What a restart would publish again. */
    unpublished: () => {
      const store = openStore(state, { embedder: null })
      try {
        return { unpublished: store.unpublished(), people: store.saved().people.length }
      } finally {
        store.close()
      }
    },
  }
}

/** What `found` gives once it gives something. Asked less and less often, down to thirty times a second: each look takes time from the site. */
export const until = async <T>(
  found: () => T | undefined | false | null | Promise<T | undefined | false | null>,
): Promise<T> => {
  for (let pauseMs = 2; ; pauseMs = Math.min(1.5 * pauseMs, 33)) {
    const result = await found()
    if (result !== undefined && result !== false && result !== null) return result
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
