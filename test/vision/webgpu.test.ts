import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { shippedModels } from '../support/footage.ts'

/** A Vulkan driver that runs on the CPU. It comes with Debian's Chromium. */
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json'

/** Opens the detector on these providers in a process of its own, for the Vulkan loader reads its environment once. */
const openOn = (providers: readonly string[], driver: string) => {
  const script = `
    import { openSession } from './src/vision/session.ts'
    const [file, providers] = JSON.parse(process.argv[1])
    const reasons = []
    const { provider, session } = await openSession({ file, name: 'detector' }, {
      providers, threads: 1, usual: { width: 96, height: 64 }, onFallback: (...each) => reasons.push(each),
    }, async () => undefined)
    await session.release()
    console.log(JSON.stringify({ provider, reasons }))`
  const given = JSON.stringify([join(shippedModels, 'detector.onnx'), providers])
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script, given], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver },
    encoding: 'utf8',
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

test.skipIf(!existsSync(swiftShader))(
  'finds the same on WebGPU as on the CPU, and takes the CPU where that is faster',
  () => {
    // Speed is compared only when the results agree.
    expect(openOn(['webgpu', 'cpu'], swiftShader)).toEqual({
      provider: 'cpu',
      reasons: [['detector', 'webgpu', 'cpu', expect.stringMatching(/^it is not clearly faster than the CPU/)]],
    })
  },
)

test('says that there is no GPU where Vulkan has no driver', () => {
  const { provider, reasons } = openOn(['webgpu', 'cpu'], '/nowhere.json')
  expect(provider).toBe('cpu')
  expect(reasons).toHaveLength(1)
  expect(reasons[0][3]).toBe('no GPU with a Vulkan driver was found')
})
