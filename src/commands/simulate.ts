import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadPersonalities, loadPersonality } from '../../simulator/personalities.ts'
import type { Personality } from '../../simulator/personality.ts'
import { readLoop } from '../../simulator/read-loop.ts'
import { footageOf, startPersonality } from '../../simulator/start-personality.ts'
import { RollcallError } from '../errors.ts'
import { parse } from './arguments.ts'

const help = `rollcall simulate --personality NAME --file F [OPTIONS]

Pretends to be a camera that does one thing wrong, as real ones do, so that any RTSP client can be tested with it.
It plays a video file in a loop, without encoding it anew.

  --list              the personalities, what each does, and what is expected of a client
  --personality NAME  which one (default: good, a camera that does everything right)
  --file F            an mp4, mkv or ts with H.264 or H.265; hostile peers and kinds of picture need none
  --host ADDRESS      where it listens (default 127.0.0.1; 0.0.0.0 for clients on other machines)
  --port N            TCP port (default: any free one)

It prints its URL and runs until Ctrl-C.`

const simulateOptions = {
  list: { type: 'boolean', default: false },
  personality: { type: 'string', default: 'good' },
  file: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '0' },
  help: { type: 'boolean', short: 'h' },
} as const

/**
 * Runs a simulated camera until it is interrupted, or lists what there is. Resolves to 0. Throws USAGE for an unknown
 * personality, a missing file or a port that is taken, CAMERA_FORMAT for a file without H.264 or H.265.
 */
export const simulate = async (args: readonly string[]): Promise<number> => {
  const options = parse('simulate', args, simulateOptions)
  if (options.help || options.list) {
    console.log(options.help ? help : listOf(await loadPersonalities()))
    return 0
  }
  const { personality: name, file, host } = options
  const port = portOf(options.port)
  const personality = await loadPersonality(name)
  if (file === undefined && personality.quirks.serve === undefined && personality.footage === undefined) {
    throw new RollcallError('USAGE', 'rollcall simulate: --file is missing; expected a video that the camera shows', {
      remedy: 'for example --file footage/cafe.mp4',
    })
  }
  const ended = Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)))
  const given = file === undefined ? null : await readLoop(file)
  await using owned = new AsyncDisposableStack()
  const scratch = owned.adopt(await mkdtemp(join(tmpdir(), 'rollcall-')), (folder) => rm(folder, { recursive: true }))
  const shown = await footageOf(personality, given, scratch)
  const running = owned.adopt(await startPersonality(name, personality, shown, { host, port }), (started) =>
    started.close(),
  )
  console.log(introduction(name, personality, running.url))
  await ended
  return 0
}

const portOf = (text: string): number => {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new RollcallError('USAGE', `rollcall simulate: --port ${text}: expected a number from 0 to 65535`)
}

const introduction = (name: string, personality: Personality, url: string): string => {
  const { kind, does, seen, quirks, client = {} } = personality
  const login = client.login ?? quirks.auth
  return [
    `${name} (${kind}): ${does}`,
    ...(seen ? [`Seen in ${seen}.`] : []),
    '',
    `  ${url}`,
    ...(login ? [`  user ${login.user}`, `  password ${login.password}`] : []),
    ...(client.transport && client.transport !== 'tcp' ? [`  transport ${client.transport}`] : []),
    '',
    `Expected of a client: ${expected(personality)}. Ctrl-C ends it.`,
  ].join('\n')
}

const expected = ({ expect, lastsMs = 0 }: Personality): string => {
  if (expect !== 'picture') return 'no picture, and one sentence that says what is wrong and what to change'
  return `a picture within 5 s${lastsMs > 0 ? `, and pictures still after ${lastsMs / 1000} s` : ''}`
}

const listOf = (personalities: ReadonlyMap<string, Personality>): string => {
  const all = [...personalities]
  const width = Math.max(...all.map(([name]) => name.length))
  const kinds = Map.groupBy(all, ([, { kind }]) => kind)
  return [...kinds]
    .flatMap(([kind, members]) => [
      kind,
      ...members.map(([name, { does, expect }]) => {
        const none = expect === 'picture' ? '' : ' (no picture)'
        return `  ${name.padEnd(width)}  ${does}${none}`
      }),
    ])
    .join('\n')
}
