/**
 * What does a camera cost that looks less, over the same one awake? The real program watches cameras at 25 frames a second over RTSP,
 * with and without `restFps` and `steadyFps`, in turn.
 *
 *   npm run bench -- quiet [--scene nobody,still,walking] [--cameras 4] [--seconds 20] [--rounds 3]
 *
 * nobody    640×360, a moving test picture without faces
 * still     1280×720, two people who hardly move
 * walking   1280×720, the footage's lobby, where four people walk
 *
 * awake, less   CPU milliseconds of all processes per second and camera, and frames analysed; the median of the rounds, without the start
 * ratio         less over awake: the median of the rounds, and the least and the most of them
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
import { goFirst } from './peer.ts'
import { stillPeople } from './still-people.ts'

/** A camera rests after a second without anybody, and is steady when it knows everybody. */
const SETTLED_MS = 6000

const picture = h264('gop-size=50', { size: [640, 360], fps: 25, frames: 250 })
const scenes = {
  nobody: () => makeFootage(picture, resolve(import.meta.dirname, '../.rollcall/footage')),
  still: stillPeople,
  walking: () => readLoop(loopFile('lobby')),
}

/** CPU milliseconds and analysed frames, per second and camera. Null: at every frame. */
const costOf = async (
  urls: readonly string[],
  rates: { readonly restFps: number | null; readonly steadyFps: number | null },
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
    const rounds: { readonly [kind in 'awake' | 'less']: Awaited<ReturnType<typeof costOf>> }[] = []
    for (let round = 0; round < Number(values.rounds); round++) {
      const awake = await costOf(urls, { restFps: null, steadyFps: null }, Number(values.seconds))
      rounds.push({ awake, less: await costOf(urls, { restFps: 3, steadyFps: 8 }, Number(values.seconds)) })
    }
    const ratios = rounds.map(({ awake, less }) => less.ms / awake.ms)
    for (const kind of ['awake', 'less'] as const)
      console.log(
        `${scene}_${kind} ${median(rounds.map((round) => round[kind].ms)).toFixed(1)} ms, ${median(rounds.map((round) => round[kind].frames)).toFixed(1)} frames`,
      )
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(3))
    console.log(`${scene}_ratio ${median(ratios).toFixed(3)}, ${least}–${most}`)
  }
}
