import type { Session } from '../../session.ts'
import { element } from '../../ui/element.ts'

/** Asks for a token where one is needed. */
export interface SignIn {
  /** Shows one field over everything, with a reason if there is one. Resolves when somebody has signed in. */
  ask(why: string): Promise<void>
}

/** The elements of the dialog. */
const createElements = () => {
  const field = element('input', {
    id: 'token',
    type: 'password',
    name: 'token',
    autocomplete: 'current-password',
    spellcheck: 'false',
    required: '',
  })
  const complaint = element('p', { id: 'login-complaint', role: 'alert' })
  const open = element('button', { id: 'login-open', type: 'submit', class: 'button primary' }, 'Open')
  const hint = element(
    'p',
    { class: 'hint' },
    'From ',
    element('code', {}, 'http.auth.tokens'),
    ' in the configuration, or from the terminal where Rollcall was started. This browser stays signed in until you sign out. A phone signs in by a link: “Account” on a device that is signed in shows one.',
  )
  const form = element(
    'form',
    { id: 'login-form' },
    element('h2', { id: 'login-title' }, 'Rollcall asks for a token'),
    element('label', { for: 'token' }, 'Token'),
    field,
    complaint,
    open,
    hint,
  )
  const dialog = element('dialog', { id: 'login', class: 'dialog', 'aria-labelledby': 'login-title' }, form)
  return { dialog, form, field, complaint, button: open }
}

/**
 * Shows the field over the page, which stays as it is: after signing in again everybody is where they were. Escape does not close
 * it, because without a token there is nothing to see.
 */
export const createSignIn = (session: Pick<Session, 'signIn'>): SignIn => {
  const { dialog, form, field, complaint, button } = createElements()
  let asked: { readonly done: Promise<void>; readonly resolve: () => void } | undefined
  document.body.append(dialog)
  dialog.addEventListener('cancel', (event) => event.preventDefault())
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const token = field.value.trim()
    if (token === '') return
    button.disabled = true
    const refusal = await session.signIn({ token })
    button.disabled = false
    complaint.textContent = refusal ?? ''
    if (refusal !== null) return field.select()
    field.value = ''
    dialog.close()
    asked?.resolve()
    asked = undefined
  })
  return {
    ask: (why) => {
      complaint.textContent = why
      if (asked === undefined) {
        const { promise, resolve } = Promise.withResolvers<void>()
        asked = { done: promise, resolve }
      }
      if (!dialog.open) dialog.showModal()
      field.select()
      return asked.done
    },
  }
}
