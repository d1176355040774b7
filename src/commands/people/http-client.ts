import { type ErrorCode, RollcallError } from '../../errors.ts'
import type { RollcallEvent } from '../../events/types.ts'
import { type Rule, type RuleSet, ruleOptions } from '../../rules/options.ts'
import type {
  CalibrationAnswer,
  ListedAction,
  ListedObjection,
  Objected,
  PhotoSearch,
  Review,
  SideBySide,
  WhatIfAnswer,
} from '../../server/people-answers.ts'
import type { PeopleFile } from '../../server/people-bodies.ts'
import type { RuleList } from '../../server/rules-answers.ts'
import type { SightingsPage } from '../../server/sightings-routes.ts'
import type { Person } from '../../types.ts'
import type { PeopleClient, ShownPerson } from './client.ts'

/** How the running Rollcall is asked. */
export interface HttpClientSetup {
  /** A bearer token; null when it needs none. */
  readonly token: string | null
}

/** Long enough for an import of thousands of people to a busy disk. */
const patienceMs = 120_000
/** For a replay of the most tracks, beside cameras. */
const replayMs = 3_600_000

const passedOn: readonly ErrorCode[] = [
  'PERSON_UNKNOWN',
  'PERSON_CONFLICT',
  'STATE',
  'USAGE',
  'CAMERA_NOT_FOUND',
  'CAMERA_URL',
  'CAMERA_LOST',
  'CAMERA_FORMAT',
]

/** The body of an answer that refuses. */
interface Problem {
  readonly error?: {
    readonly code?: string
    readonly message?: string
    readonly remedy?: string
    readonly details?: object
  }
}

/** `http://host:port` of the URL of a Rollcall. Throws USAGE, which does not repeat a password that the URL holds. */
export const originOf = (url: string): string => {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw new RollcallError('USAGE', '--url: expected http://HOST:PORT or https://HOST:PORT', {
      remedy: 'for example --url http://127.0.0.1:8080',
    })
  if (parsed.username !== '' || parsed.password !== '')
    throw new RollcallError('USAGE', '--url: expected no user or password in it', {
      remedy: 'Put a token into the environment variable ROLLCALL_TOKEN.',
    })
  return parsed.origin
}

/** What to do when a certificate is not believed. */
export const certificateRemedy =
  'Name the host that the certificate is for, and in NODE_EXTRA_CA_CERTS the file of its authority; with http.tls: auto that is tls/cert.pem of the state directory.'
const address = 'Check the address'

/** What people may also do, when the address is right. */
const elsewhere = '; for people whom no Rollcall has open name their directory with --state DIR'

/** By the code of Node's error, or by its message: what has happened, and what to do. */
const failures: readonly (readonly [pattern: RegExp, says: string, remedy: string])[] = [
  [/ECONNREFUSED/, 'nobody listens there', address],
  [/ENOTFOUND/, 'there is no host of this name', address],
  [/EAI_AGAIN/, 'the name of the host cannot be looked up now', 'Check the network and its name server.'],
  [/EHOSTUNREACH|ENETUNREACH|EHOSTDOWN/, 'no network leads there', 'Check the address and the network.'],
  [/ETIMEDOUT|CONNECT_TIMEOUT|TimeoutError|aborted due to timeout/, 'it does not answer', address],
  [/WRONG_VERSION_NUMBER|EPROTO|packet length too long/, 'it speaks no TLS', 'Write http:// instead of https://.'],
  [
    /HPE_|Parse Error|not match the HTTP|ECONNRESET|UND_ERR_SOCKET|other side closed/,
    'it speaks no HTTP at this port',
    'Check the port; one with TLS needs https://.',
  ],
  [
    /unexpected redirect/,
    'it redirects, and a token is sent nowhere else',
    'Give the address at which Rollcall itself is.',
  ],
  [/bad port/, 'no HTTP client uses this port', 'Let Rollcall listen on another port.'],
  [/HAS_EXPIRED/, 'its certificate has expired', 'Renew the certificate of that Rollcall.'],
  [/ALTNAME/, 'its certificate is for another host', certificateRemedy],
  [/CERT|SIGNED/, 'nobody vouches for its certificate', certificateRemedy],
]

/** The error of a Rollcall that cannot be reached. `more` ends the remedy of a wrong address. */
const unreachable = (origin: string, cause: unknown, more = elsewhere): RollcallError => {
  const { code = '', message, name } = ((cause as Error).cause ?? cause) as NodeJS.ErrnoException
  const text = `${code} ${name} ${message}`
  const [, says, remedy] = failures.find(([pattern]) => pattern.test(text)) ?? [null, message, address]
  return new RollcallError('STATE', `${origin}: ${says}`, {
    cause,
    remedy: remedy === address ? `${remedy}${more}.` : remedy,
  })
}

/** The error of an answer that refuses. */
const refusal = (origin: string, status: number, { error }: Problem): RollcallError => {
  const message = error?.message ?? `it answered ${status}`
  const code = passedOn.find((known) => known === error?.code)
  if (code) return new RollcallError(code, message, { remedy: error?.remedy, details: error?.details })
  const remedy =
    status === 401
      ? 'Put a token of that Rollcall into the environment variable ROLLCALL_TOKEN.'
      : status === 403
        ? 'Take a token with the scope it asks for: read to look, operate to change, biometric to enroll, export, import and capture.'
        : status === 404
          ? 'Check that this is a Rollcall of this version, and that it keeps people.'
          : 'See its log.'
  return new RollcallError('STATE', `${origin}: ${message}`, { remedy })
}

/** What a running Rollcall is asked. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly token: string | null
  readonly patienceMs: number
  readonly body?: object
  /** The content of an image, instead of a body. */
  readonly photo?: Uint8Array
  /** Ends the remedy of an address where nobody answers; see `unreachable`. */
  readonly elsewhere?: string
}

/** Asks once and resolves to the answer's JSON. Rejects with the Rollcall's errors, or with STATE. */
export const askRollcall = async (origin: string, question: Question): Promise<unknown> => {
  const { method, path, token, body, photo, patienceMs } = question
  let response: Response
  let text: string
  try {
    response = await fetch(origin + path, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...(photo && { 'content-type': 'image/*' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(photo && { body: Uint8Array.from(photo) }),
      // A redirect would send the token elsewhere.
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    })
    text = await response.text()
  } catch (cause) {
    throw unreachable(origin, cause, question.elsewhere)
  }
  const answer = parsed(text)
  if (!response.ok) throw refusal(origin, response.status, (answer ?? {}) as Problem)
  if (answer !== null) return answer
  throw new RollcallError('STATE', `${origin}: expected JSON`, { remedy: 'Check that this is a Rollcall.' })
}

/**
 * Asks a running Rollcall over HTTP. Calls reject with its errors, or with STATE when it cannot be reached or denies
 * access.
 */
export const openHttpClient = (url: string, { token }: HttpClientSetup): PeopleClient => {
  const origin = originOf(url)
  const ask = async <Answer>(method: Question['method'], path: string, body?: object): Promise<Answer> =>
    (await askRollcall(origin, { method, path, token, patienceMs, ...(body && { body }) })) as Answer
  type Changed = { readonly events: readonly RollcallEvent[] }
  const of = (id: string, verb = ''): string => `/api/people/${encodeURIComponent(id)}${verb}`
  const change = async (path: string, body: object): Promise<readonly RollcallEvent[]> =>
    (await ask<Changed>('POST', path, body)).events
  return {
    calibration: () => ask<CalibrationAnswer>('GET', '/api/calibration'),
    list: async () => (await ask<{ people: readonly Person[] }>('GET', '/api/people')).people,
    show: async (id) => (await ask<{ person: ShownPerson }>('GET', of(id))).person,
    sightings: ({ fromMs: from, untilMs: until, ...rest }) => {
      const query = new URLSearchParams()
      for (const [name, value] of Object.entries({ ...rest, from, until }))
        if (value !== undefined) query.set(name, String(value))
      return ask<SightingsPage>('GET', `/api/sightings?${query.toString()}`)
    },
    search: async (_file, photo, fromMs) =>
      (await askRollcall(origin, {
        method: 'POST',
        path: `/api/people/search${fromMs === null ? '' : `?from=${fromMs}`}`,
        token,
        patienceMs,
        photo,
      })) as PhotoSearch,
    name: (id, name) => change(of(id, '/name'), { name }),
    merge: (a, b, force) => change('/api/people/merge', { a, b, force }),
    unmerge: (oldId) => change(of(oldId, '/unmerge'), {}),
    split: (id, chosen) => change(of(id, '/split'), chosen),
    separate: (a, b) => change('/api/people/separate', { a, b }),
    remove: async (id) => (await ask<Changed>('DELETE', of(id))).events,
    enroll: (enrolment) => ask<Changed & { person: ShownPerson }>('POST', '/api/people/enroll', enrolment),
    object: (asked) => ask<Objected>('POST', '/api/objections', asked),
    objections: async () =>
      (await ask<{ objections: readonly ListedObjection[] }>('GET', '/api/objections')).objections,
    revoke: async (id, code) => void (await change(`/api/objections/${encodeURIComponent(id)}/revoke`, { code })),
    revokeWithoutCode: async () => {
      throw new RollcallError('USAGE', 'an objection is taken back without its code only while no Rollcall runs', {
        remedy: 'Stop it, and name the directory with --state DIR.',
      })
    },
    export: () => ask<PeopleFile>('GET', '/api/people/export'),
    import: (file) => change('/api/people/import', file),
    compare: (a, b) => ask<SideBySide>('POST', '/api/people/compare', { a, b }),
    move: (sighting, to) => change(`/api/sightings/${encodeURIComponent(sighting)}/move`, { to }),
    actions: async () => (await ask<{ actions: readonly ListedAction[] }>('GET', '/api/actions?limit=100')).actions,
    undo: (action) => change(`/api/actions/${action}/undo`, {}),
    review: () => ask<Review>('GET', '/api/review?limit=100'),
    answer: (question, answer) => change(`/api/review/${encodeURIComponent(question)}`, answer),
    givenRules: async () => givenOf(await ask<RuleList>('GET', '/api/rules')),
    whatIf: async (question) =>
      (await askRollcall(origin, {
        method: 'POST',
        path: '/api/what-if',
        token,
        patienceMs: replayMs,
        body: question,
      })) as WhatIfAnswer,
    close: async () => undefined,
  }
}

const givenOf = ({ rules }: RuleList): RuleSet => {
  const given: [string, Rule][] = []
  for (const { name, from, ...keys } of rules) if (from === 'http') given.push([name, ruleOptions.parse(keys)])
  return Object.fromEntries(given)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** False only when the connection is refused: then the address that a state directory names is out of date. */
export const isListening = async (url: string): Promise<boolean> => {
  try {
    await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5000) })
    return true
  } catch (error) {
    return ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code !== 'ECONNREFUSED'
  }
}
