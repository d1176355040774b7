import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { eventSchemas } from '../../contract/json-schema.ts'
import { rollcall } from '../integration/rollcall.ts'
import { apiDocument, httpTypesFile, typesOf } from '../server/http-types.ts'
import { madeOnce } from '../support/made-once.ts'
import { fewFps, footage, watchFootage } from '../support/watch-footage.ts'

const generators = join(import.meta.dirname, 'generators.txt')
const pip = 'install --quiet --disable-pip-version-check --root-user-action=ignore --requirement'

/** With the generated modules `events` and `client` in it. */
const folder = mkdtempSync(join(tmpdir(), 'rollcall-generated-'))
let environment: NodeJS.ProcessEnv
let warnings = ''

beforeAll(async () => {
  const packages = await madeOnce('generators', [generators], async (directory) => {
    execFileSync('python3', ['-m', 'pip', ...pip.split(' '), generators, '--target', directory])
  })
  const path = `${join(packages, 'bin')}:${process.env.PATH}`
  environment = { ...process.env, PATH: path, PYTHONPATH: `${packages}:${folder}`, PYTHONDONTWRITEBYTECODE: '1' }
  const python = (module: string, ...args: readonly string[]) => {
    const said = spawnSync('python3', ['-m', module, ...args], { cwd: folder, env: environment, encoding: 'utf8' })
    if (said.status !== 0) throw new Error(`${module}: ${said.stdout}${said.stderr}`)
    return said.stdout + said.stderr
  }
  const schema = resolve(import.meta.dirname, '../../schemas/rollcall.events.json')
  const models = '--output-model-type pydantic_v2.BaseModel --collapse-root-models --formatters builtin'
  python('datamodel_code_generator', '--input', schema, '--output', 'events.py', ...models.split(' '))
  writeFileSync(join(folder, 'openapi.json'), await apiDocument())
  const client = 'generate --path openapi.json --meta none --output-path client'
  warnings = python('openapi_python_client', ...client.split(' '))
  cpSync(join(import.meta.dirname, 'generators.py'), join(folder, 'consumer.py'))
}, 300_000)

afterAll(() => rmSync(folder, { recursive: true }))

/** Times as milliseconds: the classes write them in another form. */
const plain = (event: object) => ({ ...event, time: Date.parse((event as { time: string }).time) })

test('datamodel-code-generator makes classes that take every event, and give it back as it was', async () => {
  const examples = [...eventSchemas().values()].flatMap((schema) => schema.examples as readonly object[])
  const events = [...examples, ...(await watchFootage(fewFps))]
  const input = events.map((event) => `${JSON.stringify(event)}\n`).join('')
  const said = spawnSync('python3', ['consumer.py'], {
    cwd: folder,
    env: environment,
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  expect(said.stderr).toBe('')
  const back = said.stdout.trim().split('\n')
  expect(back.map((line) => plain(JSON.parse(line)))).toEqual(JSON.parse(JSON.stringify(events.map(plain))))
})

test('openapi-python-client makes a client that reads and changes a running Rollcall', async () => {
  const camera = ['--camera', `cafe=${join(footage, 'cafe.mp4')}`]
  const run = rollcall(['run', ...camera, '--http', '127.0.0.1:0', '--events', '-', '--state', join(folder, 'state')])
  onTestFinished(async () => {
    run.kill('SIGINT')
    await run.exited
  })
  await run.until('somebody is known', () => run.events.some(({ type }) => type === 'rollcall.person.created.v1'))
  const url = await run.until('the address', () => /http:\/\/127\.0\.0\.1:\d+/.exec(run.stderr())?.[0])
  const { stdout } = await promisify(execFile)('python3', ['consumer.py', url], { cwd: folder, env: environment })
  expect(JSON.parse(stdout)).toEqual({
    names: ['Ada'],
    refused: 'PERSON_UNKNOWN',
    // Only what was given, and not taken out again: a client that sends defaults would have others here.
    settings: { latencyMs: 300 },
    cameras: ['cafe', 'roof'],
    left: ['cafe'],
    events: 5,
  })
})

test('openapi-python-client leaves out only photos as a body or as an answer', () => {
  const left = [...warnings.matchAll(/^WARNING parsing (.+) within default/gm)].map(([, operation]) => operation)
  const taking = ['objections', 'people/enroll', 'people/search'].map((path) => `POST /api/${path}`)
  expect(left.sort()).toEqual(['GET /api/photos/{id}', ...taking])
})

test('openapi-typescript makes the types of the client package', async () => {
  expect(typesOf(await apiDocument())).toBe(readFileSync(httpTypesFile, 'utf8'))
})
