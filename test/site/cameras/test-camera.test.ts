import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startSimulatedCameras } from '../../../simulator/simulated-cameras.ts'
import { configSchema } from '../../../src/config/config.ts'
import { createCameraTests } from '../../../src/site/cameras/test-camera.ts'
import type { CameraId } from '../../../src/types.ts'

const footage = join(import.meta.dirname, '../../../footage')

test('a test that is not over in time says so, and the next one is free to run', async () => {
  const simulated = await startSimulatedCameras([{ name: 'lobby', file: join(footage, 'lobby.mp4') }])
  onTestFinished(() => simulated.close())
  const name = 'lobby' as CameraId
  const { cameras } = configSchema.parse({ cameras: { lobby: { url: simulated.cameras[0]?.url } } })
  const lobby = cameras[name]
  if (!lobby) throw new Error('no camera')
  const run = (patienceMs?: number) => {
    const tests = createCameraTests(patienceMs)
    onTestFinished(() => tests.close())
    return tests
  }
  // Half a second after ten for the camera to answer and three to watch it.
  const hasty = run(-12_500)
  await expect(hasty.test(name, lobby)).rejects.toThrow('the test was not over after 1 s')
  await expect(hasty.test(name, lobby)).rejects.toThrow('the test was not over after 1 s')
  const { failure, picture } = await run().test(name, lobby)
  expect(failure).toBe(null)
  expect([...(picture?.subarray(0, 2) ?? [])], 'a JPEG').toEqual([0xff, 0xd8])
})
