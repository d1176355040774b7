import { element } from '../../ui/element.ts'

const complaints = {
  'no-token': '',
  'unknown-token': 'Rollcall does not know this token.',
  'no-scope': 'This token may not read: it needs the scope “read”.',
} as const

/** The dialog that asks for a token. */
export interface SignIn {
  /** Asks for a token, and says what was wrong with the one before. */
  open(because: keyof typeof complaints): void
  close(): void
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
    ' in the configuration, or from the terminal where Rollcall was started. This tab keeps it until it is closed.',
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

/** Shows one field over everything until a token is accepted. `onToken` gets what was typed. */
export const createSignIn = (onToken: (token: string) => void): SignIn => {
  const { dialog, form, field, complaint, button } = createElements()
  document.body.append(dialog)
  // Escape must not close it, because without a token there is nothing to see.
  dialog.addEventListener('cancel', (event) => event.preventDefault())
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const token = field.value.trim()
    if (token === '') return
    button.disabled = true
    onToken(token)
  })
  return {
    open: (because) => {
      complaint.textContent = complaints[because]
      button.disabled = false
      if (!dialog.open) dialog.showModal()
      field.select()
    },
    close: () => {
      field.value = ''
      if (dialog.open) dialog.close()
    },
  }
}
