import type { RollcallEvent } from '../../src/events/types.ts'
import type { Gallery } from '../../src/identity/gallery/gallery.ts'
import { personIdFor } from '../../src/identity/people/person-id.ts'
import type { Faces, PersonId } from '../../src/types.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'

export const embedder = { name: 'small', sha256: '5'.repeat(64), dimensions: 128 }

export type Step =
  | { readonly faces: Faces }
  /** Done a second time it changes nothing, or is refused. */
  | { readonly act: (people: Gallery) => readonly RollcallEvent[] }

const startMs = 1_700_000_000_000
const framesOfVisit = 10

const idOf = (firstTrack: string | undefined): PersonId => personIdFor(firstTrack ?? '', () => false)

/**
 * Six people come and go on two cameras, two at a time at most, and some come back; somebody enrolls one, names two,
 * keeps two apart, merges two and deletes one who comes back as somebody new.
 */
export const story = (): Step[] => {
  const random = randomFrom(5)
  const looks = Array.from({ length: 7 }, () => direction(random))
  const lookOf = (one: number): Float32Array => looks[one] as Float32Array
  const steps: Step[] = []
  let [atMs, seq, tracks] = [startMs, 0, 0]
  /** Returns their tracks. */
  const visit = (camera: string, ...who: readonly number[]): string[] => {
    const names = who.map(() => `${camera}/s1/${tracks++}`)
    for (let i = 1; i <= framesOfVisit; i++) {
      atMs += 150
      const faces = who.map((one, at) => faceOf(names[at] ?? '', near(lookOf(one), 0.3, random), 0.8, at / 3))
      steps.push({ faces: facesAt(atMs, seq++, faces, { camera, endedTracks: i === framesOfVisit ? names : [] }) })
    }
    atMs += 6000
    return names
  }
  const act = (step: (people: Gallery) => readonly RollcallEvent[]): void => void steps.push({ act: step })

  const [ada, bo] = visit('door', 0, 1).map(idOf)
  act((people) => {
    const isThere = people.people().some(({ name }) => name === 'Zoe')
    return isThere ? [] : people.enroll('Zoe', [{ embedding: lookOf(6), quality: 0.9 }], startMs + 1)
  })
  act((people) => people.name(ada ?? '', 'Ada', startMs + 2))
  const [cy] = visit('hall', 2).map(idOf)
  const [, di] = visit('hall', 0, 3).map(idOf)
  act((people) => people.separate(ada ?? '', di ?? '', startMs + 3))
  act((people) => people.remove(cy ?? '', startMs + 4))
  const [ed] = visit('door', 4).map(idOf)
  act((people) => people.merge(bo ?? '', ed ?? '', startMs + 5, { force: true }))
  act((people) => people.name(di ?? '', 'Di', startMs + 6))
  visit('hall', 6, 2)
  visit('door', 5, 1)
  return steps
}
