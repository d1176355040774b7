import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { listVideos } from '../../src/commands/eval/labelled-videos.ts'
import { paper } from '../../src/commands/eval/paper.ts'
import { clusterPaper, clustersSection } from '../../src/commands/eval/paper-clusters.ts'
import { paperFiles } from '../../src/commands/eval/paper-models.ts'
import { measureVideos } from '../../src/commands/eval/paper-videos.ts'
import { partAround, variantOf, variants } from '../../src/evaluate/paper/face-variants.ts'
import { foldedVal, foldsOfPeople } from '../../src/evaluate/paper/folded-val.ts'
import { paperTables } from '../../src/evaluate/paper/tables.ts'
import { meanVector, scoreVideos } from '../../src/evaluate/paper/videos.ts'
import { paperPage } from '../../src/evaluate/report/paper.ts'
import { gaussianFrom, seededRandom } from '../../src/math/seeded-random.ts'
import { dot, unit } from '../../src/math/vector.ts'
import { multiplyAddsOf } from '../../src/vision/multiply-adds.ts'
import { readGraph } from '../../src/vision/onnx-graph.ts'
import { calling } from '../commands/called.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { partOf, scratchDirectory } from '../support/footage.ts'

const people = Array.from({ length: 120 }, (_, i) => `${Math.floor(i / 6)}`)

/** Faces of twenty people, six of each, that lie `noise` away from their person; others with each number that is skipped. */
const facesWith = (noise: number, skipped = 0): Float32Array[] => {
  const gaussian = gaussianFrom(seededRandom(5))
  const direction = () => unit(Float32Array.from({ length: 32 }, gaussian)) as Float32Array
  const own = Array.from({ length: 20 }, direction)
  for (let i = 0; i < skipped * people.length; i++) direction()
  return people.map((person) => {
    const away = direction()
    return unit((own[Number(person)] ?? []).map((value, d) => value + noise * (away[d] ?? 0))) as Float32Array
  })
}

describe('FaceNet’s tables', () => {
  it('everybody is in one fold, and VAL falls with noise', () => {
    const folds = foldsOfPeople(people)
    expect(folds.flat().sort((a, b) => a - b)).toEqual([...people.keys()])
    for (const person of new Set(people))
      expect(folds.filter((fold) => fold.some((i) => people[i] === person))).toHaveLength(1)
    const vals = [0.3, 1, 1.4, 3].map((noise) => foldedVal(people, facesWith(noise)).val)
    expect(vals[0]).toBe(1)
    expect(vals).toEqual(vals.toSorted((a, b) => b - a))
    expect(vals[3]).toBeLessThan(0.1)
  })

  it('are worked out of embeddings, with the paper’s figures beside, and printed as a page', () => {
    const plain = facesWith(1)
    const byVariant = variants.map(({ kind, value }) => (kind === 'jpeg' && value < 30 ? facesWith(1.6) : plain))
    const models = [
      { name: 'small', multiplyAdds: 5e6, vectors: plain },
      { name: '<odd>', multiplyAdds: null, vectors: plain },
    ]
    const result = { ...paperTables({ embedder: 'small', people, byVariant, models }), videos: null }
    expect(result.jpegQuality.map(({ value, facenet }) => [value, facenet])).toEqual([
      [10, 0.673],
      [20, 0.814],
      [30, 0.839],
      [50, 0.855],
      [70, 0.861],
      [90, 0.865],
    ])
    expect(result.jpegQuality[0]?.val).toBeLessThan(result.jpegQuality[2]?.val ?? 0)
    expect(result.faceSize.map(({ val }) => val)).toEqual(Array(5).fill(result.plain.val))
    expect(result.dimensions.map(({ value }) => value)).toEqual([8, 16, 32])
    expect(result.dimensions[0]?.val).toBeLessThan(result.dimensions[2]?.val ?? 0)
    expect(result.dimensions[2]?.val).toBe(result.plain.val)
    const page = paperPage(result)
    for (const part of ['Table 3', 'Table 4', 'Table 5', '67.30 %', 'ROC curve', 'DET curve', '&lt;odd&gt;', 'unknown'])
      expect(page).toContain(part)
    expect(page).not.toMatch(/NaN|undefined|Infinity|YouTube/)
    const videos = scoreVideos(people.map((person, i) => ({ person, frames: 2, mean: plain[i] ?? new Float32Array() })))
    expect(paperPage({ ...result, videos })).toMatch(/120 videos of 20 people, 240 frames.*95\.12 %/s)
  })

  it('refuses photos of too few people before it embeds any', async () => {
    const folder = scratchDirectory()
    for (const person of ['a', 'b', 'c']) {
      mkdirSync(join(folder, person))
      for (const photo of ['1.jpg', '2.jpg']) writeFileSync(join(folder, person, photo), '')
    }
    const { code, stderr } = await calling(paper)('--photos', folder)
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /6 photos of 3 people give 0 pairs of two people in five folds, expected 1000 or more.*twenty/,
    )
  })
})

describe('clustering', () => {
  it('has scores, and examples of what went wrong', () => {
    const away = (i: number): Float32Array => {
      const vector = new Float32Array(8)
      vector[i] = 1
      return vector
    }
    // ada is in one cluster, ben in two, and chen with dina.
    const photos = [
      ...['ada', 'ada', 'ada'].map((person) => ({ person, embedding: away(0) })),
      ...[1, 1, 2].map((i) => ({ person: 'ben', embedding: away(i) })),
      ...['chen', 'dina'].map((person) => ({ person, embedding: away(3) })),
    ].map((photo, i) => ({ ...photo, file: `${i}.jpg` }))
    const { scores, largest, mixed, split } = clusterPaper(photos, 0.5)
    expect(scores).toMatchObject({ faces: 8, people: 4, ids: 4, bcubedP: 7 / 8 })
    expect(largest[0]).toEqual(['0.jpg', '1.jpg', '2.jpg'])
    expect(mixed).toEqual([['6.jpg', '7.jpg']])
    expect(split).toEqual([{ person: 'ben', clusters: [['3.jpg', '4.jpg'], ['5.jpg']] }])
  })

  it('shows examples as pictures', async () => {
    const file = join(scratchDirectory(), 'a<b.png')
    await sharp({ create: { width: 40, height: 30, channels: 3, background: 'red' } })
      .png()
      .toFile(file)
    const photo = { person: 'ada', file, embedding: [1, 0] }
    const { body, note } = await clustersSection(clusterPaper([photo, photo], 0.5))
    expect(body).toMatch(/One of the largest: 2 photos.*<img alt="[^"]*a&lt;b\.png" src="data:image\/jpeg;base64,/s)
    expect(note).toContain('BCubed F 1.000, precision 1.000, 1.000 IDs per person')
  })
})

describe('YouTube Faces’ protocol', () => {
  it('compares two videos by the mean over all pairs of their frames', () => {
    const [a, b, c] = [Float32Array.of(1, 0), Float32Array.of(0, 1), Float32Array.of(0.6, 0.8)]
    const pairs = [a, b].flatMap((x) => [c, c, a].map((y) => dot(x, y)))
    const mean = pairs.reduce((sum, each) => sum + each, 0) / pairs.length
    expect(dot(meanVector([a, b]), meanVector([c, c, a]))).toBeCloseTo(mean, 6)
  })

  it('tells people apart by many frames that a single one does not show', () => {
    const frames = Array.from({ length: 6 }, (_, i) => facesWith(2.2, i))
    const score = (count: number) =>
      scoreVideos(
        people.map((person, i) => {
          const own = frames.slice(0, count).map((each) => each[i] ?? new Float32Array())
          return { person, frames: count, mean: meanVector(own) }
        }),
      )
    const [one, six] = [score(1), score(6)]
    expect([six.videos, six.people, six.frames, six.folds, six.byPerson]).toEqual([120, 20, 720, 10, true])
    expect(six.accuracy).toBeGreaterThan(one.accuracy + 0.05)
  })

  it('takes recordings and folders of pictures, and says what is missing', async () => {
    const folder = scratchDirectory()
    for (const video of ['ada/2.10', 'ada/2.9', 'ben/1', 'ben/none'])
      mkdirSync(join(folder, video), { recursive: true })
    for (const file of [
      'ada/2.10/1.jpg',
      'ada/2.9/10.jpg',
      'ada/2.9/9.jpg',
      'ben/1/1.png',
      'ben/b.MP4',
      'ben/notes.txt',
    ])
      writeFileSync(join(folder, file), '')
    const videos = await listVideos(folder)
    expect(videos.map(({ name, frames }) => [name, frames?.map((each) => basename(each)) ?? null])).toEqual([
      ['ada/2.9', ['9.jpg', '10.jpg']],
      ['ada/2.10', ['1.jpg']],
      ['ben/1', ['1.png']],
      ['ben/b.MP4', null],
    ])
    await expect(listVideos(join(folder, 'ada'))).rejects.toThrow(/has 0 videos of 0 people/)
    await expect(listVideos(join(folder, 'gone'))).rejects.toThrow(/--videos: cannot read/)
  })

  it.skipIf(!canCutPhotos)(
    'measures recordings and folders of pictures alike, up to a hundred frames',
    async () => {
      const [cast, folder] = [await castPhotos(), scratchDirectory()]
      mkdirSync(join(folder, 'ada/photos'), { recursive: true })
      for (const photo of ['gate-4.jpg', 'street-2.jpg'])
        copyFileSync(join(cast, 'ada', photo), join(folder, 'ada/photos', photo))
      mkdirSync(join(folder, 'ada/broken'))
      writeFileSync(join(folder, 'ada/broken/1.jpg'), 'no photo')
      mkdirSync(join(folder, 'eli'))
      await partOf('cafe', 2, 4, join(folder, 'eli/cafe.mp4'))
      const { videos, withoutFace } = await measureVideos(await listVideos(folder), await paperFiles({ compare: [] }))
      expect(withoutFace).toEqual(['ada/broken'])
      expect(videos.map(({ person, frames }) => [person, frames])).toEqual([
        ['ada', 2],
        ['eli', expect.any(Number)],
      ])
      expect(videos[1]?.frames).toBeGreaterThan(5)
      expect(videos[1]?.frames).toBeLessThanOrEqual(50)
    },
    150_000,
  )
})

describe('a face made worse', () => {
  const [width, height] = [200, 160]
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 7919) % 251)
  const box = { x: 0.6, y: 0.25, width: 0.25, height: 0.5 }
  const at = (dx: number, dy: number) => ({ x: box.x + dx * box.width, y: box.y + dy * box.height })
  const landmarks = [at(0.3, 0.4), at(0.7, 0.4), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)] as const
  const part = partAround({ width, height, data }, { box, landmarks: [...landmarks], score: 1 })

  it('is cut out with its pixels and landmarks where they were, also at the edge', () => {
    // 2.2 × 80 pixels around (145, 80), within the picture.
    expect([part.width, part.height]).toEqual([200 - 57, 160])
    const [x, y] = [120, 50]
    expect(part.data[3 * (y * part.width + x - 57) + 1]).toBe(data[(height + y) * width + x])
    expect(part.face.landmarks[2].x * part.width + 57).toBeCloseTo(landmarks[2].x * width, 6)
    expect(part.face.box.height * part.height).toBeCloseTo(80, 6)
  })

  it('has the size that is asked for, is never made larger, and shrinks as JPEG with its quality', async () => {
    const sizes = new Map<number, number>()
    for (const variant of variants.filter(({ kind }) => kind === 'size')) {
      const { height: tall } = await sharp(await variantOf(part, variant)).metadata()
      sizes.set(variant.value, Math.round(part.face.box.height * tall))
    }
    expect(Object.fromEntries(sizes)).toEqual({ 40: 40, 80: 80, 120: 80, 160: 80, 256: 80 })
    const bytes = await Promise.all(
      variants.filter(({ kind }) => kind === 'jpeg').map(async (variant) => (await variantOf(part, variant)).length),
    )
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b))
  })
})

describe('multiply-adds', () => {
  const model = readFileSync(resolve(import.meta.dirname, '../../models/embedder.onnx'))

  it('of the shipped embedder are counted, and grow with the picture', () => {
    const graph = readGraph(model)
    // Chen et al. 2018 count 221 million, without the first layers.
    expect(multiplyAddsOf(graph, 112)).toBe(233810432)
  })

  it('of a graph by hand: convolutions with strides and groups, pooling, a matrix', () => {
    const node = (type: string, inputs: string[], output: string, numbers: Record<string, number[]> = {}) => ({
      type,
      inputs,
      outputs: [output],
      numbers: new Map(Object.entries(numbers)),
      texts: new Map<string, string>(),
    })
    const stored = new Map([
      ['w1', [8, 3, 3, 3]],
      ['w2', [8, 1, 3, 3]],
      ['w3', [10, 8]],
    ])
    const nodes = [
      node('Conv', ['x', 'w1'], 'a', { strides: [2, 2], pads: [1, 1, 1, 1] }),
      node('Relu', ['a'], 'b'),
      node('Conv', ['b', 'w2'], 'c', { pads: [1, 1, 1, 1], group: [8] }),
      node('Add', ['b', 'c'], 'd'),
      node('GlobalAveragePool', ['d'], 'e'),
      node('Flatten', ['e'], 'f'),
      node('Gemm', ['f', 'w3'], 'g', { transB: [1] }),
    ]
    const graph = { nodes, stored, inputs: ['x'] }
    expect(multiplyAddsOf(graph, 32)).toBe(8 * 27 * 256 + 8 * 9 * 256 + 80)
    expect(multiplyAddsOf({ ...graph, stored: new Map() }, 32)).toBeNull()
  })

  it.each([
    ['text', Buffer.from('no model at all')],
    ['nothing', Buffer.alloc(0)],
    ['cut off', model.subarray(0, 5000)],
  ])('%s is no graph', (_, bytes) => {
    expect(() => readGraph(bytes)).toThrow(RangeError)
  })
})
