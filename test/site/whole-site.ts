import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { type RunOptions, startRun } from '../../src/site/run.ts'
import { gstLaunch } from '../support/gst.ts'
import { silent } from './site.ts'

const footage = join(import.meta.dirname, '../../footage')

/** The first frames of our own footage; somebody comes into the cafe in them. */
export const cut = async (folder: string, scene: string, codec: 'h264' | 'h265', frames: number): Promise<string> => {
  const file = join(folder, `${scene}.mp4`)
  const { code, errors } = await gstLaunch(
    `filesrc location=${join(footage, `${scene}.mp4`)} ! qtdemux ! ${codec}parse ! identity eos-after=${frames} ! mp4mux ! filesink location=${file}`,
  )
  expect(code, errors).toBe(0)
  return file
}

/** A site in a folder of its own, with vision processes, sinks and people as in production. */
export const site = (config: object, given: Partial<RunOptions> = {}) => {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-run-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const [file, state] = [join(root, 'events.jsonl'), join(root, 'state')]
  const logged: string[] = []
  const log = { ...silent, error: (_fields: object, message: string) => logged.push(message) }
  const parsed = configSchema.parse({
    vision: { processes: 1 },
    http: { port: null },
    sinks: { events: file },
    log: { level: 'error' },
    ...config,
  })
  return {
    logged,
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

/** What `found` gives once it gives something. */
export const until = async <T>(
  found: () => T | undefined | false | null | Promise<T | undefined | false | null>,
): Promise<T> => {
  for (;;) {
    const result = await found()
    if (result !== undefined && result !== false && result !== null) return result
    await new Promise((resolve) => setImmediate(resolve))
  }
}
