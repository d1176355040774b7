import { describe, it } from 'vitest'
import { canEncode } from '../support/gst.ts'
import { expectToldFromFar } from './detail-score.ts'

describe.skipIf(!canEncode('h264'))('people far away', () => {
  // The street too: detail-score.long.test.ts.
  it('are told by the big stream, of which less than a twentieth is decoded', () => expectToldFromFar('lobby'), 300_000)
})
