/**
 * What does a camera cost where nobody is? The real program watches cameras of 640×360 at 25 frames a second that show a moving
 * test picture without faces; with and without `restFps`, in turn.
 *
 *   npm run bench -- quiet [--cameras 4] [--seconds 20] [--rounds 3]
 *
 * awake, resting   CPU milliseconds of all processes per second and camera, the median of the rounds; starting is left out
 * ratio            resting over awake: the median of the rounds, and the least and the most of them
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeFootage } from '../simulator/footage/footage.ts'
import { h264 } from '../simulator/footage/test-picture.ts'
import { startRtspServer } from '../simulator/rtsp-server.ts'
import { shippedModels } from '../src/vision/options.ts'
import { rollcall } from '../test/integration/rollcall.ts'
import { cpuMsOf, median } from './cpu-time.ts'

/** A camera rests after a second without anybody. */
const SETTLED_MS = 4000

/** CPU milliseconds per second and camera. */
const costOf = async (urls: readonly string[], restFps: number | null, seconds: number): Promise<number> => {
  await using owned = new AsyncDisposableStack()
  const home = owned.adopt(mkdtempSync(join(tmpdir(), 'rollcall-bench-')), (folder) =>
    rmSync(folder, { recursive: true }),
  )
  const file = join(home, 'rollcall.yaml')
  const cameras = Object.fromEntries(urls.map((url, i) => [`camera-${i + 1}`, { url, restFps }]))
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
  const [usedMs, atMs] = [used(), performance.now()]
  await sleep(1000 * seconds)
  return (1000 * (used() - usedMs)) / (performance.now() - atMs) / urls.length
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cameras: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '3' },
    },
  })
  const picture = h264('gop-size=50', { size: [640, 360], fps: 25, frames: 250 })
  const loop = await makeFootage(picture, resolve(import.meta.dirname, '../.rollcall/footage'))
  const server = await startRtspServer()
  const urls = Array.from({ length: Number(values.cameras) }, (_, i) => {
    server.addCamera(`${i + 1}`, { loop })
    return server.url(`${i + 1}`)
  })
  const rounds: { awake: number; resting: number }[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    const awake = await costOf(urls, null, Number(values.seconds))
    rounds.push({ awake, resting: await costOf(urls, 3, Number(values.seconds)) })
  }
  await server.close()
  const ratios = rounds.map(({ awake, resting }) => resting / awake)
  for (const kind of ['awake', 'resting'] as const)
    console.log(`quiet_${kind} ${median(rounds.map((round) => round[kind])).toFixed(1)} ms`)
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(3))
  console.log(`quiet_ratio ${median(ratios).toFixed(3)}, ${least}–${most}`)
}
