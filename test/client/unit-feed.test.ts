import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { UnitStamp } from '../../client/src/protocol.ts'

interface Feed {
  readonly waiting: string | null
  add(stamp: UnitStamp, data: Uint8Array, nowMs: number): void
  feed(nowMs: number, isUrgent: boolean): void
}
// By a name that TypeScript does not follow: the decoder has types of browsers, which tests do not have.
const file = '../../client/src/video/unit-feed.ts'
const { createUnitFeed } = (await import(file)) as { readonly createUnitFeed: (deps: object) => Feed }

/** Decodes one unit whenever it is told to work, as a browser does that has too much to do. */
class SlowDecoder {
  static now: SlowDecoder | null = null
  state = 'configured'
  readonly waiting: number[] = []
  readonly output: (picture: { readonly timestamp: number; close(): void }) => void
  constructor({ output }: Pick<SlowDecoder, 'output'>) {
    this.output = output
    SlowDecoder.now = this
  }
  configure(): void {}
  decode({ timestamp }: { readonly timestamp: number }): void {
    this.waiting.push(timestamp)
  }
  get decodeQueueSize(): number {
    return this.waiting.length
  }
  work(): void {
    const timestamp = this.waiting.shift()
    if (timestamp !== undefined) this.output({ timestamp, close: () => undefined })
  }
  close(): void {
    this.state = 'closed'
    this.waiting.length = 0
  }
}

beforeEach(() => {
  vi.stubGlobal('VideoDecoder', SlowDecoder)
  vi.stubGlobal(
    'EncodedVideoChunk',
    class {
      constructor(init: object) {
        Object.assign(this, init)
      }
    },
  )
})
afterEach(() => void vi.unstubAllGlobals())

/** 25 units a second with a key unit every second, to a decoder that takes so long for each; the ages of pictures. */
const play = (takesMs: number, untilMs: number) => {
  const ages: number[] = []
  const reasons = new Set<string | null>()
  const counted = { dropped: 0, overrun: 0 }
  let atMs = 0
  const feed = createUnitFeed({
    playout: { dueMs: (ptsUs: number) => ptsUs / 1000 + 100 },
    load: { picture: () => undefined, overrun: (count: number) => void (counted.overrun += count) },
    isKeysOnly: () => false,
    nowMs: () => atMs,
    onPicture: ({ stamp }: { readonly stamp: UnitStamp }) => ages.push(atMs - stamp.ptsUs / 1000),
    onDrop: (count: number) => void (counted.dropped += count),
    onGiveUp: () => undefined,
  })
  for (let n = 0; atMs < untilMs; atMs += 10) {
    if (atMs % 40 === 0) {
      const stamp = { n: n++, ptsUs: atMs * 1000, key: n % 25 === 1, encoding: 'h264', codec: 'avc1.42e01f' }
      feed.add(stamp as unknown as UnitStamp, new Uint8Array(8), atMs)
    }
    feed.feed(atMs, false)
    reasons.add(feed.waiting)
    if (atMs % takesMs === 0) SlowDecoder.now?.work()
  }
  return { ages, reasons, ...counted }
}

test('a decoder that does not keep up shows less, never what is long over, and says so', () => {
  const { ages, reasons, dropped, overrun } = play(150, 20_000)
  expect(Math.max(...ages)).toBeLessThan(1200)
  // Of each second something is shown.
  expect(ages.length).toBeGreaterThan(60)
  expect(reasons).toContain('late')
  expect(dropped).toBeGreaterThan(200)
  expect(overrun).toBeGreaterThan(200)
})

test('a decoder that keeps up is given everything', () => {
  const { ages, dropped } = play(30, 5000)
  expect(dropped).toBe(0)
  expect(ages.length).toBeGreaterThan(115)
})
