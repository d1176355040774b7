import { button, element } from '../ui/element.ts'
import { icon } from '../ui/icon.ts'
import { entries } from './pages.ts'
import { readTheme, type Theme, themes, useTheme } from './theme.ts'

/** The bar with the name, the pages and the counts. */
export interface Navigation {
  readonly element: HTMLElement
  /** Where the counts go. */
  readonly summary: HTMLElement
  /** Where buttons that belong to everything go, such as signing out. */
  readonly tools: HTMLElement
  /** Marks the page that is shown. */
  mark(name: string): void
}

const themeWords = { system: 'as the system', dark: 'dark', light: 'light' } as const
const themeIcons = { system: 'system_theme', dark: 'moon', light: 'sun' } as const

/** A button that goes from one look to the next. */
const themeButton = (storage: Storage): HTMLElement => {
  let theme: Theme = readTheme(storage)
  const next = button('', () => use(themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system'), {
    class: 'button icon-button',
  })
  const use = (chosen: Theme): void => {
    theme = chosen
    useTheme(theme, storage)
    next.replaceChildren(icon(themeIcons[theme]))
    next.title = `Colours: ${themeWords[theme]}`
    next.ariaLabel = next.title
  }
  use(theme)
  return next
}

/** Links to all pages. */
export const createNavigation = (storage: Storage): Navigation => {
  const links = new Map(
    entries.map(({ name, title, icon: drawing }) => {
      const badge = element('span', { class: 'badge', 'data-badge': name })
      return [name, element('a', { href: `#/${name}` }, icon(drawing), element('span', {}, title), badge)]
    }),
  )
  const summary = element('dl', { id: 'summary' })
  const tools = element('div', { class: 'tools' }, themeButton(storage))
  const nav = element('nav', { 'aria-label': 'Pages' }, ...links.values())
  const title = element('a', { class: 'brand', href: '#/live' }, element('h1', {}, 'Rollcall'))
  return {
    element: element('header', { class: 'bar' }, title, nav, summary, tools),
    summary,
    tools,
    mark: (current) => {
      for (const [name, link] of links) {
        if (name === current) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
      }
    },
  }
}
