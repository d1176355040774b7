import { RollcallError } from '../../errors.ts'
import { changing, nameFrom, type Verb } from './call.ts'
import { never, objectors, revoke } from './objections.ts'
import { actions, calibration, compare, list, review, show } from './reading.ts'
import { search } from './search.ts'
import { personFrom } from './who.ts'
import { answer, enroll, exportTo, importFrom, remove } from './writing.ts'

const actionFrom = (text: string): number => {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new RollcallError('USAGE', `ACTION: expected the number of an action, found ${JSON.stringify(text)}`, {
    remedy: 'rollcall people actions lists them',
  })
}

/** All verbs by name. `words`: the fewest and the most words after it. */
export const verbs: Readonly<
  Record<string, { readonly run: Verb; readonly takes: string; readonly words: [number, number] }>
> = {
  list: { run: list, takes: 'nothing', words: [0, 0] },
  show: { run: show, takes: 'ID or NAME', words: [1, 1] },
  search: { run: search, takes: 'PHOTO...', words: [1, 20] },
  name: {
    run: changing(
      async (client, [id = '', name = '']) =>
        client.name(await personFrom(client, id), name === '' ? null : nameFrom(name)),
      'that was the name already',
    ),
    takes: 'ID NAME',
    words: [2, 2],
  },
  merge: {
    run: changing(
      async (client, [a = '', b = ''], { force }) =>
        client.merge(await personFrom(client, a), await personFrom(client, b), force),
      'nothing has changed',
    ),
    takes: 'A B',
    words: [2, 2],
  },
  unmerge: {
    run: changing((client, [oldId = '']) => client.unmerge(oldId), 'nothing has changed'),
    takes: 'OLDID',
    words: [1, 1],
  },
  split: {
    run: changing(
      async (client, [id = ''], { track, sighting }) =>
        client.split(await personFrom(client, id), { tracks: track, sightings: sighting }),
      'nothing has changed',
    ),
    takes: 'ID',
    words: [1, 1],
  },
  separate: {
    run: changing(
      async (client, [a = '', b = '']) => client.separate(await personFrom(client, a), await personFrom(client, b)),
      'they are never merged from now on',
    ),
    takes: 'A B',
    words: [2, 2],
  },
  compare: { run: compare, takes: 'A B', words: [2, 2] },
  move: {
    run: changing(
      async (client, [sighting = '', to = '']) =>
        client.move(sighting, to === 'new' ? null : await personFrom(client, to)),
      'the sighting is moved',
    ),
    takes: 'SIGHTING ID (or new)',
    words: [2, 2],
  },
  actions: { run: actions, takes: 'nothing', words: [0, 0] },
  undo: {
    run: changing((client, [action = '']) => client.undo(actionFrom(action)), 'it is undone'),
    takes: 'ACTION',
    words: [1, 1],
  },
  calibration: { run: calibration, takes: 'nothing', words: [0, 0] },
  review: { run: review, takes: 'nothing', words: [0, 0] },
  answer: { run: answer, takes: 'QUESTION ANSWER, and NAME after name', words: [2, 3] },
  delete: { run: remove, takes: 'ID', words: [1, 1] },
  never: { run: never, takes: 'ID, or --photo PHOTO', words: [0, 1] },
  objectors: { run: objectors, takes: 'nothing', words: [0, 0] },
  revoke: { run: revoke, takes: 'ID CODE', words: [1, 2] },
  export: { run: exportTo, takes: 'at most one FILE', words: [0, 1] },
  import: { run: importFrom, takes: 'FILE', words: [1, 1] },
  enroll: { run: enroll, takes: 'NAME PHOTO..., or --folder DIR', words: [0, Infinity] },
}
