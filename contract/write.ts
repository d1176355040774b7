import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { asyncApi, asyncApiName } from './asyncapi/document.ts'
import { breakingChanges } from './breaking.ts'
import { clientProtocol } from './client-protocol.ts'
import { clientTypes } from './client-types.ts'
import { commandSchemas } from './command-results.ts'
import { eventTables, withTables } from './event-tables.ts'
import { type EventSchema, eventSchemas } from './json-schema.ts'
import { oneSchema, oneSchemaName } from './one-schema.ts'

/**
 * `npm run schemas` writes from contract: schemas/ (a schema for each event, all events in rollcall.events.json, topics and
 * messages in rollcall.asyncapi.json, and in schemas/commands what commands print with --json), the tables of docs/events.md,
 * and the types of client/src/events.ts and client/src/protocol.ts. `npm run schemas -- --freeze` also makes them the contract
 * that later changes are compared with; it refuses changes that break those, unless `--break` is given too, which is for
 * versions before 1.0.
 */
const folder = resolve(import.meta.dirname, '../schemas')
const baseline = join(folder, 'baseline')
const docs = resolve(folder, '../docs/events.md')
const ofClient = (file: string): string => resolve(folder, '../client/src', file)

const write = (directory: string, schemas: ReadonlyMap<string, object>): void => {
  mkdirSync(directory, { recursive: true })
  for (const file of readdirSync(directory)) if (file.endsWith('.json')) rmSync(join(directory, file))
  for (const [type, schema] of schemas) {
    writeFileSync(join(directory, `${type}.json`), `${JSON.stringify(schema, null, 2)}\n`)
  }
}

/** Formats TypeScript as the project does. Throws when `node_modules/.bin/biome` fails. */
export const formatted = (text: string, file: string): string => {
  const biome = resolve(import.meta.dirname, '../node_modules/.bin/biome')
  return execFileSync(biome, ['format', `--stdin-file-path=${file}`], { input: text, encoding: 'utf8' })
}

/** The schemas in a folder, by type of event. Throws what reading or parsing a file throws. */
export const readSchemas = (directory: string): ReadonlyMap<string, EventSchema> =>
  new Map(
    readdirSync(directory)
      .filter((file) => /\.v\d+\.json$/.test(file))
      .map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(directory, file), 'utf8'))]),
  )

if (import.meta.main) {
  const schemas = eventSchemas()
  if (process.argv.includes('--freeze')) {
    mkdirSync(baseline, { recursive: true })
    const breaks = breakingChanges(readSchemas(baseline), schemas)
    if (breaks.length > 0 && !process.argv.includes('--break')) {
      console.error(`these changes break consumers; make a new version of the event instead:\n${breaks.join('\n')}`)
      process.exit(1)
    }
    write(baseline, schemas)
  }
  write(folder, new Map<string, object>([...schemas, [oneSchemaName, oneSchema(schemas)], [asyncApiName, asyncApi()]]))
  write(join(folder, 'commands'), commandSchemas())
  writeFileSync(docs, withTables(readFileSync(docs, 'utf8'), eventTables()))
  writeFileSync(ofClient('events.ts'), formatted(clientTypes(), 'events.ts'))
  writeFileSync(ofClient('protocol.ts'), formatted(clientProtocol(), 'protocol.ts'))
}
