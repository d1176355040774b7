import type { PhotoVerdict } from '../../../../src/server/people-answers.ts'
import { ApiError } from '../../shell/api.ts'
import { element } from '../../ui/element.ts'
import { markedPhoto } from '../../ui/marked-photo.ts'

/** What a server's refusal says of each photo. */
export const verdictsIn = (error: unknown): readonly PhotoVerdict[] => {
  const details = error instanceof ApiError ? error.details : undefined
  return (details as { readonly photos?: readonly PhotoVerdict[] } | undefined)?.photos ?? []
}

const reviewOf = async (photo: File, verdict: PhotoVerdict): Promise<HTMLElement> => {
  const { accepted, why, turn, boxes } = verdict
  const words = accepted ? `Good${turn === 0 ? '' : `, turned by ${turn} degrees`}.` : `Not used: ${why}.`
  const marks = boxes.map((box, i) => ({ box, good: accepted && i === 0 }))
  return element(
    'li',
    { class: accepted ? 'good' : 'refused' },
    await markedPhoto(photo, turn, marks, `${verdict.file}, with its faces marked`),
    element('p', {}, element('bdi', { class: 'file' }, verdict.file), ' ', element('span', {}, words)),
  )
}

const chosenItem = async (photo: File): Promise<HTMLElement> =>
  element('li', {}, await markedPhoto(photo, 0, [], photo.name), element('bdi', { class: 'file' }, photo.name))

/** The photos of a dialog: those that were chosen, and then what the review said of each. */
export const createPhotoList = () => {
  const list = element('ul', { class: 'reviews' })
  let asked = 0
  const show = async (items: readonly Promise<HTMLElement>[]): Promise<void> => {
    const number = ++asked
    const made = await Promise.all(items)
    if (number === asked) list.replaceChildren(...made)
  }
  return {
    element: list,
    choose: (photos: readonly File[]) => show(photos.map(chosenItem)),
    review: (photos: readonly File[], verdicts: readonly PhotoVerdict[]) =>
      show(
        verdicts.flatMap((verdict, i) => {
          const photo = photos[i]
          return photo ? [reviewOf(photo, verdict)] : []
        }),
      ),
  }
}

/** A form of these photos and one text. */
export const photoForm = (field: string, text: string, photos: readonly File[]): FormData => {
  const data = new FormData()
  if (text !== '') data.append(field, text)
  for (const photo of photos) data.append('photo', photo, photo.name)
  return data
}
