import { testLosses } from './loss-of-codecs.ts'

// All patterns: loss-of-codecs.long.test.ts.
testLosses(['half of them now and then', 'the first one of a picture'])
