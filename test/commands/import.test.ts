import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { importLibrary } from '../../src/commands/import.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { calling } from './called.ts'
import { calledWith } from './people/called.ts'

const called = calling(importLibrary)
const key = 'e3b0c442-98fc-1c14-9afb-f4c8996fb924'

/** What CompreFace's REST API says of a collection (docs/Rest-API-description.md there), two faces a page. `null` is no picture. */
const openCompreface = async (faces: readonly (readonly [subject: string, image: Buffer | null])[]) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    asked.push(pathname)
    const image = /^\/api\/v1\/recognition\/faces\/face-(\d+)\/img$/.exec(pathname)?.[1]
    if (request.headers['x-api-key'] !== key) response.writeHead(401).end('{"code":3}')
    else if (image !== undefined) response.end(faces[Number(image)]?.[1] ?? '')
    else if (pathname !== '/api/v1/recognition/faces') response.writeHead(404).end()
    else {
      const [page, size] = [Number(searchParams.get('page')), 2]
      const listed = faces.map(([subject], i) => ({ image_id: `face-${i}`, subject }))
      const part = listed.slice(page * size, (page + 1) * size)
      const of = { page_number: page, page_size: size, total_elements: faces.length }
      response.end(JSON.stringify({ faces: part, ...of, total_pages: Math.ceil(faces.length / size) }))
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

describe.skipIf(!canCutPhotos)('import', () => {
  /** Up to four photos of each, by name. */
  const photos = new Map<string, readonly string[]>()
  beforeAll(async () => {
    const directory = await castPhotos()
    for (const name of readdirSync(directory))
      photos.set(
        name,
        readdirSync(join(directory, name)).map((file) => join(directory, name, file)),
      )
  }, 150_000)
  const of = (name: string): readonly string[] => photos.get(name) ?? []

  /** Frigate keeps what its detector saw as a face, and little around it. */
  const keptByFrigate = async (file: string, to: string): Promise<void> => {
    const { width } = await sharp(file).metadata()
    const [side, at] = [Math.round(width * 0.6), Math.round(width * 0.2)]
    const crop = sharp(file).extract({ left: at, top: at, width: side, height: side })
    await crop.webp({ quality: 100 }).toFile(join(to, `${basename(file, '.jpg')}.webp`))
  }
  const frigateMedia = async (): Promise<string> => {
    const media = temporaryDirectory()
    for (const [name, folder] of [
      ['ada', 'Ada_Lovelace'],
      ['gus', 'Gus'],
      ['chen', 'train'],
    ] as const) {
      const to = join(media, 'clips', 'faces', folder)
      mkdirSync(to, { recursive: true })
      for (const file of of(name)) await keptByFrigate(file, to)
    }
    mkdirSync(join(media, 'clips', 'faces', 'Nobody'))
    symlinkSync('Gone', join(media, 'clips', 'faces', 'Dangling'))
    symlinkSync('/dev/null', join(media, 'clips', 'faces', 'File'))
    writeFileSync(join(media, 'clips', 'faces', 'Gus', 'broken.webp'), 'RIFF')
    return media
  }

  test('takes who has a name in Frigate, and leaves out whom it has only guessed', async () => {
    const state = temporaryDirectory()
    const media = await frigateMedia()
    const { code, stdout, stderr } = await called('frigate', media, '--state', state)
    expect([code, stderr]).toEqual([3, ''])
    for (const line of [
      /^skipped {3}.*train: faces that Frigate has guessed/m,
      /^skipped {3}.*Nobody: there is no photo/m,
      /^skipped {3}.*Dangling: it does not exist$/m,
      /^skipped {3}.*File: it is no folder$/m,
      /^\[1\/2\] Ada Lovelace: 3 photos$/m,
      /^refused {3}.*broken\.webp: /m,
      /^2 of 2 people enrolled, 7 of 8 photos accepted$/m,
    ])
      expect(stdout).toMatch(line)
    const { people } = await calledWith('--state', state).json('list')
    expect(people.map(({ name }: { name: string }) => name)).toEqual(['Ada Lovelace', 'Gus'])
    expect((await called('frigate', join(media, 'clips', 'faces'), '--state', state, '--json')).code).toBe(3)
    expect((await calledWith('--state', state).json('list')).people).toHaveLength(2)
  })

  test('takes the collection of a running CompreFace, page by page, and says which pictures it no longer has', async () => {
    const state = temporaryDirectory()
    const { url, asked } = await openCompreface([
      ...of('gus').map((file) => ['Gus', readFileSync(file)] as const),
      ['Gus', null],
      ['bad\u200dname', readFileSync(of('ada')[0] ?? '')],
      ...of('ada').map((file) => ['Ada', readFileSync(file)] as const),
    ])
    vi.stubEnv('COMPREFACE_API_KEY', key)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { code, stdout } = await called('compreface', `${url}/`, '--state', state)
    expect(code).toBe(3)
    expect(stdout).toMatch(/^refused {3}Gus\/face-4: has no picture any more; .*embeddings only/m)
    expect(stdout).toMatch(/^refused {3}bad.*name: .*control or format characters/m)
    expect(stdout).toMatch(/^2 of 3 people enrolled, 7 of 9 photos accepted$/m)
    expect(asked.filter((path) => path.endsWith('/faces'))).toHaveLength(5)
    const ask = calledWith('--state', state)
    const { person } = await ask.json('show', 'Gus')
    // The same person by Frigate's crops: what a photo looks like elsewhere does not matter.
    await called('frigate', await frigateMedia(), '--state', state)
    expect((await ask.json('show', 'Gus')).person.id).toBe(person.id)
    expect((await ask.json('show', 'Gus')).person.spread).toBeGreaterThan(0.6)
  })

  test('takes a folder by subject, too', async () => {
    const folder = temporaryDirectory()
    for (const file of of('ada')) {
      mkdirSync(join(folder, 'Ada'), { recursive: true })
      cpSync(file, join(folder, 'Ada', basename(file)))
    }
    const { code, stdout } = await called('compreface', folder, '--state', temporaryDirectory(), '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).people).toMatchObject([{ name: 'Ada', photos: [{}, {}, {}] }])
  })
})

test('a wrong key, address or program is named, and the key is not', async () => {
  const { url } = await openCompreface([])
  const asking = async (given: string, ...args: readonly string[]) => {
    vi.stubEnv('COMPREFACE_API_KEY', given)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { code, stderr } = await called(...args, '--state', temporaryDirectory())
    expect([code, stderr.includes('not-it')]).toEqual([2, false])
    return stderr
  }
  expect(await asking('not-it', 'compreface', url)).toMatch(/CompreFace answered 401 .*COMPREFACE_API_KEY/)
  expect(await asking('', 'compreface', url)).toMatch(/asks for a key/)
  expect(await asking(key, 'compreface', url)).toMatch(/no faces in this collection/)
  expect(await asking(key, 'compreface', `${url}/ui`)).toMatch(/answered 404/)
  expect(await asking(key, 'compreface', 'http://127.0.0.1:1')).toMatch(/cannot be asked/)
  expect(await asking(key, 'compreface', 'http://ada:not-it@127.0.0.1:1')).toMatch(/no such address/)
  expect(await asking(key, 'compreface', '/nowhere')).toMatch(/\/nowhere does not exist/)
  expect(await asking(key, 'frigate', '/nowhere')).toMatch(
    /\/nowhere does not exist — name the media directory of Frigate/,
  )
  expect(await asking(key, 'frigate')).toMatch(/expected where its photos are/)
  expect(await asking(key, 'immich', '/nowhere')).toMatch(/there is no program "immich"/)
})
