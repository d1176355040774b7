import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { isLogged } from '../../src/site/committed-identity.ts'
import { randomFrom } from '../identity/support/faces.ts'

const run = promisify(execFile)

/** `mortal.ts` in one file, which starts in a third of the time. */
const bundle = async (directory: string): Promise<string> => {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: join(import.meta.dirname, 'mortal.ts'),
      outDir: join(directory, 'bundle'),
      target: 'node24',
      rolldownOptions: { output: { entryFileNames: 'mortal.mjs' } },
    },
  })
  // Read at run time, from beside the code.
  const kernel = join(import.meta.dirname, '../../src/identity/search/kernel.wasm')
  copyFileSync(kernel, join(directory, 'bundle/kernel.wasm'))
  return join(directory, 'bundle/mortal.mjs')
}

/** What a sink has got: each event once, by ID. Fails when an ID came again with other content. */
const received = (directory: string): Map<string, string> => {
  const file = join(directory, 'events.jsonl')
  const events = new Map<string, string>()
  if (!existsSync(file)) return events
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const { id } = JSON.parse(line) as RollcallEvent
    expect(events.get(id) ?? line, 'a repeat is the same').toBe(line)
    events.set(id, line)
  }
  return events
}

const knownIn = (directory: string) => {
  const store = openStore(join(directory, 'state'), { embedder: null })
  try {
    const saved = store.saved()
    const engine = createIdentity(identityOptions.parse({}), { saved })
    const people = engine.people()
    return {
      people: people.map(({ id }) => engine.person(id)),
      embeddings: engine.exportPeople(),
      aliases: saved.aliases,
      retired: saved.retired,
      unpublished: store.unpublished(),
      histories: people.map(({ id }) => store.history(id)),
    }
  } finally {
    store.close()
  }
}

/** Tests that a site killed at `kills` writes goes on as one that was not. */
export const testKills = (kills: number): void =>
  test(`${kills} times killed at any write, it goes on as if nothing had happened`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'rollcall-crash-'))
    onTestFinished(() => rmSync(root, { recursive: true, force: true }))
    const program = await bundle(root)
    const live = async (directory: string, killAt: number): Promise<number | 'killed'> => {
      try {
        const { stdout } = await run(process.execPath, [program, directory, String(killAt)], {
          env: { ...process.env, NODE_COMPILE_CACHE: join(root, 'compiled') },
        })
        return Number(stdout)
      } catch (error) {
        if ((error as { signal?: string }).signal === 'SIGKILL') return 'killed'
        throw error
      }
    }

    const steady = mkdtempSync(join(root, 'steady-'))
    const writes = Number(await live(steady, 0))
    const expected = knownIn(steady)
    const events = received(steady)
    const types = new Set([...events.values()].map((line) => (JSON.parse(line) as RollcallEvent).type))
    for (const type of ['created', 'named', 'merged', 'deleted']) expect(types).toContain(`rollcall.person.${type}.v1`)
    expect([expected.people.length, expected.aliases.length, expected.unpublished]).toEqual([6, 1, []])
    const loggedOf = (all: Map<string, string>): string[] =>
      [...all.values()].filter((line) => isLogged(JSON.parse(line) as RollcallEvent)).sort()

    const random = randomFrom(2026)
    let killed = 0
    /** One site, killed again and again until it gets to its end. */
    const site = async (): Promise<void> => {
      const directory = mkdtempSync(join(root, 'site-'))
      // Within a fifth of a life, so that most sites die several times, and in a deletion or a migration too.
      const next = (): number => (killed < kills ? 1 + Math.floor((random() * writes) / 5) : 0)
      for (let at = next(); (await live(directory, at)) === 'killed'; at = next()) killed++
      expect(knownIn(directory)).toEqual(expected)
      const got = received(directory)
      expect(loggedOf(got), 'none about people or tracks is lost').toEqual(loggedOf(events))
      for (const [id, line] of got) expect(line).toBe(events.get(id))
      rmSync(directory, { recursive: true })
    }
    const worker = async (): Promise<void> => {
      while (killed < kills) await site()
    }
    await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker))
    expect(killed).toBeGreaterThanOrEqual(kills)
  }, 300_000)
