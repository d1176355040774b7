import type { TruthScore } from '../../../src/types.ts'
import { element } from '../ui/element.ts'
import type { SiteStore } from './site-store.ts'

/** Writes the counts of the bar. */
export interface Summary {
  update(): void
  /** Only the demo knows who is really there. */
  showScore(score: TruthScore): void
}

/** Fills the list `into` with the counts of cameras and people. */
export const createSummary = (into: HTMLElement, site: SiteStore): Summary => {
  const counts = {
    online: element('dd', { id: 'cameras-online' }, '–'),
    here: element('dd', { id: 'people-now' }, '–'),
    score: element('dd', { id: 'score-text' }),
    known: element('dd', { id: 'people-known' }, '–'),
  }
  const score = element('div', { id: 'score' }, element('dt', {}, 'Truth'), counts.score)
  score.hidden = true
  into.append(
    element('div', {}, element('dt', {}, 'Cameras online'), counts.online),
    element('div', {}, element('dt', {}, 'People here now'), counts.here),
    score,
    element('div', {}, element('dt', {}, 'People known'), counts.known),
  )
  return {
    update: () => {
      const cameras = site.cameras()
      const online = cameras.filter(({ state }) => state === 'online' || state === 'overloaded').length
      counts.online.textContent = `${online} of ${cameras.length}`
      counts.here.textContent = String(site.here().size)
      counts.known.textContent = String(site.people().length)
    },
    showScore: ({ people: real, found, idsPerPerson, switches }) => {
      score.hidden = false
      counts.score.replaceChildren(
        `${found} of ${real} found`,
        element(
          'span',
          { class: 'more' },
          `, ${idsPerPerson.toFixed(2)} IDs each, ${switches} ${switches === 1 ? 'switch' : 'switches'}`,
        ),
      )
    },
  }
}
