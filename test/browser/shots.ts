import type { Page } from 'playwright-core'
import type { BrowserSite } from './site.ts'

/** One picture of docs/viewer.md. */
export interface Shot {
  readonly name: string
  /** The address; it defaults to `/live`. */
  readonly path?: string
  /** It defaults to dark. */
  readonly theme?: 'dark' | 'light'
  readonly width?: number
  readonly height?: number
  readonly phone?: boolean
  /** Four cameras (the default), none, or cameras behind a token. */
  readonly site?: 'four' | 'none' | 'guarded'
  /** False where the page asks for a token. */
  readonly signedIn?: false
  /** What the browser has kept. */
  readonly stored?: Readonly<Record<string, string>>
  /** Done before the page loads. */
  before?(page: Page): Promise<void>
  /** Done before the picture is taken. */
  prepare?(page: Page, site: BrowserSite): Promise<void>
  /** Undoes what `prepare` did to the site. */
  after?(site: BrowserSite): Promise<void>
}

/** The token of the guarded site. */
export const token = 'kN3vQx8mTz5wRb2yLc7p'

const names = ['Anna', 'Björn', 'Chiara', 'Dev', 'Emeka']

/** Waits until each camera shows a picture and somebody is known; gives some of them names. */
const settled = async (page: Page, site: BrowserSite, inView = site.cameras.length): Promise<void> => {
  for (const { name } of site.cameras.slice(0, inView))
    await page.locator(`[data-camera=${name}].has-picture`).waitFor({ timeout: 30_000 })
  await page.locator('#people li:nth-child(6)').waitFor({ timeout: 60_000 })
  const { people }: { people: { id: string; name: string | null }[] } = await page.evaluate(
    `fetch('/api/people').then((answer) => answer.json())`,
  )
  const named = new Set(people.map(({ name }) => name))
  const nameless = people.filter(({ name }) => name === null)
  for (const name of names.filter((each) => !named.has(each))) {
    const person = nameless.shift()
    if (person === undefined) break
    await page.evaluate(
      `fetch('/api/people/${person.id}/name', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify({ name }))} })`,
    )
  }
  await page.locator('#people .here').first().waitFor()
}

/** What the cameras of the picture of states say. */
const states: Readonly<Record<string, object>> = {
  gate: {
    state: 'overloaded',
    code: 'CAMERA_OVERLOADED',
    reason: 'this machine decodes 2 of the 15 pictures that come each second',
  },
  lobby: { state: 'frozen', code: 'CAMERA_FROZEN', reason: 'every picture of the last 20 s is the same' },
  street: {
    state: 'offline',
    code: 'CAMERA_UNREACHABLE',
    reason: '192.0.2.17:554 refuses the connection: is the camera on, and the port right?',
    retryInMs: 23_000,
  },
}

/**
 * Tells the page other states of cameras than they have: `overloaded` cannot be brought about at will, and the others do not
 * last. All else is what the server says.
 */
const tellStates = (page: Page, told: typeof states): Promise<void> =>
  page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer()
    server.onMessage((message) => {
      const parsed = typeof message === 'string' ? JSON.parse(message) : null
      if (parsed?.type === 'event' && parsed.event.type.startsWith('rollcall.camera.')) return
      if (parsed?.type !== 'snapshot') return socket.send(message)
      const atMs = parsed.nowMs
      parsed.snapshot.cameras = parsed.snapshot.cameras.map((change: { camera: string }) => ({
        ...change,
        ...(told[change.camera] && { atMs }),
        ...told[change.camera],
      }))
      return socket.send(JSON.stringify(parsed))
    })
  })

/** Waits until a page has what it asks the server for, its pictures too. */
const filled = async (page: Page, selector: string): Promise<void> => {
  await page.locator(selector).first().waitFor()
  await page.waitForLoadState('networkidle')
}

const phone = { phone: true, width: 360, height: 740 } as const

/** All pictures, in the order in which they are made: the site's state carries over. */
export const shots: readonly Shot[] = [
  { name: 'live-dark', prepare: settled },
  { name: 'live-light', theme: 'light', prepare: settled },
  {
    name: 'live-large',
    path: '/live/lobby',
    stored: { 'rollcall.live': JSON.stringify({ readout: true, pinned: ['gate'] }) },
    prepare: settled,
  },
  { name: 'live-phone', ...phone, prepare: (page, site) => settled(page, site, 2) },
  { name: 'people', path: '/people', prepare: (page) => filled(page, '.people') },
  { name: 'people-light', path: '/people', theme: 'light', prepare: (page) => filled(page, '.people') },
  {
    name: 'person',
    path: '/people',
    prepare: async (page) => {
      const id: string = await page.evaluate(
        `fetch('/api/people').then((answer) => answer.json()).then(({ people }) => (people.find(({ name }) => name === 'Anna') ?? people[0]).id)`,
      )
      await page.goto(page.url().replace(/#.*/, `#/people/${id}`))
      await filled(page, '.person')
    },
  },
  { name: 'review', path: '/review', prepare: (page) => filled(page, 'main > *') },
  { name: 'cameras', path: '/cameras', prepare: (page) => filled(page, 'main > *') },
  { name: 'events', path: '/events', prepare: (page) => filled(page, 'main > *') },
  { name: 'events-light', path: '/events', theme: 'light', prepare: (page) => filled(page, 'main > *') },
  { name: 'system', path: '/system', prepare: (page) => filled(page, 'main > *') },
  {
    name: 'live-states',
    before: (page) => tellStates(page, states),
    prepare: async (page, site) => {
      for (const { name } of site.cameras)
        await page.locator(`[data-camera=${name}].has-picture`).waitFor({ timeout: 30_000 })
      await page.locator('[data-camera=street][data-state=offline]').waitFor()
    },
  },
  {
    name: 'server-gone',
    prepare: async (page, site) => {
      await page.locator('[data-camera=lobby].has-picture').waitFor({ timeout: 30_000 })
      await site.stop()
      await page.locator('#banner:not([hidden])').waitFor()
    },
    after: (site) => site.start(),
  },
  { name: 'live-empty', site: 'none' },
  {
    name: 'sign-in-wrong',
    site: 'guarded',
    signedIn: false,
    prepare: async (page) => {
      await page.locator('#login[open]').waitFor()
      await page.getByRole('textbox', { name: 'Token' }).fill('not-the-token-of-this-site')
      await page.keyboard.press('Enter')
      await page.locator('#login-complaint:not(:empty)').waitFor()
    },
  },
]
