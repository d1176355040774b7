import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { commandSchemas } from '../../contract/command-results.ts'
import { cluster } from '../../src/commands/cluster.ts'
import { recognise } from '../../src/commands/recognise.ts'
import { relabel } from '../../src/commands/relabel.ts'
import { verifyCommand } from '../../src/commands/verify.ts'
import { close } from '../schemas/close.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { partOf, scratchDirectory } from '../support/footage.ts'
import { calling } from './called.ts'

const folder = new URL('../../schemas/commands/', import.meta.url).pathname
const committed = new Map(
  readdirSync(folder).map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(folder, file), 'utf8'))]),
)

/** What is wrong with a result; a field that no schema has is wrong too. */
const faultsOf = (command: string, json: string): readonly string[] => {
  const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
    close(committed.get(command)) as object,
  )
  const result: unknown = JSON.parse(json)
  if (validate(result)) return []
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
  )
}

it('the committed schemas are those of the contract', () => {
  expect(Object.fromEntries(committed)).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(commandSchemas()))))
})

it('a field that is missing, of another type or not in the schema is a fault', () => {
  const lists = { people: [], poor: [], withoutFace: [], unreadable: [] }
  const result = { ...lists, method: 'dbscan', threshold: 0.4, embedder: 'e', scores: null, byMethod: null }
  const faults = (over: object) => faultsOf('cluster', JSON.stringify({ ...result, ...over })).length
  expect([faults({}), faults({ poor: undefined }), faults({ threshold: '0.4' }), faults({ more: 1 })]).toEqual([
    0, 1, 1, 1,
  ])
})

describe.skipIf(!canCutPhotos)('what commands print with --json fits their schemas', () => {
  const verify = calling(verifyCommand)
  let cast = ''
  beforeAll(async () => {
    cast = await castPhotos()
  }, 150_000)
  /** Two photos of each of two people, and a file that is none. */
  const few = (): string => {
    const to = scratchDirectory()
    for (const photo of ['ada/gate-4.jpg', 'ada/street-2.jpg', 'ben/gate-6.jpg', 'ben/lobby-8.jpg']) {
      mkdirSync(join(to, dirname(photo)), { recursive: true })
      copyFileSync(join(cast, photo), join(to, photo))
    }
    writeFileSync(join(to, 'ben/broken.jpg'), 'no photo')
    return to
  }

  it.each([
    ['two photos', (photos: string) => [join(photos, 'ada/gate-4.jpg'), join(photos, 'ben/broken.jpg')]],
    ['a photo and a folder', (photos: string) => [join(photos, 'ada/gate-4.jpg'), join(photos, 'ben')]],
  ])('verify: %s', async (_, words) => {
    expect(faultsOf('verify', (await verify(...words(few()), '--json')).stdout)).toEqual([])
  })

  it('recognise', async () => {
    const photos = few()
    const { stdout } = await calling(recognise)(photos, '--gallery', photos, '--truth', '--json')
    expect(faultsOf('recognise', stdout)).toEqual([])
  })

  it('cluster', async () => {
    const photos = few()
    const words = [photos, '--method', 'all', '--truth', '--out', join(photos, 'out'), '--json']
    expect(faultsOf('cluster', (await calling(cluster)(...words)).stdout)).toEqual([])
  })

  it('relabel', async () => {
    const video = await partOf('cafe', 0, 2, join(scratchDirectory(), 'cafe.mp4'))
    const { stdout } = await calling(relabel)(video, '--out', join(scratchDirectory(), 'out'), '--json')
    expect(faultsOf('relabel', stdout)).toEqual([])
    expect(JSON.parse(stdout).frames).toBeGreaterThan(10)
  }, 60_000)
})
