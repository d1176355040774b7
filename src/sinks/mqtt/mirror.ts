import { describeDiskError } from '../../disk.ts'
import type { Log } from '../../types.ts'
import type { Connection } from './connection.ts'
import type { RetainedList } from './retained-list.ts'
import type { Retained } from './state.ts'

/** Keeps what is retained at the broker equal to what is so. */
export interface Mirror {
  /** Publishes what differs from what this connection has published, and takes back what is no longer so. */
  update(connection: Pick<Connection, 'publish'>): Promise<void>
  /** The next connection publishes everything again: a broker may have forgotten it. */
  readonly forget: () => void
  /** Why new topics are not published, nor old ones forgotten: the disk did not take the list. Null while it does. */
  readonly failure: () => string | null
}

/** `wanted` is what is so now; `list` is what may be at the broker from before. */
export const createMirror = (wanted: () => Retained, list: RetainedList, log: Log): Mirror => {
  let published = new Map<string, string>()
  let failure: string | null = null
  const note = (change: () => void): void => {
    try {
      change()
    } catch (error) {
      failure = describeDiskError(error)
    }
  }
  return {
    update: async (connection) => {
      const now = wanted()
      const before = failure
      failure = null
      note(() => list.add([...now.keys()]))
      // What is in no list could never be taken back.
      const may = [...now].filter(([topic]) => list.has(topic))
      const gone = list.topics().filter((topic) => !now.has(topic))
      const changed = may.filter(([topic, payload]) => published.get(topic) !== payload)
      await Promise.all([
        ...changed.map(([topic, payload]) => connection.publish({ topic, payload }, true)),
        // Retained and empty: the broker forgets the topic.
        ...gone.map((topic) => connection.publish({ topic, payload: '' }, true)),
      ])
      published = new Map(may)
      note(() => list.remove(gone))
      if (failure !== null && before === null)
        log.error({ error: failure }, 'the list of what is retained cannot be written; new topics wait, events go on')
      if (failure === null && before !== null) log.info({}, 'the list of what is retained is written again')
    },
    forget: () => {
      published = new Map()
    },
    failure: () => failure,
  }
}
