import { testLoss } from './kafka-loss.ts'

testLoss(20_000, { ofBroker: [0.2, 0.6], ofRollcall: [0.2, 0.5, 0.8] })
