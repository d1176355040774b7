import type { PhotoOfPerson } from '../../../../src/server/people-answers.ts'
import { ApiError } from '../../shell/api.ts'
import type { PageContext } from '../../shell/page.ts'
import { element } from '../../ui/element.ts'
import { whenWords } from '../../ui/when.ts'

interface Answer {
  readonly kept: 'off' | 'memory' | 'disk'
  readonly photos: readonly PhotoOfPerson[]
}

const photoItem = async ({ api }: PageContext, photo: PhotoOfPerson): Promise<HTMLElement | null> => {
  const when = whenWords(photo.atMs)
  const [words, alt] =
    photo.camera === null
      ? [`Enrolled ${when}`, `Enrolled ${when}`]
      : [`${when} on ${photo.camera}`, `Seen ${when} on ${photo.camera}`]
  const bytes = await api.blob(`/api/photos/${encodeURIComponent(photo.id)}`).catch(() => null)
  if (bytes === null) return null
  const image = element('img', { src: URL.createObjectURL(bytes), alt, width: '96', height: '96' })
  const forget = (): void => URL.revokeObjectURL(image.src)
  image.addEventListener('load', forget)
  image.addEventListener('error', forget)
  return element('li', {}, element('figure', {}, image, element('figcaption', {}, words)))
}

/** The kept pictures at this path, or one line that says why there are none. */
export const photosAt = async (context: PageContext, path: string): Promise<HTMLElement> => {
  if (!context.may('biometric'))
    return element('p', { class: 'quiet' }, 'Pictures need a token with the scope biometric.')
  const answer = await context.api.get<Answer>(path).catch((error: unknown) => {
    if (error instanceof ApiError) return error
    throw error
  })
  if (answer instanceof ApiError) return element('p', { class: 'quiet' }, `No pictures: ${answer.message}.`)
  const { kept, photos } = answer
  if (kept === 'off') return element('p', { class: 'quiet' }, 'No pictures are kept: identity.crops is off.')
  const items = (await Promise.all(photos.map((photo) => photoItem(context, photo)))).filter((item) => item !== null)
  if (items.length === 0) return element('p', { class: 'quiet' }, 'No picture is kept.')
  return element('ul', { class: 'photos' }, ...items)
}
