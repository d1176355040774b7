import type { ReviewQuestion } from '../../../../src/server/people-answers.ts'
import { keyOf } from './question-card.ts'

/** What a key does on the page: it presses the button of the answer that has this key, unless somebody types or a dialog asks. */
export const answerKeys =
  (place: HTMLElement, current: () => ReviewQuestion | null) =>
  (event: KeyboardEvent): void => {
    const isTyping =
      event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog') !== null
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
    const answer = ([...(current()?.answers ?? []), 'later'] as const).find(
      (each) => keyOf[each] === event.key.toLowerCase(),
    )
    const pressed = answer && place.querySelector<HTMLButtonElement>(`[data-reply="${answer}"]`)
    if (!pressed || pressed.disabled) return
    event.preventDefault()
    pressed.click()
  }
