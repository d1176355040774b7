import type { PersonId } from '../../../src/types.ts'
import type { PageContext } from '../shell/page.ts'
import { bestPhotosOf } from './best-photos.ts'
import { element } from './element.ts'
import { colourOf } from './person-look.ts'

/** What people take for single characters: an emoji with its skin colour is one. */
const graphemes = (text: string): string[] => [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment)

/** The first letters of two words of a name, the first two of one word, or the last two characters of an ID. */
const lettersOf = (words: string, isId: boolean): string => {
  const [first = [], second] = words.trim().split(/\s+/).map(graphemes)
  const letters = second === undefined ? first.slice(isId ? -2 : 0).slice(0, 2) : [first[0], second[0]]
  return letters.join('').toUpperCase()
}

/**
 * A round picture of a person, `size` CSS pixels wide: the best shot when one is kept and the caller may see it, else, and until
 * it is there, the person's colour with two letters.
 */
export const personAvatar = (
  { site, api, may }: Pick<PageContext, 'site'> & Partial<Pick<PageContext, 'api' | 'may'>>,
  id: PersonId,
  size: number,
): HTMLElement => {
  const person = site.resolve(id)
  const avatar = element(
    'span',
    { class: 'avatar', 'aria-hidden': 'true' },
    lettersOf(site.nameOf(person), site.person(person)?.name == null),
  )
  avatar.style.setProperty('--person', colourOf(person))
  avatar.style.setProperty('--size', `${size}px`)
  if (api && may?.('biometric')) {
    void bestPhotosOf(api)
      .of(person)
      .then((photo) => {
        if (photo !== null) avatar.replaceChildren(element('img', { src: photo, alt: '' }))
      })
  }
  return avatar
}
