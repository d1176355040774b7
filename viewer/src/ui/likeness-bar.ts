import { element } from './element.ts'

const percent = (score: number): string => `${Math.round(100 * Math.min(1, Math.max(0, score)))}%`

/**
 * How alike two are, as a bar from 0 to 1 with a mark where `threshold` is reached. It is a drawing of what words beside it say, so
 * screen readers pass over it.
 */
export const likenessBar = (score: number, threshold: number): HTMLElement => {
  const bar = element('div', {
    class: score >= threshold ? 'likeness-bar enough' : 'likeness-bar',
    'aria-hidden': 'true',
  })
  bar.style.setProperty('--score', percent(score))
  bar.style.setProperty('--enough', percent(threshold))
  return bar
}
