import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { keepWanted } from '../../src/commands/kept-wanted.ts'
import { configSchema, loadConfig } from '../../src/config/config.ts'
import { givenCameras } from '../../src/config/given-cameras.ts'
import { startVision } from '../../src/site/vision-role.ts'
import { runToEnd } from '../integration/rollcall.ts'
import { seamOn } from '../seam/identity-role.ts'
import { silent } from '../site/site.ts'
import { eventually } from '../support/eventually.ts'
import { partOf } from '../support/footage.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'rollcall-placed-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
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
    wanted?.begin()
    const start = async (name: string, capacity: number) => {
      const own = configSchema.parse({ site, seam: { capacity }, vision: { processes: 1 }, http: { port: null } })
      const role = await startVision(own, { seam, name, log: silent, placed: { slots: 4, env: { CLIP: clip } } })
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
