/**
 * Does a camera that sleeps while nothing moves see everybody in time? The real program watches the same films over RTSP at the same
 * time, awake, resting and sleeping: a room of the footage in which nothing moves for twelve seconds, then people come. Again and again.
 *
 *   npm run bench -- sleep [--scene lobby,street] [--passes 5]
 *
 * looks    pictures that were analysed of the last six seconds before somebody comes, in all passes: eighteen a pass at `restFps`,
 *          three where the camera sleeps, as a key frame comes every two seconds
 * late     by how much later than the camera that is awake it sees the first face that stays a second, by the times of the pictures:
 *          the median and the most of all passes, milliseconds
 * missed   passes in which it saw nobody
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makeFootage } from '../simulator/footage/footage.ts'
import type { Loop } from '../simulator/loop.ts'
import { startRtspServer } from '../simulator/rtsp-server.ts'
import type { RollcallEvent } from '../src/events/types.ts'
import { shippedModels } from '../src/vision/options.ts'
import { rollcall } from '../test/integration/rollcall.ts'
import { loopFile } from '../test/support/footage.ts'
import { median } from './cpu-time.ts'
import { goFirst } from './peer.ts'

const stillS = 12
const kinds = {
  awake: { restFps: null, maxSleepMs: null },
  resting: { maxSleepMs: null },
  sleeping: { maxSleepMs: 2500 },
} as const
type Kind = keyof typeof kinds
const names = Object.keys(kinds) as Kind[]

/** The first picture of a loop for a while, then its first twelve seconds; a bit more, so that passes differ in which pictures are looked at. */
const stillThenPeople = (scene: 'lobby' | 'street'): Promise<Loop> => {
  const size = 'video/x-raw,width=640,height=360,framerate=25/1 ! c.'
  const film = (frames: number) =>
    `filesrc location=${relative(process.cwd(), loopFile(scene))} ! qtdemux ! identity eos-after=${frames + 1} ! h264parse ! avdec_h264 ! videoscale`
  const still = `${film(1)} ! imagefreeze num-buffers=${25 * stillS} ! ${size}`
  const encoder = 'openh264enc complexity=low rate-control=off qp-min=26 qp-max=26 gop-size=50'
  const launch = `${still} ${film(304)} ! ${size} concat name=c ! videoconvert ! video/x-raw,format=I420 ! ${encoder}`
  const directory = resolve(import.meta.dirname, '../.rollcall/footage')
  return makeFootage({ codec: 'h264', width: 640, height: 360, launch }, directory)
}

/** What one camera saw: for each pass of the film, when (seconds of it) it saw the first who stays a second, and how often it looked before. */
const passesOf = (events: readonly RollcallEvent[], camera: string, loopUs: number, passes: number) => {
  const frames = events.flatMap((event) =>
    event.type === 'rollcall.frame.v1' && event.data.camera === camera ? [event.data] : [],
  )
  const lastUs = new Map(frames.flatMap(({ faces, ptsUs }) => faces.map(({ track }) => [track, ptsUs])))
  const seen = Array.from({ length: passes }, () => ({ looks: 0, firstS: null as number | null }))
  for (const { ptsUs, faces } of frames) {
    const pass = seen[Math.floor((ptsUs + 1000) / loopUs)]
    if (!pass) continue
    const atS = ((ptsUs + 1000) % loopUs) / 1e6
    const stays = faces.some(({ track }) => (lastUs.get(track) ?? 0) - ptsUs >= 1e6)
    if (atS >= stillS && stays) pass.firstS ??= atS
    if (atS >= stillS - 6 && atS < stillS) pass.looks++
  }
  return seen
}

const watched = async (loop: Loop, passes: number, loopUs: number): Promise<readonly RollcallEvent[]> => {
  await using owned = new AsyncDisposableStack()
  const server = owned.adopt(await startRtspServer(), (started) => started.close())
  const home = owned.adopt(mkdtempSync(join(tmpdir(), 'rollcall-bench-')), (folder) =>
    rmSync(folder, { recursive: true }),
  )
  for (const name of names) server.addCamera(name, { loop })
  const cameras = Object.fromEntries(names.map((name) => [name, { url: server.url(name), ...kinds[name] }]))
  const file = join(home, 'rollcall.yaml')
  writeFileSync(file, JSON.stringify({ cameras, models: { directory: shippedModels }, http: { port: null } }))
  const program = owned.adopt(rollcall(['run', '--config', file, '--events', '-']), async (started) => {
    started.kill('SIGTERM')
    await started.exited
  })
  const isOver = (name: string): boolean =>
    program.events.some(
      (event) =>
        event.type === 'rollcall.frame.v1' && event.data.camera === name && event.data.ptsUs >= passes * loopUs,
    )
  await program.until('the last pass', () => names.every(isOver), 60_000 + (2 * passes * loopUs) / 1000)
  return [...program.events]
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: { scene: { type: 'string', default: 'lobby,street' }, passes: { type: 'string', default: '5' } },
  })
  goFirst(process.pid)
  const passes = Number(values.passes)
  for (const scene of ['lobby', 'street'] as const) {
    if (!values.scene.split(',').includes(scene)) continue
    const loop = await stillThenPeople(scene)
    const loopUs = (loop.units.length / 25) * 1e6
    const events = await watched(loop, passes, loopUs)
    const awake = passesOf(events, 'awake', loopUs, passes)
    for (const name of names) {
      const seen = passesOf(events, name, loopUs, passes)
      const late = seen.flatMap(({ firstS }, i) => {
        const first = awake[i]?.firstS ?? null
        return firstS === null || first === null ? [] : [1000 * (firstS - first)]
      })
      const missed = seen.filter(({ firstS }, i) => firstS === null && awake[i]?.firstS !== null).length
      console.log(
        `${scene}_${name} looks ${seen.reduce((sum, { looks }) => sum + looks, 0)}, late ${median(late).toFixed(0)} ms, ${Math.max(...late).toFixed(0)} at most, missed ${missed} of ${passes}`,
      )
    }
  }
}
