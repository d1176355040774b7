import { resolve } from 'node:path'
import type { Loop } from '../../simulator/loop.ts'
import type { Personality } from '../../simulator/personality.ts'
import { footageOf, startPersonality } from '../../simulator/start-personality.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import type { Relays } from '../../src/ingest/relay/relays.ts'
import { silent } from '../../src/silent-log.ts'
import type { Frame } from '../../src/types.ts'

/** What Rollcall made of a camera. Times are milliseconds after it was opened; null when there was none. */
export interface Outcome {
  readonly firstPictureMs: number | null
  readonly lastPictureMs: number | null
  /** What it said of each failure. */
  readonly said: readonly string[]
  /** `width×height` of each picture, upright and with square pixels, without repeats. */
  readonly sizes: readonly string[]
  /** By how much the last frame's time of capture was after the time at which it was taken, milliseconds. */
  readonly aheadMs: number
  /** The shortest and the longest time from one frame of a stream to the next. */
  readonly stepsMs: readonly [least: number, most: number]
}

/** The directory in which footage is kept from one run to the next. */
export const footageDirectory = resolve(import.meta.dirname, '../../.rollcall/footage')

/** Nobody waits longer for a picture, or for the sentence that says why there is none. */
export const patienceMs = 5000

/** Watches one camera until what is expected of it has happened, or is late. `relays` are those of the whole zoo. */
export const watch = async (
  name: string,
  personality: Personality,
  loop: Loop,
  relays: Pick<Relays, 'open'>,
): Promise<Outcome> => {
  const given = personality.quirks.serve === undefined ? loop : null
  const shown = await footageOf(personality, given, footageDirectory)
  await using owned = new AsyncDisposableStack()
  const running = owned.adopt(await startPersonality(name, personality, shown), (it) => it.close())
  const list = [{ name, options: optionsOf(personality, running.url) }]
  const deps = { pictureSide: 320, untilEnd: false, log: silent, relays }
  const cameras = owned.adopt(openCameras(list, deps), (it) => it.close())
  return await outcomeOf(cameras.named(name), personality)
}

const optionsOf = ({ client = {}, quirks }: Personality, url: string) => {
  const login = client.login ?? quirks.auth
  return cameraOptions.parse({
    url,
    ...(login && { user: login.user, password: login.password }),
    transport: client.transport ?? 'tcp',
    rotate: client.rotate ?? 'auto',
    decoder: 'software',
    connectTimeoutMs: 4000,
    backoff: { firstMs: 100, maxMs: 400, jitter: 0 },
  })
}

/** Resolves when what is expected has happened, or when it is too late for it. */
const outcomeOf = (
  camera: ReturnType<ReturnType<typeof openCameras>['named']>,
  { expect, lastsMs = 0 }: Personality,
): Promise<Outcome> =>
  new Promise((resolve) => {
    const openedAtMs = performance.now()
    const said: string[] = []
    let firstPictureMs: number | null = null
    let lastPictureMs: number | null = null
    const times = frameTimes()
    const done = (): void => {
      clearTimeout(deadline)
      changes.unsubscribe()
      ready.unsubscribe()
      void camera.close()
      resolve({ firstPictureMs, lastPictureMs, said, ...times.seen() })
    }
    const deadline = setTimeout(done, patienceMs * 2 + lastsMs)
    const changes = camera.changes$.subscribe(({ state, reason }) => {
      if (state !== 'offline') return
      said.push(reason)
      if (expect !== 'picture') done()
    })
    const ready = camera.ready$.subscribe(() => {
      const frame = camera.take()
      if (frame === null) return
      times.note(frame)
      frame.close()
      lastPictureMs = performance.now() - openedAtMs
      firstPictureMs ??= lastPictureMs
      if (lastPictureMs - firstPictureMs >= lastsMs) done()
    })
  })

/** Notes the sizes and times of the frames of one camera. */
const frameTimes = () => {
  const sizes = new Set<string>()
  const steps: number[] = []
  let aheadMs = 0
  let last: Pick<Frame, 'stream' | 'capturedAtMs'> | null = null
  return {
    note: ({ full, stream, capturedAtMs }: Frame): void => {
      sizes.add(`${full.width}×${full.height}`)
      aheadMs = capturedAtMs - Date.now()
      if (last?.stream === stream) steps.push(capturedAtMs - last.capturedAtMs)
      last = { stream, capturedAtMs }
    },
    seen: () => ({ sizes: [...sizes], aheadMs, stepsMs: [Math.min(...steps), Math.max(...steps)] as const }),
  }
}
