/** What consumers of Rollcall import. README.md beside shows how. */
export { type BinaryMessage, decodeBinary } from './binary.ts'
export { type Client, type ClientOptions, connect, type Status } from './client.ts'
export type * from './events.ts'
export { createListeners, type Listeners, type Off } from './listeners.ts'
export { createPeople, type KnownPerson, type People, type PeopleEvent } from './people.ts'
export type * from './protocol.ts'
export { retryDelayMs } from './retry-delay.ts'
export type { Admission, Refusal } from './ticket.ts'
