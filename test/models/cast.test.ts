import { join } from 'node:path'
import { describe, it } from 'vitest'
import { canDecode } from '../vision/footage.ts'
import { expectToHold, root } from './cast.ts'

describe.skipIf(!canDecode)('the cast: everybody is found, and like themselves and nobody else', () => {
  // A picture of each second is in cast.long.test.ts.
  it('with the shipped models, in key frames', { timeout: 300_000 }, () =>
    expectToHold(join(root, 'models'), 'detector', 'embedder', { everySecond: false }),
  )
})
