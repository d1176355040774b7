import { of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { detectFaces } from '../../src/operators/detect-faces.ts'
import { embedFaces, type FaceEmbedder } from '../../src/operators/embed-faces.ts'
import { trackFaces } from '../../src/operators/track-faces.ts'
import type { Tracker } from '../../src/tracking/tracker.ts'
import type { Detection, Frame, Landmarks, Quality } from '../../src/types.ts'
import { collect } from './collect.ts'

const landmarks = Array.from({ length: 5 }, () => ({ x: 0.5, y: 0.5 })) as unknown as Landmarks
const detection = (x: number): Detection => ({ box: { x, y: 0.1, width: 0.1, height: 0.1 }, landmarks, score: 0.9 })
const quality: Quality = { overall: 1, sizePx: 100, sharpness: 1, yaw: 0 }

const frame = (camera: string, seq: number): Frame => ({
  camera,
  stream: 's',
  seq,
  ptsUs: seq * 40_000,
  capturedAtMs: seq * 40,
  clock: 'file',
  full: { format: 'I420', width: 64, height: 48, planes: [], matrix: 'bt601', fullRange: false },
  picture: { width: 2, height: 1, data: Uint8Array.of(seq) },
  encodeJpeg: () => Promise.reject(new Error('not here')),
  close: () => {},
})

/** Numbers its tracks; wants an embedding for every second detection; splits the track `b2`. */
const numbering = (told: string[] = [], ended: string[] = []): Tracker => ({
  update: (stamp, detections, cut) =>
    detections.map((detection, i) => ({
      ...detection,
      track: `${stamp.camera}/${stamp.seq}/${i}${cut ? '/cut' : ''}`,
      shouldEmbed: i % 2 === 0,
    })),
  embedded: (track) => {
    told.push(track)
    if (track !== 'b2') return track
    ended.push(track)
    return 'b2-split'
  },
  count: 0,
  isSteady: () => true,
  expected: () => null,
  takeEnded: () => ended.splice(0),
})

describe('detectFaces', () => {
  it('runs the detector once for a batch and gives each frame its own faces', async () => {
    const runs: number[][] = []
    const detector = {
      seesParts: true,
      detect: async (pictures: readonly { data: Uint8Array }[]) => {
        runs.push(pictures.map(({ data }) => data[0] as number))
        return pictures.map(({ data }) => [detection((data[0] as number) / 10)])
      },
    }
    const [batch] = await collect(of([frame('a', 1), frame('b', 2)]).pipe(detectFaces(detector)))
    expect(runs).toEqual([[1, 2]])
    expect(batch?.map(({ frame, faces }) => [frame.camera, faces[0]?.box.x])).toEqual([
      ['a', 0.1],
      ['b', 0.2],
    ])
  })

  it('passes on a failing detector and a failing source', async () => {
    const broken = { seesParts: true, detect: () => Promise.reject(new Error('no memory')) }
    await expect(collect(of([frame('a', 1)]).pipe(detectFaces(broken)))).rejects.toThrow('no memory')
    const source = throwError(() => new Error('source'))
    await expect(collect(source.pipe(detectFaces(broken)))).rejects.toThrow('source')
  })
})

describe('trackFaces', () => {
  it('asks each camera its own tracker and tells it about a cut', async () => {
    const followings = (camera: string) => ({ tracker: numbering(), cuts: { isCut: () => camera === 'b' } })
    const batch = ['a', 'b'].map((camera) => ({ frame: frame(camera, 7), faces: [detection(0), detection(0.5)] }))
    const [tracked] = await collect(of(batch).pipe(trackFaces(followings)))
    expect(tracked?.map(({ faces }) => faces)).toEqual([
      [
        { ...detection(0), track: 'a/7/0', shouldEmbed: true },
        { ...detection(0.5), track: 'a/7/1', shouldEmbed: false },
      ],
      [
        { ...detection(0), track: 'b/7/0/cut', shouldEmbed: true },
        { ...detection(0.5), track: 'b/7/1/cut', shouldEmbed: false },
      ],
    ])
  })
})

describe('trackFaces and damaged frames', () => {
  it('sees no cut in one, and compares the next whole frame with the whole one before', async () => {
    const compared: number[] = []
    const isCut = ({ data }: { data: Uint8Array }) => compared.push(data[0] as number) > 0
    const frames = [frame('a', 1), { ...frame('a', 2), damaged: true as const }, frame('a', 3)]
    const batch = frames.map((one) => ({ frame: one, faces: [detection(0)] }))
    const followings = () => ({ tracker: numbering(), cuts: { isCut } })
    const [tracked] = await collect(of(batch).pipe(trackFaces(followings)))
    expect(tracked?.map(({ faces }) => faces[0]?.track)).toEqual(['a/1/0/cut', 'a/2/0', 'a/3/0/cut'])
    expect(compared).toEqual([1, 3])
  })
})

describe('embedFaces', () => {
  const tracked = (camera: string, wanted: boolean[]) => ({
    frame: frame(camera, 1),
    faces: wanted.map((shouldEmbed, i) => ({ ...detection(i / 10), track: `${camera}${i}`, shouldEmbed })),
  })

  it('embeds what is wanted, of all frames in one run, and gives each face its own', async () => {
    const told: string[] = []
    const runs: number[] = []
    const embedder = {
      embed: async (faces: readonly Detection[]) => {
        runs.push(faces.length)
        return faces.map(({ box }) => ({ embedding: Float32Array.of(box.x), quality }))
      },
    }
    const trackers = { a: numbering(told, ['a-ended']), b: numbering(told, ['b-ended']) }
    const batch = [tracked('a', [false, true]), tracked('b', [true, false, true])]
    const [embedded] = await collect(of(batch).pipe(embedFaces(embedder, (camera) => trackers[camera as 'a' | 'b'])))
    expect(runs).toEqual([3])
    expect(told).toEqual(['a1', 'b0', 'b2'])
    expect(embedded?.flatMap(({ faces }) => faces.map(({ track, embedding }) => [track, embedding?.[0]]))).toEqual([
      ['a0', undefined],
      ['a1', Math.fround(0.1)],
      ['b0', 0],
      ['b1', undefined],
      ['b2-split', Math.fround(0.2)],
    ])
    expect(embedded?.map(({ endedTracks }) => endedTracks)).toEqual([['a-ended'], ['b-ended', 'b2']])
    // Each is the face that was detected, and nothing of the chain's own leaves it.
    expect(embedded?.[0]?.faces[0]).toEqual({ ...detection(0), track: 'a0' })
  })

  it('keeps what ended for the next frame when the embedder fails', async () => {
    const tracker = numbering([], ['a-ended'])
    const broken = { embed: () => Promise.reject(new Error('no memory')) }
    const run = (embedder: FaceEmbedder) =>
      collect(of([tracked('a', [true])]).pipe(embedFaces(embedder, () => tracker)))
    await expect(run(broken)).rejects.toThrow('no memory')
    const [next] = await run({ embed: async () => [{ embedding: Float32Array.of(1), quality }] })
    expect(next?.[0]?.endedTracks).toEqual(['a-ended'])
  })

  it('does not run the embedder when nothing is wanted', async () => {
    const embedder = { embed: () => Promise.reject(new Error('was run')) }
    const [embedded] = await collect(of([tracked('a', [false])]).pipe(embedFaces(embedder, () => numbering())))
    expect(embedded?.[0]?.faces).toHaveLength(1)
  })
})
