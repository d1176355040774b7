import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { readManifest } from '../../src/commands/backup/manifest.ts'
import { backup } from '../../src/commands/backup.ts'
import { restore } from '../../src/commands/restore.ts'
import { configSchema } from '../../src/config/config.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { openSpool } from '../../src/sinks/spool/spool.ts'
import { openSite } from '../../src/site/open-site.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'
import { rollcall } from '../integration/rollcall.ts'
import { silent } from '../site/site.ts'
import { story } from '../site/story.ts'
import { eventually } from '../support/eventually.ts'
import { flatJpeg } from '../support/flat-jpeg.ts'
import { calling } from './called.ts'

const backUp = calling(backup)
const restored = calling(restore)

/** A webhook that takes nothing, so that events wait. */
const closedReceiver = async (): Promise<string> => {
  const server = createServer((_request, response) => response.writeHead(503).end()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as { port: number }).port}/`
}

/** A site on a state directory, in this process, without a vision process: everything that a backup is taken of. */
const openRunning = async (state: string, url: string) => {
  const config = configSchema.parse({
    http: { port: 0 },
    identity: { crops: 'disk', reclusterMs: 1000 },
    rules: { somebody: { who: 'anybody' } },
    sinks: { webhooks: { home: { url, secret: `whsec_${'a'.repeat(43)}=`, types: ['people'], allow: ['127.0.0.1'] } } },
  })
  const owner = new AsyncDisposableStack()
  onTestFinished(() => owner.disposeAsync())
  const site = await openSite(config, { untilEnd: false, stateDirectory: state, log: silent }, owner)
  const publish = (events: Parameters<(typeof site.outputs.outboxes)[0]['push']>[0]) =>
    Promise.all(site.outputs.outboxes.map((outbox) => outbox.push(events)))
  return { site, publish, close: () => owner.disposeAsync() }
}

/** Plays the story of six people, of whom one is enrolled, two named, two kept apart, two merged, one deleted. */
const play = async ({ site, publish }: Awaited<ReturnType<typeof openRunning>>): Promise<void> => {
  site.committed.galleryEvents$.subscribe(({ events }) => void publish(events))
  for (const step of story()) {
    if ('act' in step) site.committed.transact((people) => step.act(people))
    else {
      const events = site.committed.update(step.faces)
      site.committed.commit()
      await publish(events)
    }
  }
  const [track = ''] = site.findSightings({ limit: 1 }).sightings[0]?.tracks ?? []
  site.keepCrop({
    track,
    camera: 'door',
    stream: 's1',
    seq: 1,
    capturedAtMs: 1_700_000_000_000,
    quality: 0.9,
    width: 16,
    height: 16,
    jpeg: flatJpeg({ width: 16, height: 16, sampling: [[1, 1]] }),
  })
}

/** All that a state knows. */
const knownIn = (state: string) => {
  const store = openStore(state, { embedder: null })
  try {
    const saved = store.saved()
    const engine = createIdentity(identityOptions.parse({}), { saved })
    return {
      saved,
      people: engine.exportPeople(),
      histories: engine.people().map(({ id }) => store.history(id)),
      sightings: store.sightings.find({
        people: null,
        camera: null,
        fromMs: null,
        untilMs: null,
        before: null,
        limit: 99,
      }),
      settled: store.settled.page({ fromMs: 0, after: 0, limit: 1000 }),
      actions: store.actions.actions(100, null),
    }
  } finally {
    store.close()
  }
}

const waiting = async (state: string): Promise<number> => {
  const directory = join(state, 'webhooks/home')
  const spool = await openSpool(
    { directory, maxBytes: 1 << 28, segmentBytes: 1 << 23, fsync: 'never', fsyncMs: 1000 },
    { onDrop: () => undefined },
  )
  try {
    return spool.lanes.kept.records()
  } finally {
    await spool.close()
  }
}

/** A state in which everything is that a backup has to carry, and a site that has it open. */
const openFull = async () => {
  const root = temporaryDirectory()
  const state = join(root, 'state')
  const running = await openRunning(state, await closedReceiver())
  await play(running)
  writeFileSync(join(state, 'cameras.json'), '{"version":1,"cameras":{},"paused":["door"]}')
  mkdirSync(join(state, 'tls'))
  writeFileSync(join(state, 'tls/cert.pem'), 'a certificate')
  mkdirSync(join(state, '.cache/gstreamer-1.0'), { recursive: true })
  return { root, state, running, copy: join(root, 'copy'), other: join(root, 'other') }
}

test('while it runs: everybody, everything said of them, and what waits is in the copy', async () => {
  const { state, running, copy, other } = await openFull()
  await eventually(() =>
    expect(statSync(join(state, 'webhooks/home/kept/0000000000000001.log')).size).toBeGreaterThan(500),
  )
  const made = await backUp(copy, '--state', state)
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/copy: 6 people, \d+ sightings; \d+ files/) })
  expect(existsSync(join(state, 'snapshot')), 'nothing of the copy stays there').toBe(false)
  expect(statSync(copy).mode & 0o77, 'nobody else may read it').toBe(0)
  expect(existsSync(join(copy, '.cache')), 'it is of libraries').toBe(false)
  await running.close()
  const before = knownIn(state)
  expect([before.saved.aliases.length, before.saved.retired.length]).toEqual([1, 1])
  expect(before.saved.live?.some(({ kind }) => kind === 'rule')).toBe(true)

  expect(await restored(copy, '--state', other)).toMatchObject({ code: 0, stdout: expect.stringContaining('6 people') })
  // Written at the end of the run: how far events were published.
  expect({ ...knownIn(other), saved: null }).toEqual({ ...before, saved: null })
  const { sequence, ...saved } = knownIn(other).saved
  expect({ ...saved, sequence: before.saved.sequence }).toEqual(before.saved)
  expect(sequence, 'what comes next is news').toBeGreaterThan(Date.now() - 600_000)
  expect(await waiting(other), 'what waits').toBe(await waiting(state))
  for (const file of ['cameras.json', 'tls/cert.pem', 'crops.key'])
    expect(readFileSync(join(other, file))).toEqual(readFileSync(join(state, file)))
  expect(statSync(join(other, 'people.db')).mode & 0o77).toBe(0)
})

test('a fresh process knows everybody again, with their pictures, but for an objector', async () => {
  const { state, running, copy, other } = await openFull()
  const people = running.site.service.list()
  const look = direction(randomFrom(99))
  const objection = { id: 'o-1', person: null, faces: [{ embedding: look, quality: 0.9 }], note: null, code: 'hash' }
  running.site.committed.transact((each) => each.object(objection, 1))
  await running.close()
  expect((await backUp(copy, '--state', state)).code).toBe(0)
  expect((await restored(copy, '--state', other)).code).toBe(0)
  const listed = rollcall(['people', 'list', '--json', '--state', other])
  expect(await listed.exited).toBe(0)
  const told = JSON.parse(listed.lines.join('')) as { people: typeof people }
  expect(told.people).toMatchObject(
    people.map(({ id, name, lastSeenAtMs, tracks }) => ({ id, name, lastSeenAtMs, tracks })),
  )
  const again = await openRunning(other, await closedReceiver())
  const pictures = again.site.service.list().flatMap(({ id }) => again.site.photos.ofPerson(id))
  expect(pictures).toHaveLength(1)
  expect(again.site.photos.jpeg(pictures[0]?.id ?? '')).not.toBeNull()
  const faces = [faceOf('yard/s1/1', near(look, 0.3, randomFrom(1)))]
  const events = again.site.committed.update(facesAt(1_800_000_000_000, 1, faces, { camera: 'yard' }))
  expect(events).toMatchObject([{ type: 'rollcall.frame.v1', data: { faces: [], blur: [{ x: 0.1 }] } }])
})

test('is refused where somebody is, where it is in use, from a newer version, and when a byte is wrong', async () => {
  const { root, state, running, copy, other } = await openFull()
  await backUp(copy, '--state', state)
  const says = async (what: RegExp, from = copy, to = other) =>
    expect(await restored(from, '--state', to)).toMatchObject({ code: 1, stderr: expect.stringMatching(what) })
  await says(/STATE: .* is in use by process \d+/, copy, state)
  await running.close()
  await says(/STATE: .*there are people already — Move that directory away/, copy, state)
  expect(await backUp(copy, '--state', state)).toMatchObject({ code: 2, stderr: expect.stringContaining('not empty') })
  expect(await backUp(join(state, 'copy'), '--state', state)).toMatchObject({ code: 2 })
  symlinkSync(state, join(root, 'link'))
  for (const target of [join(state, 'people.db'), join(root, 'link/copy')])
    expect(await backUp(target, '--state', state)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/in the state/),
    })
  expect(await backUp(join(copy, 'crops.key'), '--state', state), 'a file').toMatchObject({ code: 2 })
  expect((await backUp(join(root, 'x'), '--state', join(root, 'nobody'))).stderr).toMatch(/STATE: .*no people/)
  expect(existsSync(join(root, 'x'))).toBe(false)

  const manifest = readFileSync(join(copy, 'backup.json'), 'utf8')
  writeFileSync(join(copy, 'backup.json'), manifest.replace(/"schema": \d+/, '"schema": 999'))
  await says(/STATE: .*made by a newer Rollcall \(.*schema 999.*Restore it with that version/)
  writeFileSync(join(copy, 'backup.json'), manifest.replace('"crops.key"', '"../crops.key"'))
  await says(/STATE: .*is not what this version/)
  writeFileSync(join(copy, 'backup.json'), manifest)
  appendFileSync(join(copy, 'crops.key'), 'x')
  await says(/STATE: .*crops.key is not as backup.json says/)
  rmSync(join(copy, 'crops.key'))
  await says(/STATE: .*crops.key is not as backup.json says/)
  expect(existsSync(other), 'nothing is left of an attempt').toBe(false)
  symlinkSync(join(root, 'away/disk'), other)
  await says(/STATE: /)
  expect(lstatSync(other).isSymbolicLink(), 'what was there before stays').toBe(true)
})

test('a restore that is killed leaves nothing in the way: the next one clears it, and people are not begun beside it', async () => {
  const { state, running, copy, other } = await openFull()
  await running.close()
  await backUp(copy, '--state', state)
  const [file, kept] = [join(copy, 'tls/cert.pem'), readFileSync(join(copy, 'tls/cert.pem'))]
  // Whoever copies it waits for somebody who writes into it.
  rmSync(file)
  execFileSync('mkfifo', [file])
  const run = rollcall(['restore', copy, '--state', other])
  await eventually(() => expect(existsSync(join(other, 'restoring/people.db'))).toBe(true))
  expect(await restored(copy, '--state', other)).toMatchObject({
    stderr: expect.stringMatching(/process \d+ restores/),
  })
  run.kill('SIGKILL')
  await run.exited
  rmSync(file)
  writeFileSync(file, kept)
  // Killed a little later, when something had been moved up already.
  renameSync(join(other, 'restoring/crops.key'), join(other, 'crops.key'))
  const begin = () => openStore(other, { embedder: null }).close()
  expect(begin).toThrow('a backup was being restored there')
  expect(existsSync(join(other, 'people.db'))).toBe(false)
  expect((await restored(copy, '--state', other)).code).toBe(0)
  expect(existsSync(join(other, 'restoring'))).toBe(false)
  // Killed at the very end.
  mkdirSync(join(other, 'restoring'))
  linkSync(join(other, 'people.db'), join(other, 'restoring/people.db'))
  begin()
  expect(existsSync(join(other, 'restoring'))).toBe(false)
  expect(readFileSync(join(other, 'tls/cert.pem'))).toEqual(kept)
})

test('the copy is a whole database of its own', async () => {
  const { state, running, copy } = await openFull()
  await running.close()
  await backUp(copy, '--state', state)
  const { people, files } = readManifest(copy)
  const db = new DatabaseSync(join(copy, 'people.db'), { readOnly: true })
  expect(db.prepare('SELECT count(*) AS count FROM people').get()?.count).toBe(people)
  db.close()
  expect(Object.keys(files).filter((name) => /-wal|-journal|running|lock/.test(name))).toEqual([])
})

test('a backup that is ended half-way leaves nothing behind', async () => {
  const root = temporaryDirectory()
  const asked = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    if (request.method === 'POST') asked.resolve()
    else response.end('{}')
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const state = join(root, 'state')
  mkdirSync(state)
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  writeFileSync(join(state, 'running.json'), JSON.stringify({ pid: process.pid, url }))
  const run = rollcall(['backup', join(root, 'copy'), '--state', state])
  await asked.promise
  expect(readdirSync(root)).toContainEqual(expect.stringContaining('copy.partial-'))
  run.kill('SIGTERM')
  expect(await run.exited).toBe(1)
  expect(readdirSync(root)).toEqual(['state'])
})
