import { byId } from './element.ts'

const complaints = {
  'no-token': '',
  'unknown-token': 'Rollcall does not know this token.',
  'no-scope': 'This token may not read: it needs the scope “read”.',
} as const

/** The dialog that asks for a token. */
export interface Login {
  /** Asks for a token, and says what was wrong with the one before. */
  open(because: keyof typeof complaints): void
  close(): void
}

/** Shows one field over everything until a token is accepted. `onToken` gets what was typed. */
export const createLogin = (onToken: (token: string) => void): Login => {
  const dialog = byId('login', HTMLDialogElement)
  const field = byId('token', HTMLInputElement)
  const complaint = byId('login-complaint', HTMLElement)
  const button = byId('login-open', HTMLButtonElement)
  // Escape must not close it, because without a token there is nothing to see.
  dialog.addEventListener('cancel', (event) => event.preventDefault())
  byId('login-form', HTMLFormElement).addEventListener('submit', (event) => {
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
