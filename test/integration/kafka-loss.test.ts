import { testLoss } from './kafka-loss.ts'

testLoss(2000)
