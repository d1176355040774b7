/**
 * A site that kills itself: plays a story into a committed identity on a state directory and writes each event to a file, as
 * a sink would. `mortal.ts DIRECTORY KILL-AT`: SIGKILL at the n-th statement that writes; 0 lives to the end and prints
 * how many there were. Started again it goes on: it plays the whole story, and the engine knows what it has seen.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { lastValueFrom, Subject } from 'rxjs'
import { RollcallError } from '../../src/errors.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { untimed } from '../../src/operators/analysed.ts'
import type { Seen } from '../../src/operators/identify.ts'
import { identity } from '../../src/pipeline.ts'
import { createCommittedIdentity, isLogged } from '../../src/site/committed-identity.ts'
import { embedder, story } from './story.ts'

const [directory = '', killAt = '0'] = process.argv.slice(2)
let writes = 0
const store = openStore(join(directory, 'state'), {
  embedder,
  onWrite: () => {
    if (++writes === Number(killAt)) process.kill(process.pid, 'SIGKILL')
  },
})
const saved = store.saved()
const file = join(directory, 'events.jsonl')
// A camera shows nothing twice: what was published before must be known without seeing it again.
for (const line of existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []) {
  const event = JSON.parse(line) as RollcallEvent
  if (isLogged(event) && event.data.sequence > saved.sequence) throw new Error(`not on disk when it left: ${line}`)
}
const engine = createIdentity(identityOptions.parse({ reclusterMs: 1000 }), { saved })
const committed = createCommittedIdentity(engine, store)

/** A sink has the events once this returns. */
const publish = (events: readonly RollcallEvent[]): void => {
  if (events.length === 0) return
  appendFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  const last = events.findLast(isLogged)
  if (last) store.published(last.data.sequence)
}
// As an outbox begins.
publish(store.unpublished())
const seen$ = new Subject<Seen>()
const done = lastValueFrom(
  identity(seen$, {
    engine: committed,
    outboxes: [{ push: async (events) => publish(events) }],
    maxCommitWaitMs: 5,
    timed: untimed,
    onIdentified: () => undefined,
  }),
  { defaultValue: null },
)

const outcomes: readonly string[] = ['PERSON_CONFLICT', 'PERSON_UNKNOWN']
for (const step of story()) {
  if ('faces' in step) seen$.next({ type: 'faces', faces: step.faces })
  else {
    try {
      committed.transact((people) => step.act(people))
    } catch (error) {
      // It was done before the crash, as whoever asked again would be told.
      if (!(error instanceof RollcallError) || !outcomes.includes(error.code)) throw error
    }
  }
  // Lets sinks and timers have their turn, so that groups are of any size.
  await setImmediate()
}
seen$.complete()
await done
store.close()
console.log(writes)
