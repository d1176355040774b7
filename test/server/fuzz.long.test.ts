import { testAttacks } from './fuzz.ts'

testAttacks(10_000, 6000)
