import { testAttacks } from './fuzz.ts'

testAttacks(3000, 2000)
