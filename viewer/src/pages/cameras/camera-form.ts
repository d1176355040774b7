import type { CameraTest, ListedCamera } from '../../../../src/server/camera-answers.ts'
import type { ApiError } from '../../shell/api.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { testResult } from './test-result.ts'

/** A camera is not added, but changed: which one. Null: added. */
type Edited = ListedCamera | null

let count = 0

const field = (label: string, input: HTMLElement, hint = ''): HTMLElement => {
  const id = `camera-field-${++count}`
  input.id = id
  if (hint !== '') input.setAttribute('aria-describedby', `${id}-hint`)
  return element(
    'div',
    { class: 'field' },
    element('label', { for: id }, label),
    input,
    ...(hint === '' ? [] : [element('small', { id: `${id}-hint` }, hint)]),
  )
}

const input = (attributes: Readonly<Record<string, string>>): HTMLInputElement =>
  element('input', { autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none', ...attributes })

/** A setting as text; `usual` where it has its default. */
const shown = (value: unknown, usual: string): string =>
  typeof value === 'number' || typeof value === 'string' ? `${value}` : usual

/** The fields of a camera. */
const createFields = (edited: Edited) => {
  const name = input({ name: 'name', required: '', maxlength: '64', placeholder: 'door' })
  const url = input({ name: 'url', required: '', placeholder: 'rtsp://192.168.1.10/stream1' })
  const detailUrl = input({ name: 'detailUrl', placeholder: 'rtsp://192.168.1.10/stream0' })
  const user = input({ name: 'user' })
  const password = input({ name: 'password', type: 'password', autocomplete: 'new-password' })
  const maxFps = input({ name: 'maxFps', type: 'number', min: '1', max: '240' })
  const rotate = element(
    'select',
    { name: 'rotate' },
    ...['auto', '0', '90', '180', '270'].map((each) => new Option(each)),
  )
  const transport = element('select', { name: 'transport' }, ...['tcp', 'udp', 'auto'].map((each) => new Option(each)))
  const { settings = {} } = edited ?? {}
  url.value = edited?.url ?? ''
  detailUrl.value = edited?.detailUrl ?? ''
  maxFps.value = shown(settings.maxFps, '')
  rotate.value = shown(settings.rotate, 'auto')
  transport.value = shown(settings.transport, 'tcp')
  const kept = edited?.login === true ? 'Leave both empty to keep the login that is there; it is never shown.' : ''
  const more = element(
    'details',
    {},
    element('summary', {}, 'More'),
    field(
      'Large stream',
      detailUrl,
      'Of the same camera, when the address above is its small one: faces are taken from it.',
    ),
    field('Most frames analysed in a second', maxFps),
    field('Turn clockwise, degrees', rotate),
    field('RTSP over', transport),
  )
  const fields = element(
    'div',
    { class: 'camera-fields' },
    ...(edited === null ? [field('Name', name, 'Letters, digits, “_”, “.” and “-”; it does not change later.')] : []),
    field('Address', url, 'rtsp://, rtsps://, http:// or https://; a file or v4l2:///dev/video0 works, too.'),
    element('div', { class: 'login-fields' }, field('User', user), field('Password', password, kept)),
    more,
  )
  /** The keys of the API. Null takes a key out. */
  const keys = (): Record<string, unknown> => {
    const isNew = edited === null
    const optional = (value: unknown, usual: unknown): unknown => (value === usual ? (isNew ? undefined : null) : value)
    const login = user.value === '' && password.value === '' ? {} : { user: user.value, password: password.value }
    return {
      url: url.value.trim(),
      ...login,
      detailUrl: optional(detailUrl.value.trim(), ''),
      maxFps: optional(maxFps.value === '' ? '' : Number(maxFps.value), ''),
      rotate: optional(rotate.value === 'auto' ? 'auto' : Number(rotate.value), 'auto'),
      transport: optional(transport.value, 'tcp'),
    }
  }
  return { element: fields, first: edited === null ? name : url, name, keys }
}

/**
 * Asks for a camera in a dialog: tests it and saves it, as often as it takes. With `edited` that one is changed. Resolves to
 * the name when it was saved, null after Cancel or Esc.
 */
export const askForCamera = (context: Pick<PageContext, 'api'>, edited: Edited = null): Promise<string | null> =>
  new Promise((resolve) => {
    const { api } = context
    const fields = createFields(edited)
    const result = element('div', { class: 'test', role: 'status' })
    const title = edited === null ? 'Add a camera' : `Change ${edited.camera}`
    const test = button('Test', () => void tryOut(), { class: 'button' })
    const save = element('button', { type: 'submit', class: 'button primary' }, edited === null ? 'Add' : 'Save')
    const cancel = button('Cancel', () => dialog.close())
    const form = element(
      'form',
      { method: 'dialog', novalidate: '' },
      element('h2', { id: 'camera-dialog-title' }, title),
      fields.element,
      result,
      element('div', { class: 'dialog-buttons' }, cancel, test, save),
    )
    const dialog = element('dialog', { class: 'dialog camera-dialog', 'aria-labelledby': 'camera-dialog-title' }, form)
    let saved: string | null = null

    const busy = async (words: string, work: () => Promise<void>): Promise<void> => {
      if (!form.reportValidity()) return
      test.disabled = true
      save.disabled = true
      result.replaceChildren(element('p', { class: 'waiting' }, words))
      try {
        await work()
      } catch (error) {
        const { message, remedy } = error as ApiError
        result.replaceChildren(
          element(
            'div',
            { class: 'test-result bad' },
            element('p', { class: 'trouble' }, message),
            element('p', { class: 'remedy' }, remedy),
          ),
        )
      }
      test.disabled = false
      save.disabled = false
      result.scrollIntoView({ block: 'nearest' })
    }
    const tryOut = (): Promise<void> =>
      busy('The camera is opened: this takes some seconds …', async () => {
        const which = edited === null ? {} : { camera: edited.camera }
        const found = await api.post<CameraTest>('/api/cameras/test', { ...which, ...fields.keys() })
        if (dialog.open) result.replaceChildren(testResult(found))
      })
    const keep = (): Promise<void> =>
      busy('Saving …', async () => {
        const name = edited?.camera ?? fields.name.value.trim()
        if (edited === null) await api.post('/api/cameras', { name, ...fields.keys() })
        else await api.patch(`/api/cameras/${encodeURIComponent(name)}`, fields.keys())
        saved = name
        dialog.close()
      })
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void keep()
    })
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(saved)
    })
    document.body.append(dialog)
    dialog.showModal()
    fields.first.focus()
  })
