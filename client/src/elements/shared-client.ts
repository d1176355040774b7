import { type Client, connect } from '../client.ts'
import type { Subscription, Watch } from '../protocol.ts'
import { createWatching, type Watching } from '../video/watching.ts'

/** A connection that the elements of a page share. */
export interface Shared {
  readonly client: Client
  /** The pictures and the video that the elements want. */
  readonly watching: Watching
  /** The element needs it no more; the last one closes the connection. */
  release(): void
}

/** What one element needs of the connection besides pictures and video. */
interface Use {
  /** The camera whose frames it is to be told of; null for none. */
  readonly frames: string | null
}

interface Entry {
  readonly client: Client
  readonly watching: Watching
  readonly uses: Set<Use>
  /** Chooses the events that are needed now. */
  subscribe(): void
}

const entries = new Map<string, Entry>()

/** Boxes of a camera's own video come as events; a still brings its own. */
const subscriptionFor = (uses: Iterable<Use>, { video = [] }: Watch): Subscription => {
  const ofUses = [...uses].flatMap(({ frames }) => frames ?? [])
  const cameras = [...new Set([...ofUses, ...video.map(({ camera }) => camera)])].sort()
  return cameras.length === 0 ? { topics: ['people'] } : { topics: ['people', 'frames'], cameras }
}

const open = (url: string, token: string): Entry => {
  const uses: Entry['uses'] = new Set()
  let watched: Watch = { cameras: [] }
  let subscription = subscriptionFor(uses, watched)
  const client = connect({ ...(url && { url }), ...(token && { token }), subscribe: subscription })
  const subscribe = (): void => {
    const next = subscriptionFor(uses, watched)
    if (JSON.stringify(next) === JSON.stringify(subscription)) return
    subscription = next
    client.subscribe(next)
  }
  const watching = createWatching((next) => {
    watched = next
    subscribe()
    client.watch(next)
  })
  return { client, watching, uses, subscribe }
}

/**
 * The connection to Rollcall at `url`, the page's own origin when empty, with this token, shared by all that ask for the same.
 * `frames` is the camera whose frames the element is to be told of; null for none.
 */
export const shareClient = (url: string, token: string, frames: string | null): Shared => {
  const key = JSON.stringify([url, token])
  const entry = entries.get(key) ?? open(url, token)
  const use: Use = { frames }
  entries.set(key, entry)
  entry.uses.add(use)
  entry.subscribe()
  return {
    client: entry.client,
    watching: entry.watching,
    release: () => {
      entry.uses.delete(use)
      entry.subscribe()
      if (entry.uses.size > 0) return
      entry.client.close()
      entries.delete(key)
    },
  }
}
