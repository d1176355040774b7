import { parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import type { Sighting } from '../../src/events/types.ts'
import type { FindSightings } from '../../src/server/sightings-routes.ts'
import type { Person } from '../../src/types.ts'
import { eventually } from '../support/eventually.ts'
import { openServer } from './open-server.ts'

const nineMs = Date.UTC(2026, 2, 2, 9)
const names = ['=HYPERLINK("x")', 'Zoë, "the" boss\nof', null, 'عائشة 👩‍🚀']
const all: readonly Sighting[] = Array.from({ length: 1203 }, (_, i) => ({
  sighting: `door/s1/${i}/0`,
  person: `p-${i % 4}`,
  camera: 'door',
  fromMs: nineMs + i * 1000,
  untilMs: nineMs + i * 1000 + 500,
  frames: i,
  tracks: [`door/s1/${i}`],
  ended: i > 0,
}))
const people: readonly Person[] = names.map((name, i) => ({
  id: `p-${i}`,
  name,
  archived: false,
  createdAtMs: 1,
  lastSeenAtMs: 2,
  lastCamera: 'door',
  tracks: 1,
  faces: 5,
}))
/** As the real one: pages with a cursor. */
const find: FindSightings = ({ limit, cursor, camera }) => {
  const from = cursor === undefined ? 0 : Number(cursor)
  const selected = all.filter((one) => camera === undefined || one.camera === camera)
  const next = from + limit < selected.length ? String(from + limit) : null
  return { sightings: selected.slice(from, from + limit), next }
}
const open = async () => (await openServer({}, { sightings: find, people: () => people })).get

/** Parses RFC 4180. */
const cells = (csv: string): string[][] => {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  return rows.filter((row) => row.length > 1)
}

test('CSV has every sighting that is selected, and no formula of anybody’s name', async () => {
  const get = await open()
  const response = await get('/api/sightings?format=csv&limit=5')
  const { headers } = response
  expect([headers.get('content-type'), headers.get('content-disposition')]).toEqual([
    'text/csv; charset=utf-8',
    'attachment; filename="sightings.csv"',
  ])
  const [head, ...rows] = cells(await response.text())
  expect(head).toEqual([
    'sighting',
    'person',
    'name',
    'camera',
    'from',
    'until',
    'seconds',
    'frames',
    'tracks',
    'ended',
  ])
  expect(rows).toHaveLength(all.length)
  expect(rows.slice(0, 4).map((row) => row[2])).toEqual([`'${names[0]}`, names[1], '', names[3]])
  expect(rows[1]).toEqual([
    'door/s1/1/0',
    'p-1',
    names[1],
    'door',
    '2026-03-02T09:00:01.000Z',
    '2026-03-02T09:00:01.500Z',
    '0.5',
    '1',
    '1',
    'true',
  ])
})

test('JSON has them as the API says them, with names', async () => {
  const get = await open()
  const answer = (await (await get('/api/sightings?format=json')).json()) as { sightings: object[] }
  expect(answer.sightings).toEqual(all.map((one, i) => ({ ...one, name: names[i % 4] })))
})

test('Parquet is read by another library, with types', async () => {
  const get = await open()
  const response = await get('/api/sightings?format=parquet')
  expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet')
  const rows = await parquetReadObjects({ file: await response.arrayBuffer() })
  expect(rows).toHaveLength(all.length)
  expect(rows.slice(0, 3)).toEqual(
    all.slice(0, 3).map(({ fromMs, untilMs, tracks, ...one }, i) => ({
      ...one,
      name: names[i],
      from: new Date(fromMs),
      until: new Date(untilMs),
      tracks: tracks.length,
    })),
  )
})

test('nothing selected is an empty file; an unknown format is refused', async () => {
  const get = await open()
  expect((await (await get('/api/sightings?format=csv&camera=hall')).text()).split('\r\n')).toHaveLength(2)
  expect(await (await get('/api/sightings?format=json&camera=hall')).json()).toEqual({ sightings: [] })
  const empty = await (await get('/api/sightings?format=parquet&camera=hall')).arrayBuffer()
  expect(await parquetReadObjects({ file: empty })).toEqual([])
  const response = await get('/api/sightings?format=xlsx')
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { message: 'format: expected csv, json, parquet' } },
  ])
})

test('two exports at once, whoever asks: a third is told to try again, and one that is given up makes room', async () => {
  const endless: FindSightings = ({ limit }) => ({ sightings: all.slice(0, limit), next: '0' })
  const { get } = await openServer({}, { sightings: endless, people: () => people })
  const path = '/api/sightings?format=csv'
  const leaving = new AbortController()
  const first = [await get(path, { signal: leaving.signal }), await get(path, { signal: leaving.signal })]
  expect(first.map(({ status }) => status)).toEqual([200, 200])
  const third = await get(path)
  expect([third.status, third.headers.get('retry-after'), await third.json()]).toMatchObject([
    503,
    '5',
    { error: { code: 'BUSY', message: '2 exports are under way; try again' } },
  ])
  expect((await get('/api/sightings')).status).toBe(200)
  leaving.abort()
  await eventually(async () => {
    const next = new AbortController()
    const { status } = await get(path, { signal: next.signal })
    next.abort()
    expect(status).toBe(200)
  })
})
