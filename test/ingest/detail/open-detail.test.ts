import { of } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { bench, type HandDriven } from '../hand-driven.ts'

const small = 'rtsp://admin:hunter2@cam/small'
const options = {
  detailUrl: 'rtsp://cam/big',
  connectTimeoutMs: 3000,
  stallAfterMs: 1000,
  backoff: { firstMs: 100, maxMs: 1000, resetAfterMs: 10_000 },
}
type Bench = ReturnType<typeof bench>

const unit = (b: Bench, big: HandDriven | undefined): void => {
  const arrivedAtMs = b.scheduler.now()
  big?.unit({ key: true })
  big?.emit({
    type: 'accessUnit',
    unit: {
      data: new Uint8Array(4),
      ptsNs: BigInt(arrivedAtMs) * 1_000_000n,
      dtsNs: null,
      arrivedAtMs,
      ntpAtMs: null,
      key: true,
      broken: false,
      caps: 'video/x-h264',
    },
  })
}
/** The pipelines of the big stream and of the small one, in the order in which they were opened. */
const bigOnes = (b: Bench) => b.pipelines.filter(({ policy }) => policy === 'none')
const smallOnes = (b: Bench) => b.pipelines.filter(({ policy }) => policy === 'all')

/** Both streams send for a while; `bigSends` false: the small one only. */
const play = async (b: Bench, frames: number, bigSends = true): Promise<void> => {
  for (let i = 0; i < frames; i++) {
    smallOnes(b).at(-1)?.frame({ atMs: b.scheduler.now() })
    smallOnes(b).at(-1)?.unit()
    b.take()?.close()
    if (bigSends) unit(b, bigOnes(b).at(-1))
    await b.advance(100)
  }
}
const about = (b: Bench, text: string) => b.logged.filter((line) => line.includes(text))

describe('the second connection', () => {
  test('is received and not decoded, and the camera is one camera', async () => {
    const b = bench(small, { options })
    await play(b, 20)
    expect(b.pipelines.map(({ policy }) => policy).toSorted()).toEqual(['all', 'none'])
    expect(b.states()).toEqual(['opening', 'online'])
    expect(b.camera.stats).toMatchObject({ decoded: 20, pipelines: 1, reconnects: 0 })
    expect(b.camera.detail?.counts.received).toBe(20)
  })

  test('fails and comes back without a word to the small one; it is said once, and that it is back', async () => {
    const b = bench(small, { options })
    await play(b, 5)
    for (let i = 0; i < 4; i++) {
      bigOnes(b).at(-1)?.fail(9, 'Could not read from resource.')
      await play(b, 12, false)
    }
    expect(bigOnes(b).length).toBeGreaterThan(3)
    expect(about(b, 'faces are embedded from url')).toHaveLength(1)
    await play(b, 5)
    expect(about(b, 'the big stream is back')).toHaveLength(1)
    expect(smallOnes(b)).toHaveLength(1)
    expect(b.states()).toEqual(['opening', 'online'])
    expect(b.camera.stats.reconnects).toBe(0)
    bigOnes(b).at(-1)?.fail(9, 'Could not read from resource.')
    await play(b, 2, false)
    expect(about(b, 'faces are embedded from url')).toHaveLength(2)
  })

  test('that never comes leaves the camera as it is', async () => {
    const b = bench(small, { options })
    await play(b, 100, false)
    expect(b.states()).toEqual(['opening', 'online'])
    expect(about(b, 'faces are embedded from url')).toHaveLength(1)
  })

  test('goes on while the small one is away', async () => {
    const b = bench(small, { options })
    await play(b, 5)
    smallOnes(b)[0]?.fail(9, 'Could not read from resource.')
    await play(b, 5)
    expect(b.states().slice(0, 4)).toEqual(['opening', 'online', 'offline+100', 'opening'])
    expect(bigOnes(b)).toHaveLength(1)
  })

  test('ends with the camera', async () => {
    const b = bench(small, { options })
    await play(b, 5)
    await b.camera.close()
    expect(b.pipelines.every(({ stopped }) => stopped)).toBe(true)
    await b.advance(60_000)
    expect(b.pipelines).toHaveLength(2)
  })

  test('no login is ever logged', async () => {
    const b = bench(small, { options: { ...options, detailUrl: 'rtsp://root:secret4@cam/big' } })
    await play(b, 3)
    bigOnes(b)[0]?.fail(15, 'Unauthorized rtsp://root:secret4@cam/big')
    await play(b, 3, false)
    expect(b.logged.join()).not.toMatch(/secret4|hunter2/)
  })

  test('is not opened for a recording that is read without loss: it has to give the same events each time', async () => {
    const clip = { ...options, detailUrl: 'big.mp4' }
    const b = bench('small.mp4', { options: clip, deps: { untilEnd: true, recordingStream: () => of('content') } })
    expect(b.camera.detail).toBeNull()
    expect(about(b, 'detailUrl is not used')).toHaveLength(1)
  })
})

describe('the login of the second connection', () => {
  const loginFor = async (url: string, more: object) => {
    const asked: unknown[] = []
    const open = (target: { location: string; credentials: unknown }) => {
      asked.push([target.location, target.credentials])
      return of()
    }
    bench(url, { options: { ...options, ...more }, deps: { relays: { open: open as never } } })
    return asked.find((entry) => String((entry as unknown[])[0]).includes('/big'))
  }

  test.each([
    ['is that of url on the same host', small, {}, { user: 'admin', password: 'hunter2' }],
    [
      'is that of url however the host is written',
      small,
      { detailUrl: 'rtsp://CAM:8554/big' },
      { user: 'admin', password: 'hunter2' },
    ],
    ['is not given to another host', small, { detailUrl: 'rtsp://other/big' }, null],
    ['is its own when it has one', small, { detailUrl: 'rtsp://root:p@cam/big' }, { user: 'root', password: 'p' }],
    ['is that of the keys', 'rtsp://cam/small', { user: 'viewer', password: 'x' }, { user: 'viewer', password: 'x' }],
  ])('%s', async (_, url, more, credentials) => {
    expect(await loginFor(url, more)).toEqual([expect.stringContaining('/big'), credentials])
  })
})
