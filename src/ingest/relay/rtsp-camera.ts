import { answerAndNote, isStale, type Login, type SeenLogins, wrongLogin } from './login.ts'
import { followRedirect, isRedirect } from './redirect.ts'
import { type CameraListener, openChannel, type RtspChannel, type RtspRequest } from './rtsp-channel.ts'
import { Refused } from './rtsp-failures.ts'
import { headerValue, type RtspMessage } from './rtsp-reader.ts'
import { stalePackets } from './stale-packets.ts'
import { type Place, placeOf, type RelayTarget } from './target.ts'

/** A camera that is asked over RTSP, which logs in and follows redirections. Owned by whoever called `rtspCamera`. */
export interface RtspCamera {
  /** Who hears it from now on. */
  listener: CameraListener
  /** Where it is now, after redirections. */
  readonly place: Place
  /** Its URL, after redirections. */
  readonly location: string
  readonly address: string | undefined
  /** The method of the request that waits for its answer; null before the connection stands. */
  readonly asked: string | null
  readonly mayLogIn: boolean
  /**
   * Asks until there is an answer that is neither a challenge nor a redirection. `uriOf` makes the URL of the request
   * from the camera's present location. Rejects with `Refused`.
   */
  exchange(method: string, message: RtspMessage, uriOf: (location: string) => string): Promise<RtspMessage>
  /** Sends a sign of life, and logs in anew where that is asked for. Resolves with the status of the answer; 0: none. */
  ping(method: string, message: RtspMessage, uriOf: (location: string) => string): Promise<number>
  /** Sends a request without waiting for an answer. */
  tell(method: string, message: RtspMessage, uriOf: (location: string) => string): void
  write(bytes: Buffer): void
  resume(): void
  /** Sends what is still to be sent, and closes. */
  end(): void
  /** Closes at once. */
  destroy(): void
}

/**
 * Prepares a camera; the first request opens the connection. `seen` is kept over connections.
 */
export const rtspCamera = (target: RelayTarget, seen: SeenLogins, first: CameraListener): RtspCamera => {
  const closing = new AbortController()
  const at = siteOf(target, seen)
  let listener = first
  let channel: RtspChannel | null = null
  let isSetUp = false
  const hears = withoutStale(
    () => listener,
    () => isSetUp,
  )
  const open = async (): Promise<RtspChannel> => {
    if (closing.signal.aborted) throw new Error('closed')
    channel = await openChannel(at.place, target.tlsVerify, closing.signal, hears)
    return channel
  }
  return {
    get listener() {
      return listener
    },
    set listener(next) {
      listener = next
    },
    get place() {
      return at.place
    },
    get location() {
      return at.location
    },
    get address() {
      return channel?.address
    },
    get asked() {
      return channel?.asked ?? null
    },
    get mayLogIn() {
      return at.mayLogIn
    },
    exchange: async (method, message, uriOf) => {
      isSetUp ||= method === 'SETUP'
      for (let answered = 0; ; ) {
        const current = channel ?? (await open())
        const response = await current.ask(at.request(method, message, uriOf))
        const status = statusOf(response)
        if (isRedirect(status)) {
          at.redirect(headerValue(response.headers, 'location'))
          channel = null
          current.destroy()
        } else if (status === 401) {
          at.logIn(headerValue(response.headers, 'www-authenticate') ?? '', answered++)
        } else return response
      }
    },
    ping: async (method, message, uriOf) => {
      try {
        return channel === null ? 0 : await ping(channel, at, () => at.request(method, message, uriOf))
      } catch {
        return 0
      }
    },
    tell: (method, message, uriOf) => channel?.tell(at.request(method, message, uriOf)),
    write: (bytes) => channel?.write(bytes),
    resume: () => channel?.resume(),
    end: () => channel?.end(),
    destroy: () => {
      closing.abort()
      channel?.destroy()
    },
  }
}

/** Passes on what comes, without the packets that nobody can have asked for: those before SETUP, and the rest of them. */
const withoutStale = (listener: () => CameraListener, isSetUp: () => boolean): CameraListener => {
  const stale = stalePackets()
  return {
    packets: (bytes) => {
      if (!isSetUp()) stale.note(bytes)
      return listener().packets(stale.without(bytes))
    },
    heard: () => listener().heard(),
    failed: (failure) => listener().failed(failure),
  }
}

/** Sends a request, and once more after a challenge. Resolves with the status of the last answer. */
const ping = async (channel: RtspChannel, at: RtspSite, request: () => RtspRequest): Promise<number> => {
  const response = await channel.ask(request())
  if (statusOf(response) !== 401) return statusOf(response)
  at.logIn(headerValue(response.headers, 'www-authenticate') ?? '', 0)
  return statusOf(await channel.ask(request()))
}

type RtspSite = ReturnType<typeof siteOf>

/** Where a camera is, and how one logs in there. */
const siteOf = (target: RelayTarget, seen: SeenLogins) => {
  let location = target.location
  let place = placeOf(location)
  let credentials = target.credentials
  let login: Login | null = null
  let followed = 0
  return {
    get place() {
      return place
    },
    get location() {
      return location
    },
    get mayLogIn() {
      return credentials !== null
    },
    /** A request of GStreamer's, as it is sent to the camera. Like others, Rollcall writes rtsp:// over TLS, too. */
    request: (method: string, { headers, body }: RtspMessage, uriOf: (location: string) => string): RtspRequest => {
      const uri = uriOf(location).replace(/^rtsps:/, 'rtsp:')
      const others = headers.filter(([name]) => !/^(user-agent|cseq|authorization)$/i.test(name))
      const authorization = login ? [['Authorization', login.authorization(method, uri)] as const] : []
      return { method, uri, headers: [['User-Agent', 'Rollcall'], ...authorization, ...others], body }
    },
    /** Throws `Refused` where it must not lead. */
    redirect: (to: string | undefined): void => {
      const rules = { configured: target.location, allowed: target.redirectHosts, followed: followed++ }
      const next = followRedirect(location, to, rules)
      if ('says' in next) throw new Refused(next)
      location = next.location
      place = placeOf(location)
      credentials = next.sameHost ? target.credentials : null
      login = null
    },
    /** Answers a challenge, the `answered`th to one request from 0. Throws `Refused`. */
    logIn: (challenge: string, answered: number): void => {
      // The nonce of an earlier request may have become too old, whether or not the camera says so.
      if (login && (answered > 2 || (answered > 0 && !isStale(challenge)))) {
        throw new Refused(wrongLogin(place.name, login))
      }
      const answer = answerAndNote(challenge, credentials, place, seen)
      if ('says' in answer) throw new Refused(answer)
      login = answer
    },
  }
}

/** The status of a response; 0 when there is none in its first line. */
export const statusOf = ({ first }: RtspMessage): number => Number(/^RTSP\/\S+\s+(\d+)/.exec(first)?.[1] ?? 0)
