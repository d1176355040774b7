import { element } from '../ui/element.ts'
import { createNavigation } from './navigation.ts'
import type { Page, PageContext } from './page.ts'
import { type PageName, pageOf, pages } from './pages.ts'
import { parseRoute } from './router.ts'
import { createSummary } from './summary.ts'

/** What the window consists of, beside the pages. */
export interface ShellParts {
  readonly context: PageContext
  readonly banner: HTMLElement
  readonly toasts: HTMLElement
}

/** The window: bar, banner and the page that the address names. */
export interface Shell {
  readonly summary: ReturnType<typeof createSummary>
  /** Where buttons that belong to everything go. */
  readonly tools: HTMLElement
}

/** Dialogs belong to the page that they were opened on; signing in does not. */
const closeDialogs = (): void => {
  for (const dialog of document.querySelectorAll<HTMLDialogElement>('dialog[open]:not(#login)')) dialog.close()
}

/** Builds the window, and shows the page of the address, now and whenever the address changes. */
export const createShell = ({ context, banner, toasts }: ShellParts): Shell => {
  const navigation = createNavigation(localStorage)
  const main = element('main', { id: 'main', tabindex: '-1' })
  const skip = element('a', { class: 'skip', href: '#main' }, 'To the content')
  skip.addEventListener('click', (event) => {
    event.preventDefault()
    main.focus()
  })
  document.body.prepend(skip, banner, navigation.element, main, toasts)

  const made = new Map<PageName, Page>()
  let shown: PageName | null = null
  const route = (): void => {
    const to = parseRoute(location.hash)
    const name = pageOf(to)
    const page = made.get(name) ?? pages[name](context)
    made.set(name, page)
    if (shown !== name) {
      if (shown !== null) made.get(shown)?.hide()
      closeDialogs()
      main.replaceChildren(page.element)
      navigation.mark(name === 'person' ? 'people' : name)
      document.body.dataset.page = name
      if (shown !== null) scrollTo(0, 0)
      shown = name
    }
    page.show(to.path)
  }
  addEventListener('hashchange', route)
  route()
  return { summary: createSummary(navigation.summary, context.site), tools: navigation.tools }
}
