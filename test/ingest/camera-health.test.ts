import { describe, expect, test } from 'vitest'
import { bench } from './hand-driven.ts'
import { options, play, url } from './played-camera.ts'

describe('the health of a camera', () => {
  test('no first frame in time', async () => {
    const b = bench(url, { options })
    await b.advance(2900)
    expect(b.states()).toEqual(['opening'])
    await b.advance(101)
    expect(b.changes.at(-1)).toMatchObject({ state: 'offline', code: 'CAMERA_TIMEOUT', atMs: 3000 })
  })

  test('no further frame: frozen, then opened again', async () => {
    const b = bench(url, { options })
    await play(b, 5)
    await b.advance(2000)
    expect(b.states()).toEqual(['opening', 'online', 'frozen', 'offline+100', 'opening'])
    const frozen = b.changes[2]
    expect(frozen.code).toBe('CAMERA_STALLED')
    // The last frame was at 400; a tenth more is allowed.
    expect(frozen.atMs).toBeGreaterThanOrEqual(1400)
    expect(frozen.atMs).toBeLessThanOrEqual(1500)
  })

  test('frames that nobody takes: overloaded, never frozen or opened again, and online when it keeps up', async () => {
    const b = bench(url, { options })
    for (let i = 0; i < 30; i++) {
      b.pipeline().frame({ atMs: i * 100 })
      await b.advance(100)
    }
    expect(b.changes.at(-1)).toMatchObject({
      state: 'overloaded',
      code: 'CAMERA_OVERLOADED',
      reason:
        'the camera sends, but this machine has decoded or analysed no picture of it for 1 s — Take fewer cameras or smaller streams of them (substream, fewer frames), or give Rollcall more cores.',
    })
    expect(b.camera.stats).toMatchObject({ decoded: 30, dropped: 29 })
    await play(b, 20)
    expect(b.states()).toEqual(['opening', 'online', 'overloaded', 'online'])
    expect(b.pipelines).toHaveLength(1)
  })

  test('units that arrive and are decoded too late: overloaded, also before the first picture', async () => {
    const b = bench(url, { options })
    const send = async (count: number, stats: object) => {
      b.pipeline().stats = stats
      for (let i = 0; i < count; i++) {
        b.pipeline().unit({ key: i % 10 === 0 })
        await b.advance(100)
      }
    }
    await send(100, { lagMs: 2000 })
    expect(b.states()).toEqual(['opening', 'overloaded'])
    b.pipeline().stats = {}
    await play(b, 20)
    expect(b.states()).toEqual(['opening', 'overloaded', 'online'])
    await send(200, { lagMs: 2000 })
    expect(b.states()).toEqual(['opening', 'overloaded', 'online', 'overloaded'])
    // Now the camera goes silent.
    await b.advance(1500)
    expect(b.states().slice(4)).toEqual(['frozen', 'offline+100', 'opening'])
    expect(b.pipelines).toHaveLength(2)
  })

  test('a group of pictures of two minutes, joined late: one sentence, and no second connection', async () => {
    const b = bench(url, { options })
    for (let i = 0; i < 1200; i++) {
      b.pipeline().unit()
      await b.advance(100)
    }
    expect(b.states()).toEqual(['opening', 'opening'])
    expect(b.changes.at(-1)).toMatchObject({
      code: 'CAMERA_KEY_FRAMES',
      reason:
        'the camera sends, but no key frame for 3 s, and pictures begin with one — Set its key-frame interval (GOP, I-frame interval) to 1–2 s, and switch its smart codec off (H.264+, H.265+, Zipstream).',
    })
    b.pipeline().unit({ key: true })
    await play(b, 5)
    expect(b.states()).toEqual(['opening', 'opening', 'online'])
    expect(b.logged.filter((line) => line.includes('key frames are'))).toHaveLength(1)
    expect(b.pipelines).toHaveLength(1)
  })

  test('key frames that are a minute apart: one line with the setting, over all connections', async () => {
    const b = bench(url, { options })
    for (let i = 0; i < 3; i++) {
      b.pipeline().stats = { keyEveryMs: 60_000, sinceLastUnitMs: 0 }
      await play(b, 10)
      b.pipeline().fail(9)
      await b.advance(1000)
    }
    expect(b.logged.filter((line) => line.includes('key frames are'))).toEqual([
      expect.stringMatching(
        /key frames are 60 s apart.*damaged from 2 s on.*\(GOP, I-frame interval\).*"camera":"door"/,
      ),
    ])
  })

  test('damaged pictures are counted, told and no failure', async () => {
    const b = bench(url, { options })
    b.pipeline().frame({ atMs: 0, damaged: true })
    expect(b.take()).toMatchObject({ damaged: true })
    b.pipeline().frame({ atMs: 40 })
    expect(b.take()).not.toHaveProperty('damaged')
    expect(b.states()).toEqual(['opening', 'online'])
  })

  test('the same picture for long: frozen without a reconnect, and online when it moves', async () => {
    const b = bench(url, { options })
    await play(b, 10)
    await play(b, 60, 200)
    expect(b.changes.at(-1)).toMatchObject({
      state: 'frozen',
      code: 'CAMERA_STALLED',
      reason: expect.stringContaining('5 s is the same'),
    })
    await play(b, 5)
    expect(b.states()).toEqual(['opening', 'online', 'frozen', 'online'])
    expect(b.pipelines).toHaveLength(1)
  })
})
