import type { Person, TruthScore } from '../../src/types.ts'
import { createAccount } from './pages/sign-in/account.ts'
import { createSignIn } from './pages/sign-in/sign-in.ts'
import { createSession } from './session.ts'
import { createApi } from './shell/api.ts'
import { createBanner } from './shell/banner.ts'
import { connectPage } from './shell/connection-client.ts'
import { ask } from './shell/dialogs.ts'
import type { PageContext } from './shell/page.ts'
import { createShell } from './shell/shell.ts'
import { createSiteStore } from './shell/site-store.ts'
import { createToasts } from './shell/toasts.ts'
import { refreshChips } from './ui/person-chip.ts'

/** The list of people is read again at most this often. */
const peopleReadMs = 2000

const api = createApi(() => askAgain('Your session has ended: sign in again.'))
const session = createSession(api)
const signIn = createSignIn(session)
/** A link for another device has its code in the fragment, which the server never sees before this. */
const [, code] = /^#\/sign-in\/([\w-]+)/.exec(location.hash) ?? []
if (code !== undefined) history.replaceState(null, '', '#/live')
const refusal = code === undefined ? null : await session.signIn({ code })
if (code === undefined || refusal !== null) {
  // Without an answer the page is shown all the same, and says that the server is gone.
  const isKnown = await session.read().catch(() => true)
  if (isKnown === null) await signIn.ask(refusal ?? '')
}

const store = createSiteStore()
const { site } = store
const toasts = createToasts()

/** When the next attempt to connect starts, by `performance.now()`; null when none is planned. */
let reconnectAtMs: number | null = null
let peopleChanged = false
let peopleReadAtMs = Number.NEGATIVE_INFINITY

const connection = connectPage(store, {
  onConnected: () => {
    reconnectAtMs = null
    peopleChanged = true
    tick()
  },
  onRefused: (because) => {
    reconnectAtMs = null
    tick()
    askAgain(
      because === 'no-scope'
        ? 'This token may not read: it needs the scope “read”.'
        : 'Your session has ended: sign in again.',
    )
  },
  onLost: (retryInMs) => {
    reconnectAtMs = performance.now() + retryInMs
    tick()
  },
})
/** The page stays where it is, under the question. Somebody else gets it anew, because they may do other things. */
function askAgain(why: string): void {
  const before = session.me()?.name
  void signIn.ask(why).then(() => {
    if (session.me()?.name === before) connection.retryNow()
    else location.reload()
  })
}
const banner = createBanner(() => connection.retryNow())
const context: PageContext = {
  api,
  site,
  client: connection.client,
  onEvent: connection.onEvent,
  may: (scope) => session.me()?.scopes.includes(scope) ?? true,
  say: toasts.say,
  ask,
  go: (path) => {
    location.hash = `#${path}`
  },
}
const shell = createShell({ context, banner: banner.element, toasts: toasts.element })
shell.tools.append(createAccount({ session, api, say: toasts.say, onSignedOut: () => location.reload() }))

connection.onEvent((event) => {
  if (!event.type.startsWith('rollcall.camera.')) peopleChanged = true
})

const readPeople = async (): Promise<void> => {
  peopleChanged = false
  peopleReadAtMs = performance.now()
  const answer = await api.get<{ people: readonly Person[] }>('/api/people').catch(() => null)
  if (answer !== null) store.resetPeople(answer.people)
}

/** Only the demo knows who is really there. */
const readScore = async (): Promise<void> => {
  if (!site.isConnected()) return
  const answer = await api.get<{ score: TruthScore | null }>('/api/score').catch(() => null)
  if (answer === null) return
  if (answer.score === null) clearInterval(scoreTimer)
  else shell.summary.showScore(answer.score)
}

const tick = (): void => {
  const nowMs = performance.now()
  if (peopleChanged && site.isConnected() && nowMs - peopleReadAtMs >= peopleReadMs) void readPeople()
  banner.show(reconnectAtMs === null ? null : Math.max(0, Math.ceil((reconnectAtMs - nowMs) / 1000)))
  document.body.classList.toggle('lost', reconnectAtMs !== null)
  document.body.dataset.connected = String(site.isConnected())
  shell.summary.update()
}

site.onChange(tick)
site.onChange(() => refreshChips(site))
setInterval(tick, 500)
const scoreTimer = setInterval(() => void readScore(), peopleReadMs)
