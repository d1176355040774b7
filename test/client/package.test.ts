import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openServer } from '../server/open-server.ts'
import { personCreated } from '../sinks/events.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../..')
const npm = (args: readonly string[], cwd: string) =>
  run('npm', [...args, '--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--cache', join(folder, '.npm')], {
    cwd,
  })

/** A project of somebody else, with nothing but the packed client. */
let folder: string
let files: readonly string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-client-'))
  await run(process.execPath, [join(root, 'client/build.ts'), join(folder, 'built')])
  const { stdout } = await npm(['pack', join(folder, 'built'), '--json', '--pack-destination', folder], folder)
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  files = packed.files.map(({ path }) => path)
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'elsewhere', private: true, type: 'module' }))
  await npm(['install', `./${packed.filename}`], folder)
})
afterAll(() => rm(folder, { recursive: true }))

test('the package has JavaScript, types, a README and the licence, and no sources', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'index.js',
      'index.d.ts',
      'elements/index.js',
      'http.d.ts',
      'README.md',
      'LICENSE',
      'package.json',
    ]),
  )
  expect(files.filter((file) => !/\.(js|d\.ts)$|^(README\.md|LICENSE|package\.json)$/.test(file))).toEqual([])
})

test('a program elsewhere connects by it and gets typed events', async () => {
  const { server, sink } = await openServer()
  const program = `
    import { connect } from '@rollcall/client'
    const client = connect({ url: process.argv[2] })
    client.onSnapshot(({ snapshot }) => console.log(snapshot.people.length))
    client.on('rollcall.person.created.v1', ({ data }) => {
      console.log(client.people.get(data.person).id)
      client.close()
    })
  `
  await writeFile(join(folder, 'consumer.js'), program)
  const child = run(process.execPath, ['consumer.js', server.url], { cwd: folder })
  child.child.stdout?.once('data', () => void sink.publish([personCreated('p-9', 'door')]))
  expect((await child).stdout).toBe('1\np-9\n')
})

test.each([
  ['bundler', 'esnext', 'esnext,dom'],
  ['nodenext', 'nodenext', 'esnext,dom'],
])('its types hold by themselves: module resolution %s', async (moduleResolution, module, lib) => {
  const program = `
    import { connect, createPeople, type EventOf, type FrameFace, type RollcallEvent } from '@rollcall/client'
    import type { paths } from '@rollcall/client/http'
    const client = connect({ url: 'http://127.0.0.1:8080', subscribe: { topics: ['people'] } })
    client.onEvent((event: RollcallEvent) => {
      if (event.type === 'rollcall.person.merged.v1') event.data.into.toUpperCase()
      // @ts-expect-error: a merged event only.
      event.data.into
    })
    export const name = (event: EventOf<'rollcall.person.named.v1'>): string | null => event.data.name
    export const left = (face: FrameFace): number => face.box.x
    export const people = createPeople()
    // @ts-expect-error: there is no such topic.
    client.subscribe({ topics: ['pepole'] })
    export const camerasOf = (answer: paths['/api/cameras']['get']['responses'][200]['content']['application/json']) =>
      answer.cameras.map(({ camera }): string => camera)
  `
  await writeFile(join(folder, 'consumer.ts'), program)
  const options = `--strict --exactOptionalPropertyTypes --noEmit --target es2022 --types none --module ${module} --moduleResolution ${moduleResolution} --lib ${lib}`
  const tsc = join(root, 'node_modules/.bin/tsc')
  await symlink(join(root, 'node_modules/typescript'), join(folder, 'node_modules/typescript')).catch(() => undefined)
  const { stdout } = await run(tsc, [...options.replace('--types none ', '').split(' '), 'consumer.ts'], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error)
  expect(stdout).toBe('')
})
