import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { ColumnSource } from 'hyparquet-writer'
import type { Sighting } from '../events/types.ts'
import type { PersonId } from '../types.ts'
import type { FindSightings, SightingsRequest } from './sightings-routes.ts'

/** The kinds of files that sightings are exported as. */
export const exportFormats = ['csv', 'json', 'parquet'] as const
/** One of them. */
export type ExportFormat = (typeof exportFormats)[number]

/** A person's name; null without one. */
export type NameOf = (person: PersonId) => string | null

/** Sightings that are read between two turns of the event loop: some milliseconds. */
const readTogether = 500

/** Every sighting that the request selects, page by page; those that became known last come first. */
async function* pagesOf(find: FindSightings, request: SightingsRequest): AsyncGenerator<readonly Sighting[]> {
  let cursor = request.cursor
  do {
    const page = find({ ...request, limit: readTogether, cursor })
    yield page.sightings
    cursor = page.next ?? undefined
    await setImmediate()
  } while (cursor !== undefined)
}

const columns = [
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
] as const

const rowOf = (
  one: Sighting,
  nameOf: NameOf,
): Readonly<Record<(typeof columns)[number], string | number | boolean>> => ({
  sighting: one.sighting,
  person: one.person,
  name: nameOf(one.person) ?? '',
  camera: one.camera,
  from: new Date(one.fromMs).toISOString(),
  until: new Date(one.untilMs).toISOString(),
  seconds: (one.untilMs - one.fromMs) / 1000,
  frames: one.frames,
  tracks: one.tracks.length,
  ended: one.ended,
})

/** RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV injection"). */
const csvCell = (value: string | number | boolean): string => {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

async function* asCsv(pages: AsyncIterable<readonly Sighting[]>, nameOf: NameOf): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`
  for await (const page of pages) {
    const rows = page.map((one) => rowOf(one, nameOf)).map((row) => columns.map((name) => csvCell(row[name])).join(','))
    yield rows.map((row) => `${row}\r\n`).join('')
  }
}

async function* asJson(pages: AsyncIterable<readonly Sighting[]>, nameOf: NameOf): AsyncGenerator<string> {
  yield '{"sightings":['
  let separator = '\n'
  for await (const page of pages)
    for (const one of page) {
      yield `${separator}${JSON.stringify({ ...one, name: nameOf(one.person) })}`
      separator = ',\n'
    }
  yield '\n]}\n'
}

/** The columns of some rows; times are Parquet's, in UTC. */
const columnData = (page: readonly Sighting[], nameOf: NameOf): ColumnSource[] => [
  { name: 'sighting', type: 'STRING', nullable: false, data: page.map(({ sighting }) => sighting) },
  { name: 'person', type: 'STRING', nullable: false, data: page.map(({ person }) => person) },
  { name: 'name', type: 'STRING', nullable: true, data: page.map(({ person }) => nameOf(person)) },
  { name: 'camera', type: 'STRING', nullable: false, data: page.map(({ camera }) => camera) },
  { name: 'from', type: 'TIMESTAMP', nullable: false, data: page.map(({ fromMs }) => new Date(fromMs)) },
  { name: 'until', type: 'TIMESTAMP', nullable: false, data: page.map(({ untilMs }) => new Date(untilMs)) },
  { name: 'frames', type: 'INT32', nullable: false, data: page.map(({ frames }) => frames) },
  { name: 'tracks', type: 'INT32', nullable: false, data: page.map(({ tracks }) => tracks.length) },
  { name: 'ended', type: 'BOOLEAN', nullable: false, data: page.map(({ ended }) => ended) },
]

/** Rows of one row group: readers skip whole ones. */
const rowGroup = 10_000

async function* asParquet(pages: AsyncIterable<readonly Sighting[]>, nameOf: NameOf): AsyncGenerator<Uint8Array> {
  // Loaded when it is asked for: it takes memory, and a part of the start.
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer')
  const writer = new ByteWriter()
  const parquet = new ParquetWriter({ writer, schema: schemaFromColumnData({ columnData: columnData([], nameOf) }) })
  const taken = (): Uint8Array => {
    const bytes = Uint8Array.from(writer.getBytes())
    writer.index = 0
    return bytes
  }
  let rows: Sighting[] = []
  const write = async (): Promise<Uint8Array> => {
    await parquet.write({ columnData: columnData(rows, nameOf), rowGroupSize: rowGroup })
    rows = []
    return taken()
  }
  for await (const page of pages) {
    rows.push(...page)
    if (rows.length >= rowGroup) yield await write()
  }
  if (rows.length > 0) yield await write()
  await parquet.finish()
  yield taken()
}

const kinds = {
  csv: { type: 'text/csv; charset=utf-8', write: asCsv },
  json: { type: 'application/json; charset=utf-8', write: asJson },
  parquet: { type: 'application/vnd.apache.parquet', write: asParquet },
} as const

/** The exports that are no JSON, for the OpenAPI document. */
export const exportContent = {
  'text/csv': { schema: { type: 'string' } },
  [kinds.parquet.type]: { schema: { type: 'string', format: 'binary' } },
}

/** Sends every sighting that the request selects as a file. It is written while it is sent, whatever its length. */
export const sendExport = (
  reply: FastifyReply,
  format: ExportFormat,
  {
    find,
    request,
    nameOf,
  }: { readonly find: FindSightings; readonly request: SightingsRequest; readonly nameOf: NameOf },
): FastifyReply => {
  // An error of the request is thrown before anything is sent.
  find({ ...request, limit: 1 })
  const { type, write } = kinds[format]
  const parts: AsyncIterable<string | Uint8Array> = write(pagesOf(find, request), nameOf)
  return reply
    .header('content-type', type)
    .header('content-disposition', `attachment; filename="sightings.${format}"`)
    .send(Readable.from(parts, { objectMode: true }))
}
