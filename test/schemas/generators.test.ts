import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compileFromFile } from 'json-schema-to-typescript'
import { expect, onTestFinished, test } from 'vitest'
import { eventSchemas } from '../../contract/json-schema.ts'
import { fewFps, watchFootage } from '../support/watch-footage.ts'

const root = resolve(import.meta.dirname, '../..')

/** What a consumer writes with the generated types. A line with `@ts-expect-error` has to be a mistake. */
const consumer = (events: readonly object[]) => `import type { RollcallEvent } from './events.ts'
export const events: readonly RollcallEvent[] = ${JSON.stringify(events)}
export const names = events.flatMap((event) =>
  event.type === 'rollcall.person.named.v1' ? [event.data.name?.toUpperCase() ?? event.data.person] : [])
export const boxes = events.flatMap((event) =>
  event.type === 'rollcall.frame.v1' ? event.data.faces.map(({ box: { x, y } }) => x * y) : [])
// @ts-expect-error a type of event that there is not
export const unheard: RollcallEvent['type'] = 'rollcall.person.sneezed.v1'
// @ts-expect-error data of another event
export const other = events.map((event) => event.type === 'rollcall.frame.v1' && event.data.into.length)
`

test('json-schema-to-typescript makes types that hold real events and tell them apart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-generated-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const types = await compileFromFile(join(root, 'schemas/rollcall.events.json'), { format: false })
  writeFileSync(join(folder, 'events.ts'), types)
  const real = new Map((await watchFootage(fewFps)).map((event) => [event.type, event]))
  const examples = [...eventSchemas().values()].flatMap((schema) => schema.examples)
  writeFileSync(join(folder, 'consumer.ts'), consumer([...real.values(), ...examples]))
  const options = '--noEmit --strict --target esnext --module nodenext --allowImportingTsExtensions --ignoreConfig'
  const compiler = join(root, 'node_modules/.bin/tsc')
  const said = spawnSync(compiler, [...options.split(' '), 'consumer.ts'], { cwd: folder, encoding: 'utf8' })
  expect(said.stdout).toBe('')
  expect(said.status).toBe(0)
}, 240_000)
