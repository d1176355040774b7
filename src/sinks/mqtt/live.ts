import { createHash } from 'node:crypto'
import { eventJson } from '../../events/json.ts'
import { type RollcallEvent, type RuleEvent, topicOf } from '../../events/types.ts'
import type { PersonId } from '../../types.ts'
import type { MqttOptions } from './options.ts'
import type { Topics } from './state.ts'

/** A message for the broker. */
export interface MqttMessage {
  readonly topic: string
  readonly payload: string | Buffer
}

/** Whose events may leave. */
export interface Telling {
  readonly people: MqttOptions['people']
  /** The name of the person whom an ID stands for; null without one. */
  readonly nameOf: (person: PersonId) => string | null
  /** Whether something of this person is retained at the broker. */
  readonly isTold: (person: PersonId) => boolean
}

/** An event of a rule for automations: one flat object. Of people who are not told of it has neither ID nor name. */
const ruleMessage = ({ id, time, data }: RuleEvent, isTold: boolean): string => {
  const { rule, when, camera, atMs, fromMs, frames, visits, reasons } = data
  const [person, name] = isTold ? [data.person, data.name] : [null, null]
  // The event's own ID names the person.
  const own = isTold ? id : createHash('sha256').update(id).digest('hex').slice(0, 32)
  const why = isTold ? reasons : reasons.slice(1)
  return JSON.stringify({ id: own, rule, when, person, name, camera, time, atMs, fromMs, frames, visits, reasons: why })
}

/** Whether an event about a person may leave. Tracks name whom else a face was compared with: only where all may be told of. */
const mayLeave = (event: RollcallEvent, { people, nameOf, isTold }: Telling): boolean => {
  if (people !== 'named' || !('person' in event.data)) return people === 'all'
  const { person } = event.data
  if (event.type === 'rollcall.person.deleted.v1' || event.type === 'rollcall.person.merged.v1') return isTold(person)
  return !event.type.startsWith('rollcall.track.') && nameOf(person) !== null
}

/** The message of an event; null when it may not leave. */
export const liveMessage = (event: RollcallEvent, telling: Telling, topics: Topics): MqttMessage | null => {
  const topic = topicOf(event)
  if (topic === 'frames') return null
  if (event.type === 'rollcall.rule.fired.v1')
    return { topic: topics.rule(event.data.rule), payload: ruleMessage(event, mayLeave(event, telling)) }
  if (topic !== 'cameras' && !mayLeave(event, telling)) return null
  return { topic: topics.events(topic), payload: eventJson(event).whole }
}
