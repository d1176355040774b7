import { expect, test } from 'vitest'
import { gzipBytes, mostBytes } from '../../viewer/size.ts'
import { buildViewer } from './built.ts'

test('the viewer stays small', async () => {
  const bytes = gzipBytes(await buildViewer())
  expect(bytes).toBeGreaterThan(5000)
  expect(bytes, 'gzip, bytes').toBeLessThanOrEqual(mostBytes)
})
