import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openMeasuringElsewhere } from '../../src/photos/measure-elsewhere.ts'
import type { PhotoSearch } from '../../src/server/people-answers.ts'
import { createSearchPhoto, type SearchPhotoParts } from '../../src/site/search-photo.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { canCut, cutFrames } from '../commands/people/frames.ts'
import { quarters } from '../photos/made.ts'
import { faultsOfAnswer } from '../server/answers.ts'
import { openServer } from '../server/open-server.ts'

const models = modelOptions.parse({})

const open = async (measuring: SearchPhotoParts['measuring'], options: object = {}) => {
  const engine = createIdentity(identityOptions.parse({}))
  const { sha256 } = await chosenEmbedder(models)
  const searchPhoto = createSearchPhoto({
    measuring,
    whoIs: (embedding, quality) => engine.whoIs(embedding, quality),
    findSightings: () => ({ sightings: [], next: null }),
    searchTracks: async () => [],
    sha256,
    minQuality: 0.15,
  })
  const { get } = await openServer(options, { searchPhoto })
  const search = async (body: RequestInit['body'], type?: string, headers: Record<string, string> = {}) => {
    const response = await get('/api/people/search', {
      method: 'POST',
      body: body ?? null,
      headers: { ...headers, ...(type && { 'content-type': type }) },
    })
    return {
      status: response.status,
      answer: (await response.json()) as PhotoSearch & { error: { code: string; message: string } },
    }
  }
  return { engine, get, search, sha256 }
}
const realMeasuring = () => {
  const measuring = openMeasuringElsewhere(models)
  onTestFinished(() => measuring.close())
  return measuring
}
const bytesOf = (buffer: Uint8Array) => Uint8Array.from(buffer)

test.skipIf(!canCut)(
  'says who is in a photo and how sure that is, and marks the faces',
  async () => {
    const frames = await cutFrames()
    onTestFinished(() => frames.remove())
    const measuring = realMeasuring()
    const { engine, search, get } = await open(measuring)
    const [first = '', second = ''] = frames.fay
    const { readFileSync } = await import('node:fs')
    const photo = bytesOf(readFileSync(second))
    expect((await search(photo, 'image/png')).answer.faces[0]?.matches).toEqual([])
    const { photos } = await measuring.measure([{ file: 'a', bytes: readFileSync(first) }])
    const [face] = photos[0]?.faces ?? []
    if (!face) throw new Error('no face')
    engine.enroll('Fay', [{ embedding: face.embedding, quality: face.quality.overall }], 1000)
    const { status, answer } = await search(photo, 'image/png')
    expect(status).toBe(200)
    const [found] = answer.faces
    expect(found?.matches[0]).toMatchObject({ name: 'Fay', is: true, threshold: 0.64 })
    expect(found?.box.width).toBeGreaterThan(0)
    // Lying on its side it is found all the same.
    const turned = await search(bytesOf(await sharp(photo).rotate(90).png().toBuffer()), 'image/png')
    expect([turned.answer.turn, turned.answer.faces[0]?.matches[0]?.name]).toEqual([270, 'Fay'])
    const document = await (await get('/api/openapi.json')).json()
    expect(faultsOfAnswer(document, 'post /api/people/search', answer)).toBe(null)
  },
  150_000,
)

test('a photo of nobody, and what is no photo, are told apart; nothing else is opened', async () => {
  const { search } = await open(realMeasuring())
  const nobody = bytesOf(await quarters().png().toBuffer())
  expect(await search(nobody, 'image/png')).toMatchObject({ status: 200, answer: { faces: [] } })
  const bomb = Buffer.from(
    await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  )
  bomb.writeUInt32BE(60_000, 16)
  bomb.writeUInt32BE(60_000, 20)
  const hostile: readonly (readonly [Uint8Array<ArrayBuffer>, string])[] = [
    [bytesOf(Buffer.from('#EXTM3U\nfile:///etc/passwd')), 'image/png'],
    [bytesOf(Buffer.from('<svg><image href="file:///etc/passwd"/></svg>')), 'image/svg+xml'],
    [bytesOf(Buffer.alloc(0)), 'image/jpeg'],
    [bytesOf(bomb), 'image/png'],
    [bytesOf(nobody.subarray(0, 60)), 'image/png'],
  ]
  for (const [bytes, type] of hostile) {
    const { status, answer } = await search(bytes, type)
    expect([status, answer.error?.code, answer.error?.message], type).toEqual([
      400,
      'USAGE',
      expect.stringContaining('the photo cannot be read'),
    ])
  }
  const form = (...files: readonly string[]): FormData => {
    const data = new FormData()
    for (const file of files) data.append('photo', new Blob([nobody]), file)
    return data
  }
  expect((await search(form('a.png'))).status).toBe(200)
  expect(await search(form('a.png', 'b.png'))).toMatchObject({ status: 400, answer: { error: { message: /found 2/ } } })
  expect(await search(form())).toMatchObject({ status: 400, answer: { error: { message: /no photo/ } } })
  expect(await search('{}', 'application/json')).toMatchObject({
    status: 400,
    answer: { error: { message: 'expected a photo' } },
  })
  expect(await search('--x--', 'multipart/form-data; boundary=y')).toMatchObject({ status: 400 })
  expect((await search(new Uint8Array(33 * 1024 ** 2), 'image/png')).status).toBe(413)
}, 60_000)

test('needs the scope biometric; other models are refused; only three at a time', async () => {
  const tokens = ['read', 'biometric'].map((scope) => ({
    name: scope,
    scopes: [scope],
    token: `token-of-${scope}-0123456789`,
  }))
  const { promise, resolve } = Promise.withResolvers<never>()
  const { search, sha256 } = await open({ measure: () => promise }, { auth: { mode: 'on', tokens } })
  const as = (scope: string) => ({ authorization: `Bearer token-of-${scope}-0123456789` })
  const photo = bytesOf(await quarters().png().toBuffer())
  expect((await search(photo, 'image/png')).status).toBe(401)
  expect((await search(photo, 'image/png', as('read'))).status).toBe(403)
  const waiting = Array.from({ length: 4 }, () => search(photo, 'image/png', as('biometric')))
  expect(await Promise.race(waiting)).toMatchObject({ status: 503, answer: { error: { code: 'BUSY' } } })
  const embedder = { name: 'x', sha256: 'a'.repeat(64), dimensions: 4, threshold: 0.3 }
  expect(sha256).not.toBe(embedder.sha256)
  resolve({ embedder, photos: [{ file: 'a', faces: [] }] } as never)
  expect((await Promise.all(waiting)).map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    409, 409, 409, 503,
  ])
})
