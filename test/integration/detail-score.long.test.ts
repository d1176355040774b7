import { test } from 'vitest'
import { canEncode } from '../support/gst.ts'
import { expectToldFromFar } from './detail-score.ts'

test.skipIf(!canEncode('h264'))('people far away on two cameras are told by the big stream', () =>
  expectToldFromFar('lobby', 'street'),
)
