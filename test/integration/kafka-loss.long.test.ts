import { testLoss } from './kafka-loss.ts'

testLoss(20_000)
