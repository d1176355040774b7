import { join } from 'node:path'
import { describe, it } from 'vitest'
import { canDecode } from '../vision/footage.ts'
import { expectToHold, root } from './cast.ts'

describe.skipIf(!canDecode)('the cast: everybody is found, and like themselves and nobody else', () => {
  it('with the shipped models', { timeout: 300_000 }, () => expectToHold(join(root, 'models'), 'detector', 'embedder'))
})
