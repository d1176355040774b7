import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { keepWanted } from '../../src/commands/kept-wanted.ts'
import { configSchema, loadConfig } from '../../src/config/config.ts'
import { givenCameras } from '../../src/config/given-cameras.ts'
import { kafkaClient } from '../../src/kafka/client.ts'
import { openWantedCameras } from '../../src/placement/keep-wanted.ts'
import type { PlacedList } from '../../src/site/cameras/cameras-elsewhere.ts'
import type { SavedCameras } from '../../src/site/cameras/saved-cameras.ts'
import { startRun } from '../../src/site/run.ts'
import { startVision } from '../../src/site/vision-role.ts'
import { runToEnd } from '../integration/rollcall.ts'
import { seamOn } from '../seam/identity-role.ts'
import { silent } from '../site/site.ts'
import { eventually } from '../support/eventually.ts'
import { partOf } from '../support/footage.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'
import { watchedLog } from '../support/restarts.ts'

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'rollcall-placed-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

/** A site that has its people, and no cameras but those of its file. */
const ownerOf = (): PlacedList => {
  let now: SavedCameras = { cameras: {}, paused: [] }
  const adopt = (saved: SavedCameras): void => {
    now = saved
  }
  return { isOwner: () => true, adopt, saved: () => now, onChange: () => {}, kept: async () => {} }
}

describe.skipIf(!hasKafka)('vision processes whose cameras Kafka places', () => {
  test('open what the file of identity says, give it to a stronger one, and close what is taken out', async () => {
    const { plain } = await sharedBroker()
    const seam = seamOn(plain)
    const file = join(folder(), 'rollcall.yaml')
    const clip = await partOf('gate', 10, 12, join(folder(), 'gate.mp4'))
    const site = randomUUID()
    const write = (cameras: object): void =>
      writeFileSync(file, JSON.stringify({ site, seam: { cameraSlots: 4 }, cameras }))
    write({ gate: '${CLIP}' })
    const config = loadConfig(file, { CLIP: clip })
    const wanted = keepWanted(config, { seam, file, log: silent })
    onTestFinished(() => wanted?.close())
    wanted?.begin(ownerOf())
    const start = async (name: string, capacity: number) => {
      const own = configSchema.parse({ site, seam: { capacity }, vision: { processes: 1 }, http: { port: null } })
      const role = await startVision(own, { seam, name, log: watchedLog(), placed: { slots: 4, env: { CLIP: clip } } })
      onTestFinished(async () => {
        role.stop()
        await role.done
      })
      return role
    }
    const frames = (role: Awaited<ReturnType<typeof start>>) => role.status().framesOf.get('gate') ?? 0
    const cameras = (role: Awaited<ReturnType<typeof start>>) => role.status().cameras.map(({ camera }) => camera)
    const weak = await start('weak', 1)
    await eventually(() => expect(frames(weak)).toBeGreaterThan(0))
    const strong = await start('strong', 8)
    await eventually(() => expect(cameras(strong)).toEqual(['gate']))
    expect(cameras(weak)).toEqual([])
    await eventually(() => expect(frames(strong)).toBeGreaterThan(0))
    write({})
    wanted?.reread()
    await eventually(() => expect(cameras(strong)).toEqual([]))
  })
})

describe.skipIf(!hasKafka)('cameras that are added while a site runs, and placed', () => {
  test('are opened at once, paused, changed and removed; another identity process on an empty disk knows them', async () => {
    const { plain } = await sharedBroker()
    const seam = seamOn(plain)
    const file = join(folder(), 'rollcall.yaml')
    const clip = await partOf('gate', 10, 12, join(folder(), 'gate.mp4'))
    const common = { site: randomUUID(), seam: { cameraSlots: 2 }, vision: { processes: 1 }, log: { level: 'error' } }
    writeFileSync(file, JSON.stringify({ site: common.site, seam: common.seam }))
    const role = await startVision(configSchema.parse({ ...common, http: { port: null } }), {
      seam,
      name: 'vision-a',
      log: watchedLog(),
      placed: { slots: 2, env: {} },
    })
    onTestFinished(async () => {
      role.stop()
      await role.done
    })
    const here = () => role.status().cameras.map(({ camera }) => camera)
    const identity = async () => {
      const config = configSchema.parse({ ...common, cameras: { wall: clip }, http: { port: 0 } })
      const wanted = keepWanted(config, { seam, file, urls: new Map([['wall', clip]]), log: silent })
      const run = await startRun(config, { seam, untilEnd: false, stateDirectory: null, log: watchedLog() })
      if (run.placed) wanted?.begin(run.placed)
      const end = async (): Promise<void> => {
        await wanted?.close()
        run.stop()
        await run.done
      }
      onTestFinished(end)
      const ask = async (method: string, path: string, body?: object) => {
        const headers = { 'content-type': 'application/json' }
        const given = body ? { headers, body: JSON.stringify(body) } : {}
        const answer = await fetch(`${run.url}/api/cameras${path}`, { method, ...given })
        return { status: answer.status, text: await answer.text() }
      }
      return { ask, end }
    }
    const first = await identity()
    const added = { name: 'door', url: clip }
    await eventually(async () => expect((await first.ask('POST', '', added)).status).toBe(200))
    await eventually(() => expect(here().toSorted(), 'beside that of the command line').toEqual(['door', 'wall']))
    const secret = await first.ask('PATCH', '/door', { url: 'rtsp://192.0.2.1/', user: 'anna', password: 'hunter2' })
    expect(secret).toMatchObject({
      status: 400,
      text: expect.stringMatching(/password: .*plain text.*ROLLCALL_CAMERA_/),
    })
    expect(await first.ask('POST', '', { ...added, name: 'more' })).toMatchObject({
      status: 409,
      text: expect.stringContaining('there are 2 cameras already'),
    })
    expect((await first.ask('POST', '/wall/pause')).status).toBe(200)
    await eventually(() => expect(here()).toEqual(['door']))
    await first.end()

    const second = await identity()
    const paused = async () => {
      const { cameras } = JSON.parse((await second.ask('GET', '')).text) as {
        readonly cameras: readonly { readonly camera: string; readonly paused: boolean }[]
      }
      return cameras.map(({ camera, paused: isPaused }) => `${camera} ${isPaused}`).toSorted()
    }
    await eventually(async () => expect(await paused()).toEqual(['door false', 'wall true']))
    expect((await second.ask('DELETE', '/door')).status).toBe(200)
    expect((await second.ask('POST', '/wall/resume')).status).toBe(200)
    await eventually(() => expect(here()).toEqual(['wall']))
    expect((await second.ask('POST', '', { ...added, name: 'next' })).status, 'its slot is free').toBe(200)
    await eventually(() => expect(here().toSorted()).toEqual(['next', 'wall']))
  })

  test('are written only by the process that has the people', async () => {
    const { plain } = await sharedBroker()
    const seam = seamOn(plain)
    const file = join(folder(), 'rollcall.yaml')
    const config = configSchema.parse({ site: randomUUID(), seam: { cameraSlots: 2 } })
    writeFileSync(file, JSON.stringify({ cameras: { door: 'rtsp://192.0.2.1/' } }))
    let isOwner = false
    let adopted = 0
    const placed = ownerOf()
    const wanted = keepWanted(config, { seam, file, log: silent })
    onTestFinished(() => wanted?.close())
    wanted?.begin({ ...placed, isOwner: () => isOwner, adopt: () => void adopted++ })
    const kafka = kafkaClient(seam, silent)
    const other = await openWantedCameras({ kafka, ...seam, site: config.site, slots: 2, log: silent })
    onTestFinished(() => other.close())
    await other.keep(new Map([['hall', { keys: { url: 'rtsp://192.0.2.2/' } }]]))
    expect([[...other.now().keys()], adopted]).toEqual([['hall'], 0])
    isOwner = true
    await eventually(() => expect([[...other.now().keys()], adopted]).toEqual([['door'], 1]))
  })
})

test('a camera travels with what every camera has, and with its variables as they stand', () => {
  const file = join(folder(), 'rollcall.yaml')
  const defaults = { user: 'viewer', password: '${CAM_PASSWORD}', maxFps: 5 }
  writeFileSync(
    file,
    JSON.stringify({ cameraDefaults: defaults, cameras: { door: 'rtsp://192.0.2.1/', clip: '${CLIP}' } }),
  )
  expect(givenCameras(file)).toEqual(
    new Map([
      ['door', { url: 'rtsp://192.0.2.1/', ...defaults }],
      ['clip', { url: '${CLIP}', maxFps: 5 }],
    ]),
  )
  writeFileSync(
    file,
    JSON.stringify({ cameraDefaults: { ...defaults, password: 'plain' }, cameras: { door: 'rtsp://192.0.2.1/' } }),
  )
  expect(() => givenCameras(file)).toThrow('cameras.door: its password would travel over Kafka')
})

test('a role that cannot start says why and ends, and identity has told nobody which cameras are wanted', async () => {
  const file = join(folder(), 'rollcall.yaml')
  const seam = { kafka: { brokers: ['127.0.0.1:1'] }, cameraSlots: 4 }
  writeFileSync(file, JSON.stringify({ seam, cameras: { door: 'rtsp://192.0.2.1/' } }))
  const start = (role: string, ...more: string[]) => runToEnd([role, '--config', file, '--http', 'off', ...more])
  const identity = await start('identity', '--models', folder())
  expect(identity).toMatchObject({ code: 1, stderr: expect.stringContaining('MODEL_MISSING') })
  expect(identity.stderr).not.toContain('wanted')
  const vision = await start('vision')
  expect(vision).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/SINK: seam.kafka: no camera can be placed: .*ECONNREFUSED/),
  })
})
