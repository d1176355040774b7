import { testAttacks } from './fuzz.ts'

testAttacks(1500, 1500)
