import { button, element } from '../ui/element.ts'

/** The line over everything that says that the connection is lost. */
export interface Banner {
  readonly element: HTMLElement
  /** Says when the next attempt is made, in seconds; null takes the line away. */
  show(waitS: number | null): void
}

/** `onRetry` makes the next attempt at once. */
export const createBanner = (onRetry: () => void): Banner => {
  const text = element('span', { id: 'banner-text' })
  const banner = element('div', { id: 'banner', role: 'status' }, text, button('Try now', onRetry, { id: 'retry' }))
  banner.hidden = true
  return {
    element: banner,
    show: (waitS) => {
      banner.hidden = waitS === null
      if (waitS === null) return
      const next = waitS <= 0 ? 'now' : `in ${waitS} s`
      text.textContent = `The connection to Rollcall is lost; what you see is old. Next try ${next}.`
    },
  }
}
