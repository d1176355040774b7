import { expect, onTestFinished, test, vi } from 'vitest'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { silent } from '../../src/silent-log.ts'
import { loopFile } from '../support/footage.ts'

test('a real camera whose frames nobody takes is overloaded, and online again when they are, over one connection', async () => {
  const simulated = await startSimulatedCameras([{ name: 'street', file: loopFile('street') }])
  onTestFinished(() => simulated.close())
  const options = cameraOptions.parse({ url: simulated.cameras[0]?.url, stallAfterMs: 700, frozenAfterMs: 0 })
  const cameras = openCameras([{ name: 'street', options }], { pictureSide: 64, untilEnd: false, log: silent })
  onTestFinished(() => cameras.close())
  const states: string[] = []
  cameras.changes$.subscribe(({ state, code }) => states.push(code === undefined ? state : `${state} ${code}`))
  const overloaded = ['opening', 'online', 'overloaded CAMERA_OVERLOADED']
  await vi.waitFor(() => expect(states).toEqual(overloaded), { timeout: 20_000, interval: 20 })
  // Frames are taken from now on, as they come.
  cameras.ready$.subscribe((camera) => camera.take()?.close())
  cameras.named('street').take()?.close()
  await vi.waitFor(() => expect(states).toEqual([...overloaded, 'online']), { timeout: 20_000, interval: 20 })
  expect(cameras.named('street').stats).toMatchObject({ reconnects: 0, pipelines: 1, lost: 0 })
}, 60_000)
