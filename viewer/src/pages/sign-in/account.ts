import type { Me, Session, SessionLine } from '../../session.ts'
import { type Api, ApiError } from '../../shell/api.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { icon } from '../../ui/icon.ts'
import { whenWords } from '../../ui/when.ts'
import { qrCode } from './qr-code.ts'

/** What the account's dialog does its work with. */
export interface AccountParts {
  readonly session: Session
  readonly api: Api
  readonly say: PageContext['say']
  /** Somebody has signed out: nothing may be shown any more. */
  readonly onSignedOut: () => void
}

interface Link {
  readonly urls: readonly string[]
  readonly expiresInMs: number
}

const scopeWords = {
  read: 'see cameras, people and events',
  operate: 'change people and cameras',
  biometric: 'see faces, enrol and export',
} as const

/** The first that a browser names counts: an iPad says that it is a Mac, too. */
const systems = ['iPhone', 'iPad', 'Android', 'Windows', 'Mac', 'CrOS', 'Linux'] as const

/** `Mozilla/5.0 (Linux; Android 14; …) … Chrome/120 …` becomes `Chrome on Android`. */
const deviceWords = (device: string): string => {
  const browser = /(Firefox|Edg|Chrome|Safari)\//.exec(device)?.[1]?.replace('Edg', 'Edge') ?? 'A program'
  const system = systems.find((each) => device.includes(each))
  return system === undefined ? browser : `${browser} on ${system}`
}

const words = (error: unknown): string => (error instanceof ApiError ? error.message : String(error))

/** Two names for one act: an address of the phone's network comes first, where this page was opened on the machine itself. */
const linkPart = ({ api, say }: AccountParts): HTMLElement => {
  const place = element('div', { class: 'account-link', 'aria-live': 'polite' })
  const show = async (): Promise<void> => {
    const { urls, expiresInMs } = await api.post<Link>('/api/session/link')
    const [url = ''] = urls
    const field = element('input', { type: 'text', readonly: '', 'aria-label': 'Link', value: url })
    const copy = button('Copy', () => void navigator.clipboard?.writeText(url).then(() => say('Copied')), {
      class: 'button',
    })
    place.replaceChildren(
      qrCode(url, 'QR code of the link: a phone opens it with its camera'),
      element('p', {}, `Good once, for ${expiresInMs / 60_000} minutes. Whoever opens it is signed in as you.`),
      element('div', { class: 'account-row' }, field, copy),
    )
  }
  const make = button(
    'Sign in on a phone',
    () => void show().catch((error: unknown) => say(words(error), { bad: true })),
  )
  return element('section', {}, make, place)
}

const sessionPart = ({ api, say }: AccountParts, { sessions }: Me, again: () => void): HTMLElement => {
  const end = async ({ id }: SessionLine): Promise<void> => {
    await api.delete(`/api/session/${id}`).catch((error: unknown) => say(words(error), { bad: true }))
    again()
  }
  const rows = sessions.map((each) => {
    const name = element(
      'span',
      {},
      deviceWords(each.device),
      element('small', {}, each.current ? 'this browser' : `last used ${whenWords(each.lastUsedAtMs)}`),
    )
    return element('li', {}, name, ...(each.current ? [] : [button('End', () => void end(each), { class: 'button' })]))
  })
  return element('section', {}, element('h3', {}, 'Signed in'), element('ul', { class: 'account-sessions' }, ...rows))
}

/** The button of the account: who one is, what that allows, a link for the phone, signing out. Hidden where nobody signs in. */
export const createAccount = (parts: AccountParts): HTMLElement => {
  const { session, say, onSignedOut } = parts
  const dialog = element('dialog', { class: 'dialog', id: 'account', 'aria-labelledby': 'account-title' })
  const signOut = async (): Promise<void> => {
    await session.signOut()
    dialog.close()
    onSignedOut()
  }
  const fill = (me: Me): void => {
    const allowed = me.scopes.map((scope) => element('li', {}, scopeWords[scope]))
    dialog.replaceChildren(
      element('h2', { id: 'account-title' }, element('bdi', {}, me.name)),
      element('p', {}, 'You may'),
      element('ul', {}, ...allowed),
      linkPart(parts),
      sessionPart(parts, me, () => void open()),
      element(
        'div',
        { class: 'dialog-buttons' },
        button('Sign out', () => void signOut().catch((error: unknown) => say(words(error), { bad: true })), {
          class: 'button',
        }),
        button('Close', () => dialog.close(), { class: 'button primary' }),
      ),
    )
  }
  const open = async (): Promise<void> => {
    const me = await session.read().catch(() => session.me())
    if (me === null) return
    fill(me)
    if (!dialog.open) dialog.showModal()
  }
  const opener = button(icon('account'), () => void open(), {
    class: 'button icon-button',
    title: 'Account',
    'aria-label': 'Account',
  })
  const place = element('div', { class: 'account' }, opener, dialog)
  place.hidden = session.me()?.required !== true
  return place
}
