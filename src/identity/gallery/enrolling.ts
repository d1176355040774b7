import { RollcallError } from '../../errors.ts'
import { weightOf } from '../../math/template.ts'
import { cleanName } from '../../text.ts'
import { evidenceOf } from '../people/evidence.ts'
import type { Gallery } from './gallery.ts'
import { conflict, type GalleryParts, refuseObjector, rename } from './gallery-parts.ts'

/** Makes `Gallery.enroll`. */
export const enrolling = (
  parts: Pick<GalleryParts, 'people' | 'events' | 'teller' | 'objectors' | 'options'>,
): Gallery['enroll'] => {
  const { people, events, teller } = parts
  return (given, faces, atMs) => {
    const name = cleanName(given)
    if (name === null)
      throw new RollcallError('USAGE', `name: ${JSON.stringify(given)} has nothing to read`, {
        remedy: 'Give a name.',
      })
    for (const { embedding, quality } of faces)
      refuseObjector(
        parts,
        { mean: embedding, evidence: evidenceOf(weightOf(quality)) },
        `a face of ${JSON.stringify(name)}`,
      )
    const [known, ...others] = people.all().filter((person) => person.name === name)
    if (known && others.length > 0)
      throw conflict(
        `${1 + others.length} people are named ${JSON.stringify(name)}: ${[known, ...others].map(({ id }) => id).join(', ')}`,
        'Enroll under another name, and merge the two IDs.',
      )
    const person = known ?? people.create(`enrolled/${name}/${atMs}`, '', atMs)
    for (const { embedding, quality } of faces) {
      const weight = evidenceOf(weightOf(quality))
      people.teach(person, { sum: embedding.map((value) => value * weight), weight })
    }
    if (known) return []
    const created = teller.log([events.created(person, null, atMs)])
    return [...created, ...rename(parts, person, name, atMs)]
  }
}
