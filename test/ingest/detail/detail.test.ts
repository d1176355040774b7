import { describe, expect, it } from 'vitest'
import { createDetail } from '../../../src/ingest/detail/detail.ts'
import type { BigFrame, PicturesAt } from '../../../src/ingest/detail/held-pictures.ts'
import type { Detection, Frame, Landmarks } from '../../../src/types.ts'

const [width, height] = [64, 36]
const faceAt = (x: number, size = 0.05): Detection => ({
  box: { x: x - size / 2, y: 0.5 - size, width: size, height: 2 * size },
  landmarks: Array.from({ length: 5 }, () => ({ x, y: 0.5 })) as unknown as Landmarks,
  score: 0.9,
})

/** The luma of a bright column at `x`. */
const luma = (x: number) =>
  Uint8Array.from({ length: width * height }, (_, i) => (Math.abs((i % width) / width - x) < 0.06 ? 220 : 40))

const frame = (atMs: number, x: number, stream = 's'): Frame => {
  const data = new Uint8Array(3 * width * height)
  for (const plane of [0, 1, 2]) data.set(luma(x), plane * width * height)
  const full = { format: 'I420', width: 640, height: 360, planes: [], matrix: 'bt709', fullRange: false } as const
  return {
    camera: 'door',
    stream,
    seq: atMs,
    ptsUs: atMs * 1000,
    capturedAtMs: atMs,
    clock: 'camera',
    full,
    picture: { width, height, data },
    received: { arrivedAtMs: 1e12 + atMs, unitArrivedAtMs: null, ntpAtMs: 2e12 + atMs },
    encodeJpeg: () => Promise.reject(new Error('not here')),
    close: () => {},
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A detail whose decoder gives the picture that the scene shows: the column and its face go right, 0.1 a second. */
const bench = (walk = (atMs: number) => 0.2 + atMs / 10_000, onOtherView: () => void = () => {}) => {
  const detail = createDetail(onOtherView)
  const asked: number[] = []
  let [open, mostOpen] = [0, 0]
  const pictureAt = (ptsNs: bigint): BigFrame => {
    asked.push(Number(ptsNs) / 1e6)
    mostOpen = Math.max(mostOpen, ++open)
    const planes = [{ data: luma(walk(Number(ptsNs) / 1e6)), stride: width }]
    const close = () => {
      open--
    }
    return { format: 'I420', width, height, planes, matrix: 'bt709', fullRange: false, damaged: false, close }
  }
  let unitMs = 0
  const see = async (untilMs: number, fromMs: number, tracks = ['t'], stream = 's') => {
    const looks = []
    for (let atMs = fromMs; atMs < untilMs; atMs += 80) {
      for (; unitMs <= atMs; unitMs += 40)
        detail.unit({
          ptsNs: BigInt(unitMs) * 1_000_000n,
          arrivedAtMs: 1e12 + unitMs + 70,
          ntpAtMs: 2e12 + unitMs,
          key: unitMs % 1000 === 0,
          broken: false,
        })
      const faces = tracks.map((track) => ({ ...faceAt(walk(atMs)), track, view: 1 + atMs / 1000 }))
      detail.note(frame(atMs, walk(atMs), stream), faces)
      const look = detail.take()
      if (look) {
        looks.push({ atMs, look })
        for (const { track } of look.wanted) detail.looked(track, 'found')
      }
      detail.release()
      await settled()
    }
    return looks
  }
  const picturesAt: PicturesAt = async (ptsNs) => ptsNs.map(pictureAt)
  detail.connected(picturesAt)
  return { detail, asked, see, open: () => open, mostOpen: () => mostOpen, pictureAt, picturesAt }
}

describe('createDetail', () => {
  it('looks at a key picture and two after it, and then at key pictures', async () => {
    const { see, asked } = bench((atMs) => 0.2 + atMs / 50_000)
    // What nobody needed for some seconds is saved for it.
    await see(10_480, 480, [])
    const looks = await see(25_000, 10_480)
    expect(asked.slice(0, 3)).toEqual([11_000, 11_160, 11_320])
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.slice(3).every((ms) => ms % 1000 === 0)).toBe(true)
    // As far apart as a person's first faces have to be.
    const [first, , third] = looks
    expect((third?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(300)
  })

  it('shows where the face was at the moment of the picture, and serves a later frame of the track', async () => {
    const { see, asked, detail, open, mostOpen } = bench()
    const looks = await see(7000, 480)
    expect(looks.length).toBeGreaterThan(2)
    expect(mostOpen()).toBeLessThanOrEqual(3)
    for (const [i, { atMs, look }] of looks.entries()) {
      const [{ box, track } = { box: faceAt(0).box, track: '' }] = look.wanted
      expect(track).toBe('t')
      // It may have waited until it could be afforded.
      expect(atMs - (asked[i] as number)).toBeLessThan(1500)
      expect(box.x + box.width / 2).toBeCloseTo(0.2 + (asked[i] as number) / 10_000, 2)
    }
    expect(detail.counts.outcomes.found).toBe(looks.length)
    expect(open()).toBe(0)
  })

  it('decodes less than a twentieth of the big stream, however many faces come', async () => {
    const { see, detail } = bench(() => 0.5)
    for (let i = 0; i < 60; i++) await see((i + 1) * 1000, i * 1000, [`t${i}`, `u${i}`])
    const { received, decoded } = detail.counts
    expect(received).toBeGreaterThan(1400)
    expect(decoded).toBeGreaterThan(20)
    expect(decoded / received).toBeLessThan(0.05)
  })

  it('gives a track six looks at most', async () => {
    const { see, detail } = bench(() => 0.5)
    await see(40_000, 0)
    expect(detail.counts.outcomes.found).toBeLessThanOrEqual(6)
    expect(detail.counts.outcomes.found).toBeGreaterThan(3)
  })

  it('decodes for one look at a time, and closes what comes too late', async () => {
    const { see, open, detail, asked, picturesAt } = bench((atMs) => 0.2 + atMs / 50_000)
    const held: (() => void)[] = []
    detail.connected(async (ptsNs) => {
      await new Promise<void>((resolve) => held.push(resolve))
      return picturesAt(ptsNs)
    })
    await see(10_480, 480, [])
    await see(14_000, 10_480)
    expect(held.length).toBe(1)
    detail.connected(null)
    held[0]?.()
    await settled()
    expect(asked.length).toBe(3)
    expect(open()).toBe(0)
    expect(detail.counts.outcomes).toMatchObject({ found: 0, gone: 3 })
  })

  it('does nothing while the big stream is away, and goes on when it is back', async () => {
    const { see, detail, asked, picturesAt } = bench()
    detail.connected(null)
    expect(await see(2400, 480)).toEqual([])
    expect(asked).toEqual([])
    detail.connected(picturesAt)
    expect((await see(6000, 2400)).length).toBeGreaterThan(0)
  })

  it('survives a decoder that fails or has lost the picture', async () => {
    const { see, detail } = bench()
    let times = 0
    detail.connected(() => (times++ % 2 === 0 ? Promise.reject(new Error('no memory')) : Promise.resolve([null])))
    expect(await see(4000, 480)).toEqual([])
    expect(detail.counts.outcomes.gone).toBeGreaterThan(1)
  })

  it('gives no look to a track that is over', async () => {
    const { see, detail, pictureAt } = bench()
    let done = (): void => {}
    detail.connected((ptsNs) => new Promise((resolve) => (done = () => resolve(ptsNs.map(pictureAt)))))
    await see(1480, 480)
    expect(detail.counts.decoded).toBeGreaterThan(0)
    done()
    await settled()
    expect(await see(1560, 1480, ['another'])).toEqual([])
    expect(detail.counts.outcomes.late).toBe(1)
  })

  it('refuses a picture that shows another moment than the clocks say', async () => {
    const { see, detail, pictureAt, open } = bench()
    detail.connected(async (ptsNs) => ptsNs.map((each) => pictureAt(each - 900_000_000n)))
    await see(2000, 480)
    expect(detail.counts.outcomes.found).toBe(0)
    expect(detail.counts.outcomes.uncertain).toBeGreaterThan(0)
    expect(open()).toBe(0)
  })

  it('refuses another view, however well the clocks fit, and says so once', async () => {
    const said: string[] = []
    const { see, detail, pictureAt, open } = bench(
      () => 0.5,
      () => said.push('other view'),
    )
    detail.connected(async (ptsNs) =>
      ptsNs.map((each) => ({ ...pictureAt(each), planes: [{ data: luma(0.2), stride: width }] })),
    )
    await see(20_000, 480)
    expect(detail.counts.outcomes.found).toBe(0)
    expect(detail.counts.outcomes.uncertain).toBeGreaterThan(3)
    expect(said).toEqual(['other view'])
    expect(open()).toBe(0)
  })

  it('forgets the faces of a stream that began anew', async () => {
    const { see, detail } = bench()
    await see(980, 480)
    expect(await see(1120, 1040, ['t'], 'next')).toEqual([])
    expect(detail.counts.decoded).toBe(0)
  })
})
