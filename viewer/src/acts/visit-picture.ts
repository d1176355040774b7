import type { Sighting } from '../../../src/events/types.ts'
import type { PhotoOfPerson } from '../../../src/server/people-answers.ts'
import type { PageContext } from '../shell/page.ts'
import { element } from '../ui/element.ts'
import { personAvatar } from '../ui/person-avatar.ts'

const bestOf = async ({ api }: PageContext, { sighting }: Sighting): Promise<Blob | null> => {
  const path = `/api/sightings/${encodeURIComponent(sighting)}/photos`
  const { photos } = await api.get<{ readonly photos: readonly PhotoOfPerson[] }>(path)
  const [best] = photos
  return best === undefined ? null : api.blob(`/api/photos/${encodeURIComponent(best.id)}`)
}

/**
 * Who was seen in a visit, `size` CSS pixels wide: its best picture, so that the eye can tell whether it is that person. Where none
 * is kept, and until it is there, it is the person's own picture.
 */
export const visitPicture = (context: PageContext, visit: Sighting, size: number): HTMLElement => {
  const picture = personAvatar(context, visit.person, size)
  const place = element('span', { class: 'visit-picture' }, picture)
  if (!context.may('biometric')) return place
  const show = (jpeg: Blob | null): void => {
    if (jpeg === null) return
    const image = element('img', { src: URL.createObjectURL(jpeg), alt: 'From this visit' })
    for (const done of ['load', 'error']) image.addEventListener(done, () => URL.revokeObjectURL(image.src))
    const shown = element('span', { class: 'avatar' }, image)
    shown.style.setProperty('--size', `${size}px`)
    shown.style.setProperty('--person', picture.style.getPropertyValue('--person'))
    place.replaceChildren(shown)
  }
  bestOf(context, visit).then(show, () => undefined)
  return place
}
