import { type Client, connect } from '../client.ts'

/** What one element needs of the connection. */
export interface Wanted {
  /** The camera of which it shows stills. */
  readonly still?: string
  /** The camera of which it needs the events of frames. */
  readonly frames?: string
}

/** A connection that the elements of a page share. */
export interface Shared {
  readonly client: Client
  /** The element needs it no more; the last one closes the connection. */
  release(): void
}

interface Entry {
  readonly client: Client
  readonly wanted: Set<Wanted>
}

const entries = new Map<string, Entry>()

const update = ({ client, wanted }: Entry): void => {
  const all = [...wanted]
  const cameras = (names: readonly (string | undefined)[]): string[] => [
    ...new Set(names.flatMap((name) => name ?? [])),
  ]
  client.watch({ cameras: cameras(all.map(({ still }) => still)) })
  const frames = cameras(all.map(({ frames: name }) => name))
  client.subscribe(frames.length === 0 ? { topics: ['people'] } : { topics: ['people', 'frames'], cameras: frames })
}

/** The connection to Rollcall at `url`, the page's own origin when empty, with this token, shared by all that ask for the same. */
export const shareClient = (url: string, token: string, wants: Wanted): Shared => {
  const key = JSON.stringify([url, token])
  const client =
    entries.get(key)?.client ??
    connect({ ...(url && { url }), ...(token && { token }), subscribe: { topics: ['people'] } })
  const entry = entries.get(key) ?? { client, wanted: new Set() }
  entries.set(key, entry)
  entry.wanted.add(wants)
  update(entry)
  return {
    client,
    release: () => {
      entry.wanted.delete(wants)
      if (entry.wanted.size > 0) return update(entry)
      client.close()
      entries.delete(key)
    },
  }
}
