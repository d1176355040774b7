import { testLoss } from './kafka-loss.ts'

testLoss(2000, { ofBroker: [0.4], ofRollcall: [0.5] })
