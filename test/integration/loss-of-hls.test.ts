import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { createRelays } from '../../src/ingest/relay/relays.ts'
import { canEncode, gstLaunch, hasElements } from '../support/gst.ts'
import { cutStream, type Entry, halfOf, isMissed, serveHls } from '../support/hls.ts'
import { hashOf } from '../support/luma-hash.ts'
import { linesOf, play } from '../support/play-lines.ts'
import { makeZonePlate } from '../support/zone-plate.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-hls-'))
const relays = createRelays()
afterAll(async () => {
  await relays.close()
  rmSync(directory, { recursive: true })
})

const shape = { width: 160, height: 120, fps: 25 }
/** Groups have 25 pictures, so that few segments begin with a key picture. */
const inSegment = 16
const segments = 7
/** The first picture of the last group that the film has. */
const lastGroup = 100

interface Film {
  readonly segments: readonly Buffer[]
  /** The number of each picture by its hash. */
  readonly right: ReadonlyMap<number, number>
}

const makeFilm = async (codec: 'h264' | 'h265'): Promise<Film> => {
  const mp4 = await makeZonePlate(codec, inSegment * segments, join(directory, `${codec}.mp4`), shape)
  const file = join(directory, `${codec}.ts`)
  await gstLaunch(`filesrc location=${mp4} ! qtdemux ! ${codec}parse ! mpegtsmux ! filesink location=${file}`)
  const right = new Map<number, number>()
  await play(linesOf(mp4), { mode: 'every' }, (frame) => {
    right.set(hashOf(frame), right.size)
    return false
  })
  return { segments: cutStream(readFileSync(file), inSegment), right }
}

const codecs = hasElements('hlsdemux', 'mpegtsmux') ? (['h264', 'h265'] as const).filter(canEncode) : []
const films = new Map<string, Film>()
beforeAll(async () => {
  await Promise.all(codecs.map(async (codec) => films.set(codec, await makeFilm(codec))))
}, 60_000)

/** What a playlist names when something is done to one segment, which is `at`. */
type Fault = (at: number, all: readonly Buffer[]) => readonly Entry[]
const whole = (all: readonly Buffer[]): readonly Entry[] => all.map((body) => ({ body }))
const changed =
  (change: (body: Buffer) => readonly Entry[]): Fault =>
  (at, all) => [...whole(all.slice(0, at)), ...change(all[at] as Buffer), ...whole(all.slice(at + 1))]

/** What is done, and what is said of it: null where nothing is lost, and an empty text where that is only counted. */
const faults: readonly (readonly [string, Fault, string | null])[] = [
  ['nothing', (_, all) => whole(all), null],
  ['a segment that comes late', changed((body) => [{ body, fault: 'late' }]), null],
  ['a segment that is not there', changed((body) => [{ body, fault: 'missing' }]), 'is missing: 127.0.0.1'],
  ['a segment that breaks off', changed((body) => [{ body, fault: 'torn' }]), 'breaks off at 127.0.0.1'],
  ['a segment that is too short', changed((body) => [{ body: body.subarray(0, halfOf(body)) }]), 'breaks off at'],
  ['a segment that is named twice', changed((body) => [{ body }, { body }]), ''],
  ['a segment that the playlist leaves out', changed(() => []), ''],
  [
    'an encoder that begins anew, and says so',
    (at, all) => [...whole(all.slice(0, at)), ...all.map((body, i) => ({ body, isNew: i === 0 }))],
    '',
  ],
  ['an encoder that begins anew, and does not say so', (at, all) => [...whole(all.slice(0, at)), ...whole(all)], ''],
]

/** Watches a camera as `rollcall run` does, until a picture from `last` on has come, or the stream is over. */
const watchHls = async ({ right }: Film, entries: readonly Entry[], last: number) => {
  await using opened = new AsyncDisposableStack()
  const server = opened.adopt(await serveHls(entries), (it) => it.close())
  const warned: string[] = []
  const quiet = () => {}
  const warn = (_: object, message: string) => void warned.push(message)
  const options = cameraOptions.parse({ url: server.url, decoder: 'software', maxBlindMs: 60_000 })
  const log = { debug: quiet, info: quiet, error: quiet, warn }
  const cameras = openCameras([{ name: 'door', options }], { pictureSide: 64, untilEnd: false, log, relays })
  opened.defer(() => cameras.close())
  const door = cameras.named('door')
  const count = { whole: 0, broken: 0, damaged: 0, newest: -1 }
  const offline: string[] = []
  await new Promise<void>((resolve) => {
    door.ready$.subscribe(() => {
      const frame = door.take()
      if (frame === null) return
      const number = right.get(hashOf(frame.full))
      if (frame.damaged) count.damaged++
      else if (number === undefined) count.broken++
      else {
        count.whole++
        count.newest = number
      }
      frame.close()
      if (count.newest >= last) resolve()
    })
    door.changes$.subscribe(({ state, reason }) => {
      if (state !== 'offline') return
      offline.push(reason)
      resolve()
    })
  })
  return { ...count, offline, warned, lost: door.stats.lost }
}

const check = async (codec: string, fault: Fault, said: string | null): Promise<void> => {
  const film = films.get(codec) as Film
  const at = [3, 2, 4].find((each) => isMissed(film.segments[each] as Buffer))
  if (at === undefined) throw new Error('no segment whose loss shows in its counters')
  const seen = await watchHls(film, fault(at, film.segments), lastGroup)
  const told = `${codec} ${JSON.stringify(seen)}`
  expect(seen.broken, told).toBe(0)
  // A busy machine may take few pictures, and none of the last.
  expect(seen.whole, told).toBeGreaterThan(2)
  expect(seen.newest, told).toBeGreaterThan((at + 1) * inSegment)
  expect(seen.offline.join(), told).toMatch(/^$|ended the stream/)
  expect(seen.lost > 0, told).toBe(said !== null)
  const warned = seen.warned.filter((each) => each.includes('segment'))
  expect(warned, told).toEqual(said ? [expect.stringContaining(said)] : [])
}

test.skipIf(codecs.length === 0).concurrent.each(faults)(
  'HLS with %s: no picture is rubbish, and they come back by themselves',
  async (_, fault, said) => void (await Promise.all(codecs.map((codec) => check(codec, fault, said)))),
  40_000,
)
