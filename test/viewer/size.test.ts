import { expect, test } from 'vitest'
import { gzipBytes, mostBytes } from '../../viewer/size.ts'
import { buildViewer } from './site.ts'

test('the viewer stays small', async () => {
  const viewer = await buildViewer()
  const bytes = gzipBytes(viewer.directory)
  await viewer.remove()
  expect(bytes).toBeGreaterThan(5000)
  expect(bytes, 'gzip, bytes').toBeLessThanOrEqual(mostBytes)
})
