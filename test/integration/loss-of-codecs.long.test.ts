import { allPatterns, testLosses } from './loss-of-codecs.ts'

testLosses(allPatterns)
