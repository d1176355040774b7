/**
 * Does a camera that sleeps while nothing moves see everybody in time? The real program watches the same films over RTSP at the same
 * time, awake, resting and sleeping: a room of the footage in which nothing moves for twelve seconds, then people come. Again and again.
 *
 *   npm run bench -- sleep [--scene lobby,street] [--kind calm,noisy] [--passes 5]
 *
 * calm     a film of one quality without noise, with a key frame every two seconds
 * noisy    one of a fixed bit rate, with a key frame every second and the noise of a night, of six of 255 levels
 *
 * looks    pictures that were analysed of the last six seconds before somebody comes, in all passes: eighteen a pass at `restFps`,
 *          three or six where the camera sleeps, as key frames come
 * late     by how much later than the camera that is awake it sees the first face that stays a second, by the times of the pictures,
 *          in each pass, milliseconds
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
import { goFirst } from './peer.ts'

const stillS = 12
const kinds = {
  awake: { restFps: null, maxSleepMs: null },
  resting: { maxSleepMs: null },
  sleeping: { maxSleepMs: 2500 },
} as const
type Kind = keyof typeof kinds
const names = Object.keys(kinds) as Kind[]

const films = {
  calm: { alpha: 0, encoder: 'openh264enc complexity=low rate-control=off gop-size=50' },
  noisy: {
    alpha: 0.08,
    encoder: 'openh264enc complexity=low bitrate=500000 gop-size=25 scene-change-detection=false',
  },
} as const

/** The first picture of a loop for a while, then its first twelve seconds; a bit more, so that passes differ in which pictures are looked at. */
const stillThenPeople = (
  scene: 'lobby' | 'street',
  { alpha, encoder }: (typeof films)[keyof typeof films],
): Promise<Loop> => {
  const raw = 'video/x-raw,width=640,height=360,framerate=25/1'
  const size = `${raw} ! c.`
  const film = (frames: number) =>
    `filesrc location=${relative(process.cwd(), loopFile(scene))} ! qtdemux ! identity eos-after=${frames + 1} ! h264parse ! avdec_h264 ! videoscale`
  const still = `${film(1)} ! imagefreeze num-buffers=${25 * stillS} ! ${size}`
  const noise = `mix.sink_0 videotestsrc pattern=snow ! ${raw} ! mix.sink_1 compositor name=mix sink_0::zorder=0 sink_1::zorder=1 sink_1::alpha=${alpha} ! `
  const frames = 25 * stillS + 304
  const mixed = `concat name=c ! ${alpha > 0 ? noise : ''}videoconvert ! video/x-raw,format=I420 ! identity eos-after=${frames + 1}`
  const launch = `${still} ${film(304)} ! ${size} ${mixed} ! ${encoder}`
  const directory = resolve(import.meta.dirname, '../.rollcall/footage')
  return makeFootage({ codec: 'h264', width: 640, height: 360, launch }, directory)
}

/** An analysed frame: which pass of the film, and seconds of it. */
interface Look {
  readonly pass: number
  readonly atS: number
  readonly tracks: readonly string[]
}

/** What one camera saw in each pass: when (seconds of it) the first who stays a second came, and how often it looked shortly before. */
const passesOf = (looks: readonly Look[], passes: number) => {
  const last = new Map(looks.flatMap((look) => look.tracks.map((track) => [track, look])))
  const seen = Array.from({ length: passes }, () => ({ looks: 0, firstS: null as number | null }))
  for (const { pass, atS, tracks } of looks) {
    const now = seen[pass]
    if (!now) continue
    const stays = tracks.some((track) => last.get(track)?.pass === pass && (last.get(track)?.atS ?? 0) >= atS + 1)
    // Whoever was there when the film began anew is followed for a moment.
    if (atS >= stillS && stays) now.firstS ??= atS
    if (atS >= stillS - 6 && atS < stillS) now.looks++
  }
  return seen
}

/** Notes which picture of the film each frame shows, as long as that is known. */
const noting = (shownAt: (camera: Kind, unixMs: number) => number | null) => {
  const looks: Record<Kind, Look[]> = { awake: [], resting: [], sleeping: [] }
  return {
    looks,
    note: (event: RollcallEvent): void => {
      if (event.type !== 'rollcall.frame.v1') return
      const { capturedAtMs, faces } = event.data
      const camera = names.find((name) => name === event.data.camera)
      const shown = camera === undefined ? null : shownAt(camera, capturedAtMs)
      if (camera === undefined || shown === null) return
      const before = looks[camera].at(-1)
      const atS = shown / 25
      const pass = (before?.pass ?? 0) + (before !== undefined && atS < before.atS - 5 ? 1 : 0)
      looks[camera].push({ pass, atS, tracks: faces.map(({ track }) => track) })
    },
  }
}

const watched = async (loop: Loop, passes: number): Promise<Readonly<Record<Kind, readonly Look[]>>> => {
  await using owned = new AsyncDisposableStack()
  const server = owned.adopt(await startRtspServer(), (started) => started.close())
  const home = owned.adopt(mkdtempSync(join(tmpdir(), 'rollcall-bench-')), (folder) =>
    rmSync(folder, { recursive: true }),
  )
  const played = Object.fromEntries(names.map((name) => [name, server.addCamera(name, { loop })]))
  const cameras = Object.fromEntries(names.map((name) => [name, { url: server.url(name), ...kinds[name] }]))
  const file = join(home, 'rollcall.yaml')
  writeFileSync(file, JSON.stringify({ cameras, models: { directory: shippedModels }, http: { port: null } }))
  const program = owned.adopt(rollcall(['run', '--config', file, '--events', '-']), async (started) => {
    started.kill('SIGTERM')
    await started.exited
  })
  const { looks, note } = noting((camera, unixMs) => played[camera]?.shownAt(unixMs) ?? null)
  let noted = 0
  const isOver = (): boolean => {
    for (const event of program.events.slice(noted)) note(event)
    noted = program.events.length
    return names.every((name) => (looks[name].at(-1)?.pass ?? 0) >= passes)
  }
  await program.until('the last pass', isOver, 60_000 + 2 * passes * loop.units.length * 40)
  return looks
}

const report = (film: string, looks: Readonly<Record<Kind, readonly Look[]>>, passes: number): void => {
  const awake = passesOf(looks.awake, passes)
  for (const name of names) {
    const seen = passesOf(looks[name], passes)
    const late = seen.flatMap(({ firstS }, i) => {
      const first = awake[i]?.firstS ?? null
      return firstS === null || first === null ? [] : [1000 * (firstS - first)]
    })
    const missed = seen.filter(({ firstS }, i) => firstS === null && awake[i]?.firstS !== null).length
    const all = seen.reduce((sum, each) => sum + each.looks, 0)
    const each = late.map((ms) => ms.toFixed(0)).join(', ')
    console.log(`${film}_${name} looks ${all}, late ${each} ms, missed ${missed} of ${passes}`)
  }
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scene: { type: 'string', default: 'lobby,street' },
      kind: { type: 'string', default: 'calm,noisy' },
      passes: { type: 'string', default: '5' },
    },
  })
  goFirst(process.pid)
  const passes = Number(values.passes)
  for (const scene of ['lobby', 'street'] as const) {
    for (const kind of ['calm', 'noisy'] as const) {
      if (!values.scene.split(',').includes(scene) || !values.kind.split(',').includes(kind)) continue
      report(`${scene}_${kind}`, await watched(await stillThenPeople(scene, films[kind]), passes), passes)
    }
  }
}
