/**
 * What does a camera cost that looks less, over the same one awake? The real program watches cameras at 25 frames a second over RTSP,
 * with and without `restFps`, `steadyFps` and `maxSleepMs`, in turn.
 *
 *   npm run bench -- quiet [--scene empty,nobody,still,walking] [--cameras 4] [--seconds 20] [--rounds 3]
 *
 * empty     640×360, a room in which nothing moves but noise
 * nobody    640×360, a moving test picture without faces
 * still     1280×720, two people who hardly move
 * walking   1280×720, the footage's lobby, where four people walk
 *
 * awake, resting, less   CPU milliseconds of all processes per second and camera, and frames analysed; the median of the rounds,
 *                        without the start. resting: every picture is decoded (`maxSleepMs: null`)
 * ratio                  less over awake: the median of the rounds, and the least and the most of them
 * asleep                 less over resting
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeFootage } from '../simulator/footage/footage.ts'
import { h264 } from '../simulator/footage/test-picture.ts'
import { readLoop } from '../simulator/read-loop.ts'
import { startRtspServer } from '../simulator/rtsp-server.ts'
import { shippedModels } from '../src/vision/options.ts'
import { rollcall } from '../test/integration/rollcall.ts'
import { loopFile } from '../test/support/footage.ts'
import { cpuMsOf, median } from './cpu-time.ts'
import { emptyRoom } from './empty-room.ts'
import { goFirst } from './peer.ts'
import { stillPeople } from './still-people.ts'

/** A camera rests after a second without anybody, is steady when it knows everybody, and sleeps after two groups of pictures at most. */
const SETTLED_MS = 10_000

const picture = h264('gop-size=50', { size: [640, 360], fps: 25, frames: 250 })
const scenes = {
  empty: emptyRoom,
  nobody: () => makeFootage(picture, resolve(import.meta.dirname, '../.rollcall/footage')),
  still: stillPeople,
  walking: () => readLoop(loopFile('lobby')),
}

type Rates = Readonly<Record<'restFps' | 'steadyFps' | 'maxSleepMs', number | null>>

const kinds = {
  awake: { restFps: null, steadyFps: null, maxSleepMs: null },
  resting: { restFps: 3, steadyFps: 8, maxSleepMs: null },
  less: { restFps: 3, steadyFps: 8, maxSleepMs: 2500 },
} as const satisfies Readonly<Record<string, Rates>>
type Kind = keyof typeof kinds

/** CPU milliseconds and analysed frames, per second and camera. Null: at every frame. */
const costOf = async (
  urls: readonly string[],
  rates: Rates,
  seconds: number,
): Promise<{ readonly ms: number; readonly frames: number }> => {
  await using owned = new AsyncDisposableStack()
  const home = owned.adopt(mkdtempSync(join(tmpdir(), 'rollcall-bench-')), (folder) =>
    rmSync(folder, { recursive: true }),
  )
  const file = join(home, 'rollcall.yaml')
  const cameras = Object.fromEntries(urls.map((url, i) => [`camera-${i + 1}`, { url, ...rates }]))
  writeFileSync(file, JSON.stringify({ cameras, models: { directory: shippedModels }, http: { port: null } }))
  const program = owned.adopt(rollcall(['run', '--config', file, '--events', '-']), async (started) => {
    started.kill('SIGTERM')
    await started.exited
  })
  await program.until(
    'a picture of every camera',
    () => {
      const seen = program.events.flatMap(({ type, subject }) => (type === 'rollcall.frame.v1' ? subject : []))
      return new Set(seen).size === urls.length
    },
    60_000,
  )
  await sleep(SETTLED_MS)
  const used = () => [program.pid, ...program.vision()].reduce((sum, pid) => sum + cpuMsOf(pid), 0)
  const frames = () => program.events.filter(({ type }) => type === 'rollcall.frame.v1').length
  const [usedMs, seen, atMs] = [used(), frames(), performance.now()]
  await sleep(1000 * seconds)
  const cameraSeconds = ((performance.now() - atMs) / 1000) * urls.length
  return { ms: (used() - usedMs) / cameraSeconds, frames: (frames() - seen) / cameraSeconds }
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scene: { type: 'string', default: Object.keys(scenes).join() },
      cameras: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '3' },
    },
  })
  goFirst(process.pid)
  await using owned = new AsyncDisposableStack()
  const server = owned.adopt(await startRtspServer(), (started) => started.close())
  for (const [scene, make] of Object.entries(scenes)) {
    if (!values.scene.split(',').includes(scene)) continue
    const loop = await make()
    const urls = Array.from({ length: Number(values.cameras) }, (_, i) => {
      server.addCamera(`${scene}-${i + 1}`, { loop })
      return server.url(`${scene}-${i + 1}`)
    })
    const rounds: { readonly [kind in Kind]: Awaited<ReturnType<typeof costOf>> }[] = []
    const cost = (kind: Kind) => costOf(urls, kinds[kind], Number(values.seconds))
    for (let round = 0; round < Number(values.rounds); round++)
      rounds.push({ awake: await cost('awake'), resting: await cost('resting'), less: await cost('less') })
    for (const kind of ['awake', 'resting', 'less'] as const)
      console.log(
        `${scene}_${kind} ${median(rounds.map((round) => round[kind].ms)).toFixed(1)} ms, ${median(rounds.map((round) => round[kind].frames)).toFixed(1)} frames`,
      )
    const print = (name: string, ratios: readonly number[]): void => {
      const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(3))
      console.log(`${scene}_${name} ${median(ratios).toFixed(3)}, ${least}–${most}`)
    }
    print(
      'ratio',
      rounds.map(({ awake, less }) => less.ms / awake.ms),
    )
    print(
      'asleep',
      rounds.map(({ resting, less }) => less.ms / resting.ms),
    )
  }
}
