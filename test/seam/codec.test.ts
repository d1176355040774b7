import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dot, unit } from '../../src/math/vector.ts'
import { packRecord, unpackRecord } from '../../src/seam/codec.ts'
import { createEnvelope, UnreadableError } from '../../src/seam/envelope.ts'
import type { SeamRecord } from '../../src/seam/record.ts'
import { cameraStates, type Face, type Faces } from '../../src/types.ts'

const counted = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const single = fc.float({ noNaN: true, noDefaultInfinity: true })
const name = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
const point = fc.record({ x: single, y: single })
const embedding = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 128, maxLength: 128 })
  .map((values) => unit(values))
  .filter((vector) => vector !== null)

const bareFace = {
  track: name,
  box: fc.record({ x: single, y: single, width: single, height: single }),
  landmarks: fc.tuple(point, point, point, point, point),
  score: single,
}
const quality = fc.record({
  overall: fc.double({ min: 0, max: 1, noNaN: true }),
  sizePx: single,
  sharpness: single,
  yaw: single,
})
const source = fc.constantFrom('main' as const, 'detail' as const)
const face: fc.Arbitrary<Face> = fc.oneof(
  fc.record(bareFace),
  fc.record(
    { ...bareFace, quality, embedding, source },
    { requiredKeys: ['track', 'box', 'landmarks', 'score', 'quality'] },
  ),
)
const faces = fc.record(
  {
    camera: fc.constant('door'),
    stream: name,
    seq: counted,
    ptsUs: fc.maxSafeInteger(),
    capturedAtMs: fc.maxSafeInteger(),
    clock: fc.constantFrom('camera' as const, 'arrival' as const, 'file' as const),
    rtpTime: fc.integer({ min: 0, max: 0xffff_ffff }),
    damaged: fc.constant(true as const),
    width: fc.integer({ min: 0, max: 0xffff }),
    height: fc.integer({ min: 0, max: 0xffff }),
    faces: fc.array(face, { maxLength: 4 }),
    endedTracks: fc.array(name, { maxLength: 3 }),
    traceparent: fc.constant(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`),
  },
  {
    requiredKeys: [
      'camera',
      'stream',
      'seq',
      'ptsUs',
      'capturedAtMs',
      'clock',
      'width',
      'height',
      'faces',
      'endedTracks',
    ],
  },
)
const change = fc.record(
  {
    camera: fc.constant('door'),
    state: fc.constantFrom(...cameraStates),
    atMs: fc.maxSafeInteger(),
    reason: fc.string({ unit: 'grapheme' }),
    code: fc.string({ unit: 'grapheme' }),
    retryInMs: counted,
    stream: fc.string({ unit: 'grapheme' }),
  },
  { requiredKeys: ['camera', 'state', 'atMs', 'reason'] },
)
const bareRecord = {
  camera: fc.constant('door'),
  owner: name,
  epoch: counted,
  number: counted,
  embedder: fc.constant('0123456789abcdef'),
  what: fc.oneof(
    fc.record({ type: fc.constant('faces' as const), faces }),
    fc.record({ type: fc.constant('change' as const), change }),
    fc.record({ type: fc.constant('alive' as const), state: fc.constantFrom(...cameraStates), reason: name }),
  ),
}
const record: fc.Arbitrary<SeamRecord> = fc.record(
  { ...bareRecord, link: fc.webUrl() },
  { requiredKeys: ['camera', 'owner', 'epoch', 'number', 'embedder', 'what'] },
)

const key = randomBytes(32)
const envelopes = [
  ['plain', () => createEnvelope('site', null)],
  ['sealed', () => createEnvelope('site', key)],
] as const

/** The record without the embeddings, whose bytes are rounded, and -0, which is no other number. */
const rest = (given: SeamRecord): unknown =>
  JSON.parse(JSON.stringify(given, (field, value) => (field === 'embedding' ? value.length : value)))

const embeddings = ({ what }: SeamRecord): readonly Float32Array[] =>
  what.type === 'faces' ? (what.faces as Faces).faces.flatMap((each) => each.embedding ?? []) : []

const reasonOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof UnreadableError) return error.reason
    throw error
  }
  return 'read'
}

describe.each(envelopes)('%s', (_, envelope) => {
  test('a record comes out as it went in, embeddings but for the rounding of one byte a dimension', () => {
    const [writer, reader] = [envelope(), envelope()]
    fc.assert(
      fc.property(record, (given) => {
        const read = unpackRecord(reader, 'door', packRecord(writer, given))
        expect(rest(read)).toEqual(rest(given))
        for (const [i, each] of embeddings(read).entries())
          expect(dot(each, embeddings(given)[i] ?? [])).toBeGreaterThan(0.999)
      }),
      { numRuns: 60 },
    )
  })

  test('bytes that were cut off, flipped or made up are a named error or a whole record, never anything else', () => {
    const [writer, reader] = [envelope(), envelope()]
    const damage = fc.oneof(
      fc.record({ cut: fc.nat({ max: 2000 }) }),
      fc.record({ flip: fc.nat({ max: 20_000 }) }),
      fc.record({ made: fc.uint8Array({ maxLength: 400 }), head: fc.boolean() }),
    )
    const outcomes = new Set<string>()
    fc.assert(
      fc.property(record, damage, (given, how) => {
        const value = Buffer.from(packRecord(writer, given))
        const bytes =
          'cut' in how
            ? value.subarray(0, how.cut % value.length)
            : 'flip' in how
              ? flipped(value, how.flip % (8 * value.length))
              : Buffer.concat([how.head ? value.subarray(0, 2) : Buffer.alloc(0), how.made])
        outcomes.add(reasonOf(() => unpackRecord(reader, 'door', bytes)))
      }),
      { numRuns: 400 },
    )
    expect(outcomes).toContain('damaged')
    expect(outcomes).toContain('version')
  })
})

const flipped = (bytes: Buffer, bit: number): Buffer => {
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return bytes
}

describe('a seal', () => {
  const alive: SeamRecord = {
    camera: 'door',
    owner: 'v',
    epoch: 1,
    number: 1,
    embedder: '00',
    what: { type: 'alive', state: 'online', reason: 'it sends' },
  }
  const read = (from: Uint8Array | null, to: Uint8Array | null, site = 'site', camera = 'door'): string => {
    const value = packRecord(createEnvelope('site', from), alive)
    return reasonOf(() => unpackRecord(createEnvelope(site, to), camera, value))
  }

  test('says whether the key is missing, is another one, or was left out by who has sent', () => {
    expect(read(key, key)).toBe('read')
    expect(read(key, randomBytes(32))).toBe('other key')
    expect(read(key, null)).toBe('no key')
    expect(read(null, key)).toBe('unsealed')
  })

  test('holds for its site and its camera only', () => {
    expect(read(key, key, 'elsewhere')).toBe('damaged')
    expect(read(key, key, 'site', 'hall')).toBe('damaged')
  })

  test('no flipped bit is taken for a record', () => {
    const value = packRecord(createEnvelope('site', key), alive)
    const reader = createEnvelope('site', key)
    for (let bit = 0; bit < 8 * value.length; bit++)
      expect(reasonOf(() => unpackRecord(reader, 'door', flipped(Buffer.from(value), bit)))).not.toBe('read')
  })
})

test('a face takes less than 300 bytes, its embedding 128 of them', () => {
  const embedding = unit(Array.from({ length: 128 }, (_, i) => Math.sin(i))) as Float32Array
  const middle = { x: 0.5, y: 0.5 }
  const one: Face = {
    track: 'door/k3f9x2ab/17',
    box: { x: 0.1, y: 0.1, width: 0.1, height: 0.1 },
    landmarks: [middle, middle, middle, middle, middle],
    score: 0.9,
    quality: { overall: 0.5, sizePx: 80, sharpness: 1, yaw: 0 },
    embedding,
  }
  const frame = (count: number): SeamRecord => ({
    camera: 'door',
    owner: 'vision-a',
    epoch: 1_764_000_000_000,
    number: 1_000_000,
    embedder: '0123456789abcdef',
    what: {
      type: 'faces',
      faces: {
        camera: 'door',
        stream: 'k3f9x2ab',
        seq: 100_000,
        ptsUs: 4_000_000_000,
        capturedAtMs: 1_764_000_000_000,
        clock: 'camera',
        width: 1920,
        height: 1080,
        faces: Array.from({ length: count }, () => one),
        endedTracks: [],
      },
    },
  })
  const envelope = createEnvelope('site', key)
  const bytes = (count: number): number => packRecord(envelope, frame(count)).length
  expect(bytes(2) - bytes(1)).toBeLessThan(300)
  expect(bytes(0)).toBeLessThan(150)
})
