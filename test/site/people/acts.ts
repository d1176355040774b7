import fc from 'fast-check'
import { expect } from 'vitest'
import type { PeopleFile } from '../../../src/server/people-bodies.ts'
import type { PersonId } from '../../../src/types.ts'
import { allSightings } from './view.ts'
import { looksCount, type World } from './world.ts'

/** What somebody does, with whom of all IDs that were ever given. */
export interface Doing {
  readonly world: World
  /** Places that were drawn. */
  readonly a: number
  readonly b: number
  readonly one: PersonId
  readonly two: PersonId
  /** No other act has this name. */
  readonly name: string
  /** Of objectors, by ID. */
  readonly codes: Map<string, string>
  /** The last export. */
  readonly file: { last: PeopleFile | null }
}

const sightingIn = ({ world, a }: Doing): string => {
  const sightings = allSightings(world)
  return sightings[a % sightings.length]?.sighting ?? 'none'
}

const often = {
  name: ({ world, one, b, name }: Doing) => world.people().service.name(one, b % 4 === 0 ? null : name, 'me'),
  merge: ({ world, one, two, b }: Doing) => world.people().service.merge(one, two, b % 5 > 0, 'me'),
  unmerge: ({ world, one }: Doing) => world.people().service.unmerge(one, 'me'),
  split: ({ world, one }: Doing) => world.people().service.split(one, { tracks: [], sightings: [] }, 'me'),
  'take off': (doing: Doing) => doing.world.people().acts.move(sightingIn(doing), null, 'me'),
  move: (doing: Doing) => doing.world.people().acts.move(sightingIn(doing), doing.two, 'me'),
  separate: ({ world, one, two }: Doing) => world.people().service.separate(one, two, 'me'),
  answer({ world, a, b, name }: Doing) {
    const { acts } = world.people()
    const { questions } = acts.review(5)
    const question = questions[a % Math.max(1, questions.length)]
    const answer = question?.answers[b % question.answers.length]
    if (!question || !answer) return
    acts.answer(question.id, { answer, name }, 'me')
    expect(() => acts.answer(question.id, { answer, name }, 'me')).toThrow(/^nobody asks/)
  },
  undo({ world, b }: Doing) {
    const { acts } = world.people()
    const undoable = acts.actions(20, null).actions.filter((action) => action.undoable)
    const chosen = undoable[b % Math.max(1, Math.min(3, undoable.length))]
    if (!chosen) return
    acts.undo(chosen.id, 'me')
    expect(() => acts.undo(chosen.id, 'me')).toThrow(/was undone by me already$/)
  },
}

const seldom = {
  delete: ({ world, one }: Doing) => world.people().service.remove(one, 'me'),
  never({ world, one, codes }: Doing) {
    const asked = { person: one, embedder: null, faces: [], note: null }
    const { objection, code } = world.people().objections.object(asked, 'me')
    codes.set(objection, code)
  },
  revoke({ world, codes }: Doing) {
    const [found] = world.people().objections.list()
    if (found) world.people().objections.revoke(found.id, codes.get(found.id) ?? '', 'me')
  },
  enroll({ world, a, b, name: fresh }: Doing) {
    const { service, engine } = world.people()
    const name = engine.people()[a % 3]?.name ?? fresh
    const faces = [{ embedding: [...(world.looks[b % looksCount] ?? [])], quality: 0.9 }]
    return service.enroll({ name, embedder: service.export().embedder, faces }, 'me')
  },
  'what-if': ({ world, b }: Doing) => {
    const other = b % 2 === 0 ? { join: 0.9, create: 0.8 } : { join: 0.4, merge: 0.45 }
    return world.people().whatIf?.({ fromMs: 0, apply: true, ...other }, 'me')
  },
  export({ world, file }: Doing) {
    file.last = JSON.parse(JSON.stringify(world.people().service.export())) as PeopleFile
  },
  import({ world, file }: Doing) {
    if (file.last) world.people().service.import(file.last, 'me')
  },
  rule: ({ world, one, b }: Doing) => world.rules().give(`r${b % 2}`, { who: one }, false, 'me'),
}

const all = { ...often, ...seldom }
type Kind = keyof typeof all

/** Draws an act. */
export const act = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...(Object.keys(often) as Kind[])) },
    { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(seldom) as Kind[])) },
  ),
  a: fc.nat({ max: 99 }),
  b: fc.nat({ max: 99 }),
})

/** Does it. Rejects with what the site throws. */
export const doAct = async (kind: Kind, doing: Doing): Promise<void> => void (await all[kind](doing))
