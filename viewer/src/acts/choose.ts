import { createDialogWork } from '../shell/dialog-work.ts'
import { button, element } from '../ui/element.ts'

/** One way to answer. */
export interface Choice<Value> {
  readonly words: Node | string
  readonly value: Value
  /** `primary` is what most people want, `danger` what cannot be undone or goes against what is known. */
  readonly look?: 'primary' | 'danger'
}

/** A question with several answers. */
export interface ChoiceQuestion<Value> {
  readonly title: string
  readonly body: Node
  readonly choices: readonly Choice<Value>[]
  /** Called with what answers, for answers in the body. */
  readonly onOpen?: (answer: (value: Value) => void) => void
  /** Does what was answered. When it rejects, the dialog says why and stays open. */
  readonly work?: (value: Value) => Promise<unknown>
}

let count = 0

/** Asks in a modal dialog. Resolves to the answer once its work, if any, is done; null after Cancel or Esc. */
export const choose = <Value>({ title, body, choices, onOpen, work }: ChoiceQuestion<Value>): Promise<Value | null> =>
  new Promise((resolve) => {
    const id = `choice-${++count}`
    let chosen: Value | null = null
    const dialog = element('dialog', { class: 'dialog', 'aria-labelledby': id })
    const { refusal, run } = createDialogWork(dialog)
    const answer = (value: Value): void => {
      void run(async () => work?.(value)).then((isDone) => {
        if (!isDone) return
        chosen = value
        dialog.close()
      })
    }
    const buttons = choices.map(({ words, value, look = '' }) =>
      button(words, () => answer(value), { class: `button ${look}`.trim() }),
    )
    const cancel = button('Cancel', () => dialog.close())
    const all = element('div', { class: 'dialog-buttons' }, cancel, ...buttons)
    dialog.append(element('div', { class: 'act' }, element('h2', { id }, title), body, refusal, all))
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(chosen)
    })
    document.body.append(dialog)
    dialog.showModal()
    onOpen?.(answer)
  })
