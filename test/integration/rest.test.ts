import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeFootage } from '../../simulator/footage/footage.ts'
import { h264 } from '../../simulator/footage/test-picture.ts'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { excerpt, loopFile } from '../support/footage.ts'
import { footageDirectory } from '../zoo/watch.ts'
import { rollcall } from './rollcall.ts'

test('a camera rests while nobody is there, sleeps while nothing moves, and wakes when somebody comes', async () => {
  const server = await startRtspServer()
  onTestFinished(() => server.close())
  const people = excerpt(await readLoop(loopFile('street')), 4, 8)
  const nobody = await makeFootage(h264('gop-size=12', { size: [people.width, people.height] }), footageDirectory)
  const still = h264('gop-size=12 rate-control=off qp-min=28 qp-max=28', { pattern: 'circular' })
  server.addCamera('door', { loop: nobody })
  server.addCamera('room', { loop: await makeFootage(still, footageDirectory) })
  server.addCamera('street', { loop: people })
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-rest-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'site.yaml')
  const cameras = Object.fromEntries(
    ['door', 'room', 'street'].map((name) => [name, { url: server.url(name), backoff: { firstMs: 100, maxMs: 200 } }]),
  )
  writeFileSync(file, JSON.stringify({ http: { port: 0 }, cameras }))
  const run = rollcall(['run', '--config', file, '--events', '-'])
  onTestFinished(async () => {
    run.kill('SIGKILL')
    await run.exited
  })
  const url = await run.until('an address', () => /http:\/\/127\.0\.0\.1:\d+/.exec(run.stderr())?.[0], 60_000)
  const which = async (metric: string): Promise<Record<string, string>> => {
    const text = await (await fetch(`${url}/metrics`)).text()
    const found = text.matchAll(new RegExp(`^${metric}\\{.*camera="(\\w+)".*\\} (\\d)$`, 'gm'))
    return Object.fromEntries([...found].map(([, camera = '', value = '']) => [camera, value]))
  }
  const resting = () => which('rollcall_camera_resting')
  const asleep = () => which('rollcall_camera_asleep')
  const patience = { timeout: 60_000, interval: 250 }
  await run.until('somebody', () => run.events.some(({ type }) => type === 'rollcall.person.created.v1'), 60_000)
  await expect.poll(resting, patience).toEqual({ door: '1', room: '1', street: '0' })
  await expect.poll(asleep, patience).toMatchObject({ room: '1', street: '0' })
  for (const name of ['door', 'room']) server.addCamera(name, { loop: people })
  await expect.poll(resting, patience).toEqual({ door: '0', room: '0', street: '0' })
  await expect.poll(asleep, patience).toEqual({ door: '0', room: '0', street: '0' })
}, 200_000)
