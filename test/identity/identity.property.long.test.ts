import { testEvents } from './event-properties.ts'

testEvents(1000)
