import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { archiveInMemory } from '../../src/identity/store/archive.ts'
import { openMeasuringElsewhere } from '../../src/photos/measure-elsewhere.ts'
import type { EnrollPhotos } from '../../src/server/enroll-route.ts'
import { createCommittedIdentity } from '../../src/site/committed-identity.ts'
import { createEnrollPhotos } from '../../src/site/enroll-photos.ts'
import { createObjectPhotos } from '../../src/site/object-photos.ts'
import { createObjectionsService } from '../../src/site/objections-service.ts'
import { createPeopleService } from '../../src/site/people-service.ts'
import type { EnrolledCrop } from '../../src/types.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { canCut, cutFrames, type Frames } from '../commands/people/frames.ts'
import { quarters } from '../photos/made.ts'
import { openServer } from '../server/open-server.ts'

const models = modelOptions.parse({})

/** A server with an engine that has seen nobody, and the models that ship. */
const openWithPhotos = async (replaced?: EnrollPhotos) => {
  const crops: EnrolledCrop[] = []
  const engine = createIdentity(identityOptions.parse({}))
  const archive = archiveInMemory()
  const { transact } = createCommittedIdentity(engine, null, { inMemory: archive })
  const { actions } = archive
  const embedder = await chosenEmbedder(models)
  const service = createPeopleService({
    gallery: engine,
    transact,
    actions,
    history: () => [],
    embedder,
    nowMs: () => 1000,
  })
  const measuring = openMeasuringElsewhere(models)
  onTestFinished(() => measuring.close())
  const enrollPhotos =
    replaced ?? createEnrollPhotos({ measuring, service, minQuality: 0.15, keepCrop: (crop) => void crops.push(crop) })
  const objections = createObjectionsService({ engine, transact, embedder, onObjected: () => {}, nowMs: () => 1000 })
  const objectPhotos = createObjectPhotos({ measuring, service: objections, minQuality: 0.15 })
  const { get } = await openServer({}, { peopleService: service, enrollPhotos, objections, objectPhotos })
  const post = async (path: string, body: FormData | Uint8Array<ArrayBuffer>, type?: string) => {
    const response = await get(path, { method: 'POST', body, ...(type && { headers: { 'content-type': type } }) })
    return { status: response.status, answer: (await response.json()) as Answer }
  }
  return { post, engine, crops, path: '/api/people/enroll' }
}
interface Answer {
  readonly objection?: string
  readonly person?: { readonly name: string }
  readonly photos?: readonly { readonly file: string; readonly accepted: boolean; readonly reason: string | null }[]
  readonly error?: { readonly code: string; readonly message: string; readonly details?: { readonly photos: object[] } }
}

const form = (name: string | null, files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): FormData => {
  const data = new FormData()
  for (const [file, bytes] of Object.entries(files)) data.append('photo', new Blob([bytes]), file)
  if (name !== null) data.append('name', name)
  return data
}
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text))

describe.skipIf(!canCut)('photos over HTTP', () => {
  let frames: Frames
  beforeAll(async () => {
    frames = await cutFrames()
  }, 150_000)
  afterAll(() => frames?.remove())
  const read = (file = '') => Uint8Array.from(readFileSync(file))

  it('enrolls the good ones of a form, and says what is wrong with the others', async () => {
    const { post, path, engine, crops } = await openWithPhotos()
    const [a, b] = frames.fay
    const { status, answer } = await post(
      path,
      form('Fay', {
        'a.jpg': read(a),
        'b.jpg': read(b),
        'none.jpg': read(frames.nobody),
        'list.jpg': bytesOf('#EXTM3U\n'),
      }),
    )
    expect(status).toBe(200)
    expect(answer.person?.name).toBe('Fay')
    expect(answer.photos?.map(({ file, reason }) => [file, reason])).toEqual([
      ['a.jpg', null],
      ['b.jpg', null],
      ['none.jpg', 'no-face'],
      ['list.jpg', 'unreadable'],
    ])
    expect(engine.people()).toHaveLength(1)
    expect(crops.map(({ person }) => person)).toEqual(engine.people().flatMap(({ id }) => [id, id]))
    for (const { jpeg, width } of crops) {
      expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8])
      expect(width).toBeLessThanOrEqual(160)
    }
  }, 180_000)

  it('takes one photo as the body', async () => {
    const { post, path } = await openWithPhotos()
    expect(await post(`${path}?name=Fay`, read(frames.fay[0]), 'image/jpeg')).toMatchObject({
      status: 200,
      answer: { person: { name: 'Fay' }, photos: [{ file: 'photo 1', accepted: true }] },
    })
  }, 180_000)

  it('objects by photos, after which nobody can be enrolled by them', async () => {
    const { post, path, engine } = await openWithPhotos()
    const [a, b] = frames.fay
    await post(path, form('Fay', { 'a.jpg': read(a) }))
    const data = form(null, { 'b.jpg': read(b), 'none.jpg': read(frames.nobody) })
    data.append('note', 'letter 7')
    const objected = await post('/api/objections', data)
    expect(objected).toMatchObject({
      status: 200,
      answer: {
        objection: expect.stringMatching(/^o-/),
        events: [{ type: 'rollcall.person.deleted.v1' }],
        photos: [
          { file: 'b.jpg', accepted: true },
          { file: 'none.jpg', reason: 'no-face' },
        ],
      },
    })
    expect(engine.people()).toEqual([])
    expect(engine.objectors()).toMatchObject([{ id: objected.answer.objection, how: 'photo', note: 'letter 7' }])
    expect(await post(path, form('Fay', { 'a.jpg': read(a) }))).toMatchObject({ status: 409 })
    expect(await post('/api/objections?note=', read(a), 'image/jpeg')).toMatchObject({
      status: 400,
      answer: { error: { message: expect.stringMatching(/^query: note/) } },
    })
    expect(await post('/api/objections', form(null, { 'none.jpg': read(frames.nobody) }))).toMatchObject({
      status: 400,
      answer: { error: { details: { photos: [{ reason: 'no-face' }] } } },
    })
    expect(engine.objectors()).toHaveLength(1)
  }, 180_000)

  it('enrolls nobody when no photo is usable, and goes on', async () => {
    const { post, path, engine } = await openWithPhotos()
    const bad = await Promise.all([
      post(path, form('Fay', { 'none.jpg': read(frames.nobody) })),
      post(`${path}?name=Fay`, bytesOf('<MPD xmlns="x">'), 'image/jpeg'),
    ])
    expect(bad).toMatchObject([
      { status: 400, answer: { error: { code: 'USAGE', details: { photos: [{ reason: 'no-face' }] } } } },
      { status: 400, answer: { error: { code: 'USAGE', message: expect.stringContaining('DASH') } } },
    ])
    expect(engine.people()).toEqual([])
  }, 180_000)
})

describe('requests with photos', () => {
  const never: EnrollPhotos = async () => {
    throw new Error('nothing may come here')
  }

  it('are refused without a name, without a photo, with too many or too much', async () => {
    const { post, path } = await openWithPhotos(never)
    const png = Uint8Array.from(await quarters().png().toBuffer())
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`${i}.png`, png]))
    const large = { 'large.jpg': new Uint8Array(33 * 1024 ** 2) }
    const together = Object.fromEntries([1, 2, 3].map((i) => [`${i}.jpg`, new Uint8Array(31 * 1024 ** 2)]))
    expect(await post(path, form(null, { 'a.png': png }))).toMatchObject({
      status: 400,
      answer: { error: { code: 'USAGE' } },
    })
    expect(await post(path, form('A\u202eda', { 'a.png': png }))).toMatchObject({ status: 400 })
    expect(await post(path, form('Ada', {}))).toMatchObject({
      status: 400,
      answer: { error: { message: expect.stringContaining('no photo') } },
    })
    expect(await post(path, png, 'image/png')).toMatchObject({
      status: 400,
      answer: { error: { message: expect.stringMatching(/^name/) } },
    })
    expect(await post(path, form('Ada', many))).toMatchObject({ status: 413 })
    expect(await post(path, form('Ada', large))).toMatchObject({ status: 413 })
    expect(await post(path, form('Ada', together))).toMatchObject({ status: 413 })
    expect(await post(`${path}?name=Ada`, new Uint8Array(33 * 1024 ** 2), 'image/png')).toMatchObject({ status: 413 })
  })

  it('are refused when the form is broken', async () => {
    const { post, path } = await openWithPhotos(never)
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=a'])
      for (const body of ['', 'x', '--a\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\nabc'])
        expect(await post(path, bytesOf(body), type)).toMatchObject({
          status: 400,
          answer: { error: { code: 'USAGE' } },
        })
  })

  it('wait for each other outside: only three are taken at once', async () => {
    const under = Promise.withResolvers<void>()
    let taken = 0
    const all = Promise.withResolvers<void>()
    const { post, path } = await openWithPhotos(async () => {
      if (++taken === 3) all.resolve()
      await under.promise
      throw new Error('over')
    })
    const png = Uint8Array.from(await quarters().png().toBuffer())
    const first = [1, 2, 3].map(() => post(path, form('Ada', { 'a.png': png })))
    await all.promise
    expect(await post(path, form('Ada', { 'a.png': png }))).toMatchObject({
      status: 503,
      answer: { error: { code: 'BUSY' } },
    })
    under.resolve()
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([500, 500, 500])
  })

  it('are taken by few routes only', async () => {
    const { post } = await openWithPhotos(never)
    expect(await post('/api/people/merge', form('Ada', {}))).toMatchObject({ status: 415 })
  })
})

describe('the process that measures', () => {
  it('ends when nobody asks, and is started again', async () => {
    const measuring = openMeasuringElsewhere(models, { callMs: 60_000, idleMs: 1 })
    onTestFinished(() => measuring.close())
    const photo = { file: 'a.png', bytes: Uint8Array.from(await quarters().png().toBuffer()) }
    for (let i = 0; i < 2; i++)
      expect((await measuring.measure([photo])).photos).toMatchObject([{ file: 'a.png', faces: [] }])
  }, 180_000)

  it('is killed when it takes too long', async () => {
    const measuring = openMeasuringElsewhere(models, { callMs: 1, idleMs: 60_000 })
    onTestFinished(() => measuring.close())
    await expect(measuring.measure([])).rejects.toMatchObject({
      code: 'PIPELINE',
      message: expect.stringContaining('SIGKILL'),
    })
  })

  it('names a model that is not there', async () => {
    const measuring = openMeasuringElsewhere(modelOptions.parse({ directory: '/nowhere' }))
    onTestFinished(() => measuring.close())
    await expect(measuring.measure([])).rejects.toMatchObject({ code: 'MODEL_MISSING' })
  }, 180_000)
})
