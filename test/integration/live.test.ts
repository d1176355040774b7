import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { type RtspServer, startRtspServer } from '../../simulator/rtsp-server.ts'
import { excerpt, loopFile } from '../support/footage.ts'
import { type Rollcall, rollcall } from './rollcall.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const server = async (options: Parameters<typeof startRtspServer>[0] = {}): Promise<RtspServer> => {
  const started = await startRtspServer(options)
  closing.push(() => started.close())
  return started
}

/** Short waits, so that the tests need not wait long for what takes seconds in earnest. */
const watch = (urls: Readonly<Record<string, string>>, ...more: string[]): Rollcall => {
  const file = join(mkdtempSync(join(tmpdir(), 'rollcall-')), 'site.yaml')
  const backoff = '{ firstMs: 200, maxMs: 400 }'
  const cameras = Object.entries(urls).map(
    ([name, url]) => `  ${name}: { url: "${url}", stallAfterMs: 1500, maxFps: 10, backoff: ${backoff} }`,
  )
  writeFileSync(file, ['http: { port: null }', 'cameras:', ...cameras, ''].join('\n'))
  const run = rollcall(['run', '--config', file, '--events', '-', ...more])
  closing.push(async () => {
    run.kill('SIGINT')
    const timer = setTimeout(() => run.kill('SIGKILL'), 10_000)
    await run.exited
    clearTimeout(timer)
  })
  return run
}

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

describe('run on live cameras', () => {
  /** Eight seconds of the street, over and over: ada, chen and gus walk past one after the other. */
  const loop = async () => excerpt(await readLoop(loopFile('street')), 3, 11)

  it('delivers from two cameras while a dead one says why and tries again', async () => {
    const rtsp = await server()
    const [a, b] = [await loop(), await loop()]
    rtsp.addCamera('a', { loop: a })
    rtsp.addCamera('b', { loop: b })
    const run = watch({ a: rtsp.url('a'), b: rtsp.url('b'), dead: `rtsp://127.0.0.1:${await refusedPort()}/x` })
    await run.until('frames of both', () => frames(run, 'a').length > 10 && frames(run, 'b').length > 10)
    await run.until('two attempts', () => changes(run, 'dead', 'offline').length >= 2)
    expect(changes(run, 'dead', 'offline')[0]?.data).toMatchObject({ code: 'CAMERA_UNREACHABLE' })
    expect(changes(run, 'a', 'offline')).toEqual([])
  }, 180_000)

  it('is back after a camera was switched off and on, and reports a frozen one in time', async () => {
    const rtsp = await server()
    const camera = rtsp.addCamera('a', { loop: await loop() })
    const run = watch({ a: rtsp.url('a') })
    await run.until('online', () => changes(run, 'a', 'online').length === 1)
    await rtsp.stop()
    await run.until('offline', () => changes(run, 'a', 'offline').length >= 1)
    await rtsp.start()
    await run.until('online again', () => changes(run, 'a', 'online').length === 2)
    const frozenAt = Date.now()
    camera.freeze()
    const frozen = await run.until('frozen', () => changes(run, 'a', 'frozen')[0])
    expect((frozen.data as { atMs: number }).atMs - frozenAt).toBeLessThan(1500 + 2500)
    camera.unfreeze()
    await run.until('online once more', () => changes(run, 'a', 'online').length === 3)
  }, 90_000)

  it('survives kill -9 of its vision process: events go on, nobody gets another ID', async () => {
    const rtsp = await server()
    rtsp.addCamera('a', { loop: await loop() })
    const run = watch({ a: rtsp.url('a') })
    await run.until('people', () => people(run).length >= 3, 40_000)
    // The whole loop once more, so that everybody in it who gets an ID has one.
    const settled = frames(run, 'a').length + 90
    await run.until('another loop', () => frames(run, 'a').length > settled, 40_000)
    const known = people(run).map(({ subject }) => subject)
    const [victim] = run.vision()
    const before = frames(run, 'a').length
    process.kill(victim as number, 'SIGKILL')
    await run.until(
      'faces with IDs again',
      () => {
        const after = frames(run, 'a').slice(before)
        return after.flatMap(({ faces }) => faces.filter(({ person }) => person !== null)).length > 60
      },
      180_000,
    )
    expect(run.vision()).not.toContain(victim)
    expect(people(run).map(({ subject }) => subject)).toEqual(known)
    expect(run.stderr()).toContain('SIGKILL')
  }, 150_000)

  it('says 401 for a wrong password, and never the password', async () => {
    const rtsp = await server({ auth: { user: 'viewer', password: 'right', scheme: 'digest' } })
    rtsp.addCamera('a', { loop: await loop() })
    const url = rtsp.url('a', { user: 'viewer', password: 'hunter2-wrong' })
    const run = watch({ a: url }, '--log-level', 'debug')
    const offline = await run.until('offline', () => changes(run, 'a', 'offline')[0])
    expect(offline.data).toMatchObject({ code: 'CAMERA_UNAUTHORIZED' })
    expect(`${run.stderr()}${run.lines.join('\n')}`).toContain('401')
    expect(`${run.stderr()}${run.lines.join('\n')}`).not.toContain('hunter2')
  }, 180_000)

  it('closes in order on Ctrl-C: sightings end, the process ends with 0 and leaves nobody behind', async () => {
    const rtsp = await server()
    rtsp.addCamera('a', { loop: await loop() })
    const run = watch({ a: rtsp.url('a') })
    await run.until('people', () => people(run).length >= 2, 40_000)
    const vision = run.vision()
    run.kill('SIGINT')
    expect(await run.exited).toBe(0)
    const started = run.events.filter(({ type }) => type === 'rollcall.sighting.started.v1').length
    const ended = run.events.filter(({ type }) => type === 'rollcall.sighting.ended.v1').length
    expect(ended).toBe(started)
    for (const pid of vision) expect(() => process.kill(pid, 0)).toThrow()
  }, 90_000)
})
