import type { Connection } from './connection.ts'
import type { RetainedList } from './retained-list.ts'
import type { Retained } from './state.ts'

/** Keeps what is retained at the broker equal to what is so. */
export interface Mirror {
  /** Publishes what differs from what this connection has published, and takes back what is no longer so. */
  update(connection: Pick<Connection, 'publish'>): Promise<void>
  /** The next connection publishes everything again: a broker may have forgotten it. */
  forget(): void
}

/** `wanted` is what is so now; `list` is what may be at the broker from before. */
export const createMirror = (wanted: () => Retained, list: RetainedList): Mirror => {
  let published = new Map<string, string>()
  return {
    update: async (connection) => {
      const now = wanted()
      list.add([...now.keys()])
      const gone = list.topics().filter((topic) => !now.has(topic))
      const changed = [...now].filter(([topic, payload]) => published.get(topic) !== payload)
      await Promise.all([
        ...changed.map(([topic, payload]) => connection.publish({ topic, payload }, true)),
        // Retained and empty: the broker forgets the topic.
        ...gone.map((topic) => connection.publish({ topic, payload: '' }, true)),
      ])
      published = new Map(now)
      list.remove(gone)
    },
    forget: () => {
      published = new Map()
    },
  }
}
