import type { PageContext } from '../../shell/page.ts'
import { copyText } from '../../ui/copy.ts'
import { button, element } from '../../ui/element.ts'
import { icon } from '../../ui/icon.ts'
import { asCode, asCommand } from './copy-as.ts'
import type { Filter } from './filter.ts'

/** Buttons that copy what gets the same events elsewhere. */
export const createCopyButtons = (filter: () => Filter, say: PageContext['say']): HTMLElement => {
  const copy = (words: string, text: () => string, what: string): HTMLElement => {
    const act = () =>
      void copyText(text()).then((isCopied) =>
        say(isCopied ? `${what} is copied.` : `Copy it by hand: ${text()}`, { bad: !isCopied }),
      )
    const created = button(icon('copy'), act)
    created.append(words)
    return created
  }
  return element(
    'div',
    { class: 'copies', role: 'group', 'aria-label': 'Get the same elsewhere' },
    copy('Copy as rollcall events tail', () => asCommand(filter(), location.origin), 'The command'),
    copy('Copy as code', () => asCode(filter(), location.origin), 'The code'),
  )
}
