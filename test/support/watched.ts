import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { RollcallEvent } from '../../src/events/types.ts'
import { filesIn } from './files-in.ts'
import { watchRestarts } from './restarts.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = join(root, '.rollcall/watched')

/** Recordings, by the name of the camera that watches them, and the models to watch with. */
export interface Watched {
  readonly cameras: Readonly<Record<string, string>>
  /** The shipped ones when left out. */
  readonly models?: string
  /** Frames a second that are analysed; all when left out. */
  readonly maxFps?: number
}

/** The code that says what is published. */
const code = [...filesIn(join(root, 'src')), ...filesIn(join(root, 'native/build')), join(root, 'package-lock.json')]

/** Changes with the recordings, the models and the code. Models are told by size and time: they are hundreds of MB. */
const keyOf = ({ cameras, models = join(root, 'models'), maxFps }: Watched): string => {
  const hash = createHash('sha256').update(JSON.stringify({ cameras: Object.keys(cameras), maxFps }))
  for (const file of [...Object.values(cameras), ...code]) hash.update(file).update(readFileSync(file))
  for (const file of filesIn(models)) hash.update(`${file} ${statSync(file).size} ${statSync(file).mtimeMs}`)
  return hash.digest('hex').slice(0, 16)
}

/** In this process. */
const asked = new Map<string, Promise<readonly RollcallEvent[]>>()

/**
 * What `run --until-end` publishes of whole recordings. They are analysed once for all test files: the same recordings,
 * models and code give the same events, which `recordings.test.ts` and `environments.test.ts` prove. Rejects when it
 * does not end with 0.
 */
export const watched = (wanted: Watched): Promise<readonly RollcallEvent[]> => {
  const files = Object.values(wanted.cameras).map((file) => basename(file))
  const name = `${files.join('+')}-${wanted.maxFps ?? 'all'}`
  const file = join(folder, `${name}-${keyOf(wanted)}.jsonl`)
  const events = asked.get(file) ?? read(wanted, name, file)
  asked.set(file, events)
  return events
}

const read = async (wanted: Watched, name: string, file: string): Promise<readonly RollcallEvent[]> => {
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    // What another test file is writing now has the same key.
    for (const old of readdirSync(folder))
      if (old.startsWith(`${name}-`) && !old.startsWith(basename(file))) rmSync(join(folder, old))
    const fresh = `${file}.${process.pid}`
    await watchTo(wanted, fresh)
    renameSync(fresh, file)
  }
  return readEvents(file)
}

/** Analyses whole recordings now, and writes their events to `file`. Rejects when `run --until-end` does not end with 0. */
export const watchTo = async ({ cameras, models, maxFps }: Watched, file: string): Promise<void> => {
  const config = `${file}.json`
  const urls = Object.entries(cameras).map(([camera, url]) => [camera, { url }])
  writeFileSync(
    config,
    JSON.stringify({
      cameras: Object.fromEntries(urls),
      ...(maxFps !== undefined && { cameraDefaults: { maxFps } }),
      http: { port: null },
    }),
  )
  const options = models === undefined ? [] : ['--models', models]
  const program = [join(root, 'src/main.ts'), 'run', '--until-end', '--state', 'off', '--log-level', 'error']
  try {
    const args = [...program, '--config', config, ...options, '--events', file]
    const { stderr } = await promisify(execFile)(process.execPath, args, { cwd: root })
    watchRestarts(() => stderr)
  } finally {
    rmSync(config)
  }
}

/** The events of a file, one a line. */
export const readEvents = (file: string): readonly RollcallEvent[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RollcallEvent)
