import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { type RtspServer, startRtspServer } from '../../simulator/rtsp-server.ts'
import { excerpt, type LoopName, loopFile } from '../support/footage.ts'
import { type Rollcall, rollcall } from './rollcall.ts'

const changes = (run: Rollcall, camera: string, state: string) =>
  run.events.filter(({ type, subject }) => type === `rollcall.camera.${state}.v1` && subject === camera)
const frames = (run: Rollcall, camera: string) =>
  run.events.flatMap((event) => (event.type === 'rollcall.frame.v1' && event.subject === camera ? event.data : []))
const people = (run: Rollcall) => run.events.filter(({ type }) => type === 'rollcall.person.created.v1')

const refusedPort = async (): Promise<number> => {
  const listener = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => listener.once('listening', resolve))
  const { port } = listener.address() as { port: number }
  await new Promise((resolve) => listener.close(resolve))
  return port
}

/** One site for all tests, which follow each other: a start takes seconds, and what one leaves the next one finds. */
describe('a site of live cameras', () => {
  const opened = new AsyncDisposableStack()
  const loop = async (name: LoopName, fromS: number, untilS: number) =>
    excerpt(await readLoop(loopFile(name)), fromS, untilS)
  const server = async (options: Parameters<typeof startRtspServer>[0] = {}): Promise<RtspServer> =>
    opened.adopt(await startRtspServer(options), (started) => started.close())
  let run: Rollcall
  let moody: { readonly rtsp: RtspServer; readonly camera: ReturnType<RtspServer['addCamera']> }

  beforeAll(async () => {
    const [steady, other, locked] = [
      await server(),
      await server(),
      await server({ auth: { user: 'viewer', password: 'right', scheme: 'digest' } }),
    ]
    // Six seconds with eli, fay, gus and hana; four with ada and chen.
    steady.addCamera('cafe', { loop: await loop('cafe', 10, 16) })
    steady.addCamera('street', { loop: await loop('street', 4, 8) })
    moody = { rtsp: other, camera: other.addCamera('moody', { loop: await loop('street', 4, 8) }) }
    locked.addCamera('locked', { loop: await loop('street', 4, 8) })
    const urls = {
      cafe: steady.url('cafe'),
      street: steady.url('street'),
      moody: other.url('moody'),
      locked: locked.url('locked', { user: 'viewer', password: 'hunter2-wrong' }),
      dead: `rtsp://127.0.0.1:${await refusedPort()}/x`,
    }
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-live-'))
    opened.defer(() => rmSync(directory, { recursive: true, force: true }))
    const file = join(directory, 'site.yaml')
    // Short waits, so that the tests need not wait long for what takes seconds in earnest.
    const options = 'stallAfterMs: 1500, backoff: { firstMs: 200, maxMs: 400 }'
    // Faces take most of the time: they are wanted of two.
    const fps = (name: string): number => (['cafe', 'street'].includes(name) ? 10 : 5)
    const cameras = Object.entries(urls).map(
      ([name, url]) => `  ${name}: { url: "${url}", maxFps: ${fps(name)}, ${options} }`,
    )
    writeFileSync(file, ['http: { port: null }', 'cameras:', ...cameras, ''].join('\n'))
    run = rollcall(['run', '--config', file, '--events', '-', '--log-level', 'debug'])
    opened.defer(async () => {
      run.kill('SIGKILL')
      await run.exited
    })
  })
  afterAll(() => opened.disposeAsync())

  it('delivers from two cameras while a dead one says why and tries again', async () => {
    await run.until(
      'frames of both',
      () => frames(run, 'cafe').length > 10 && frames(run, 'street').length > 10,
      60_000,
    )
    await run.until('two attempts', () => changes(run, 'dead', 'offline').length >= 2)
    expect(changes(run, 'dead', 'offline')[0]?.data).toMatchObject({ code: 'CAMERA_UNREACHABLE' })
    expect(changes(run, 'cafe', 'offline')).toEqual([])
  }, 90_000)

  it('says 401 for a wrong password, and never the password', async () => {
    const offline = await run.until('offline', () => changes(run, 'locked', 'offline')[0])
    expect(offline.data).toMatchObject({ code: 'CAMERA_UNAUTHORIZED' })
    expect(`${run.stderr()}${run.lines.join('\n')}`).toContain('401')
    expect(`${run.stderr()}${run.lines.join('\n')}`).not.toContain('hunter2')
  })

  it('is back after a camera was switched off and on, and reports a frozen one in time', async () => {
    const { rtsp, camera } = moody
    /** What comes from now on: on a busy machine a camera may have been lost before. */
    const next = (state: 'online' | 'offline' | 'frozen') => {
      const before = changes(run, 'moody', state).length
      return () => changes(run, 'moody', state)[before]
    }
    await run.until('online', () => changes(run, 'moody', 'online').length > 0)
    const offline = next('offline')
    await rtsp.stop()
    await run.until('offline', offline)
    const online = next('online')
    await rtsp.start()
    await run.until('online again', online)
    const frozenAt = Date.now()
    const whenFrozen = next('frozen')
    camera.freeze()
    const frozen = await run.until('frozen', whenFrozen)
    expect((frozen.data as { atMs: number }).atMs - frozenAt).toBeLessThan(1500 + 2500)
    const onceMore = next('online')
    camera.unfreeze()
    await run.until('online once more', onceMore)
  }, 90_000)

  it('survives kill -9 of its vision process: events go on, nobody gets another ID', async () => {
    await run.until('people', () => people(run).length >= 6, 60_000)
    // The whole loop once more, so that everybody in it who gets an ID has one.
    const settled = frames(run, 'cafe').length + 60
    await run.until('another loop', () => frames(run, 'cafe').length > settled, 60_000)
    const known = people(run).map(({ subject }) => subject)
    const [victim] = run.vision()
    const before = frames(run, 'cafe').length
    run.restarts.expect(/SIGKILL/)
    process.kill(victim as number, 'SIGKILL')
    await run.until(
      'faces with IDs again',
      () => {
        const after = frames(run, 'cafe').slice(before)
        return after.flatMap(({ faces }) => faces.filter(({ person }) => person !== null)).length > 60
      },
      90_000,
    )
    expect(run.vision()).not.toContain(victim)
    expect(people(run).map(({ subject }) => subject)).toEqual(known)
    expect(run.stderr()).toContain('SIGKILL')
  }, 240_000)

  it('closes in order on Ctrl-C: sightings end, the process ends with 0 and leaves nobody behind', async () => {
    const vision = run.vision()
    run.kill('SIGINT')
    expect(await run.exited).toBe(0)
    const started = run.events.filter(({ type }) => type === 'rollcall.sighting.started.v1').length
    const ended = run.events.filter(({ type }) => type === 'rollcall.sighting.ended.v1').length
    expect(ended).toBe(started)
    for (const pid of vision) expect(() => process.kill(pid, 0)).toThrow()
  }, 90_000)
})
