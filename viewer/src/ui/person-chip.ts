import type { PersonId } from '../../../src/types.ts'
import type { SiteStore } from '../shell/site-store.ts'
import { element } from './element.ts'
import { colourOf, shortId } from './person-look.ts'

const write = (chip: HTMLElement, site: SiteStore): void => {
  const person = site.resolve(chip.dataset.chip ?? '')
  const name = chip.dataset.as ?? site.nameOf(person)
  if (chip.textContent !== name) chip.firstElementChild?.replaceChildren(name)
  chip.classList.toggle('unnamed', name === shortId(person) || name === shortId(chip.dataset.chip ?? ''))
  chip.setAttribute('href', `#/people/${encodeURIComponent(person)}`)
  chip.title = person
  chip.style.setProperty('--person', colourOf(person))
}

/**
 * A person's name, or the end of the ID, in the person's colour: a link to the person's page. `bdi` keeps a name that is
 * written from right to left from reversing the text around it. The shell writes it anew when the name changes, unless `as` says how to call the person for ever.
 */
export const personChip = ({ site }: { readonly site: SiteStore }, id: PersonId, as?: string): HTMLElement => {
  const chip = element('a', { class: 'chip', 'data-chip': id, ...(as && { 'data-as': as }) }, element('bdi'))
  write(chip, site)
  return chip
}

/** Writes the chips of the document as people are called now. */
export const refreshChips = (site: SiteStore): void => {
  for (const chip of document.querySelectorAll<HTMLElement>('[data-chip]')) write(chip, site)
}
