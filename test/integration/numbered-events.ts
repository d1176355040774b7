import type { RollcallEvent } from '../../src/events/types.ts'
import { frameEvent, personCreated, sightingStarted } from '../sinks/events.ts'

/** Event `i` of a long stream over three topics and many keys; the same `i` is the same event. */
export const numberedEvent = (i: number): RollcallEvent => {
  if (i % 10 === 3) return personCreated(`p-${i}`, 'door', i)
  if (i % 10 === 7) return sightingStarted(`p-${i % 97}`, 'door', i)
  return frameEvent(`camera-${i % 7}`, i)
}
