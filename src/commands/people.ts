import type { ParseArgsOptionsConfig } from 'node:util'
import { RollcallError } from '../errors.ts'
import type { RollcallEvent } from '../events/types.ts'
import { answerBody } from '../server/acts-routes.ts'
import { personName } from '../server/people-bodies.ts'
import { stateDirectoryOf } from '../site/state-directory.ts'
import { printable } from '../text.ts'
import { configure, named, parseWords } from './arguments.ts'
import { withIsoTimes } from './local-time.ts'
import { attendanceOn, dayOf } from './people/attendance.ts'
import type { PeopleClient } from './people/client.ts'
import { confirm } from './people/confirm.ts'
import { openClient, type Where } from './people/open-client.ts'
import { actionsText, attendanceText, compareText, eventsText, listText, reviewText, showText } from './people/print.ts'
import { runEnroll } from './people/run-enroll.ts'
import { readPeople, writePeople } from './people/transfer.ts'
import { personNamed, personWithId } from './people/who.ts'

const help = `rollcall people list                        who is known
rollcall people show ID|NAME                one person: old IDs, who it certainly is not, who is most alike
rollcall people show ID|NAME --today        where and when the person was seen since midnight (local time), and how long in all
rollcall people name ID NAME                names a person; '' removes the name
rollcall people merge A B [--force]         merges two IDs into one person; --force: although they are unlike, or known to be two
rollcall people unmerge OLDID               undoes a wrong merge: the old ID is a separate person again
rollcall people split ID [--track T ...] [--sighting S ...]
                                            splits one ID into two people; takes off the given tracks and sightings
rollcall people separate A B                marks two IDs as certainly two people, never to be merged
rollcall people compare A B                 how alike two are, and what a merge would do
rollcall people move SIGHTING ID|new        gives a sighting to another person; new: makes a new person of it
rollcall people actions                     what was done lately, by whom, and what of it can be undone
rollcall people undo ACTION                 takes an action back; a deletion cannot be
rollcall people review                      questions of which one answer settles most: likely duplicates, doubtful joins
rollcall people answer QUESTION ANSWER [NAME]
                                            answers one: same, different, other, name NAME, dismiss
rollcall people delete ID                   deletes a person with every trace; asks first on a terminal
rollcall people export [FILE]               everybody with their embeddings: biometric data, keep it safe
rollcall people import FILE                 adds the people of an export (-: stdin), all or nobody
rollcall people enroll NAME PHOTO...        enrolls a named person from photos, or adds photos; says which are not usable
rollcall people enroll --folder DIR         the same for many: every folder in DIR is a name, with that person's photos
                                            exit code 0: all photos accepted, 3: some refused, 1: nobody enrolled

An ID may be written short, as the viewer shows it: four or more characters with which one ID alone begins or ends.

  --url URL         a running Rollcall; its token is in the environment variable ROLLCALL_TOKEN
  --state DIR       without --url: where people are kept (default ~/.local/state/rollcall/SITE). Asks the Rollcall that has
                    the directory open, or opens it itself
  --config FILE     the configuration that Rollcall runs with: state directory, models and thresholds
  --models DIR      detector and embedder for enroll
  --yes             deletes without asking
  --json            the whole result as JSON

docs/people.md says more, and how to take photos that work.`

const options = {
  url: { type: 'string' },
  state: { type: 'string' },
  config: { type: 'string' },
  models: { type: 'string' },
  force: { type: 'boolean', default: false },
  track: { type: 'string', multiple: true, default: [] as string[] },
  sighting: { type: 'string', multiple: true, default: [] as string[] },
  yes: { type: 'boolean', short: 'y', default: false },
  today: { type: 'boolean', default: false },
  folder: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const satisfies ParseArgsOptionsConfig

const remedy = 'see rollcall people --help'

const parsed = (args: readonly string[]) => parseWords('people', args, options)
type Values = ReturnType<typeof parsed>['values']

interface Call {
  readonly words: readonly string[]
  readonly values: Values
  readonly where: Where
}

/** Resolves to the exit code. */
type Verb = (call: Call) => Promise<number>

const print = ({ values }: Call, result: unknown, text: () => string): number => {
  console.log(values.json ? JSON.stringify(result) : text())
  return 0
}

const withClient = async <Result>(
  { where }: Call,
  work: (client: PeopleClient) => Promise<Result>,
): Promise<Result> => {
  const client = await openClient(where)
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** A verb that changes people: its result is the events. `otherwise` is the text when there is nothing to tell. */
const changing =
  (
    change: (client: PeopleClient, words: readonly string[], values: Values) => Promise<readonly RollcallEvent[]>,
    otherwise: string,
  ): Verb =>
  async (call) => {
    const events = await withClient(call, (client) => change(client, call.words, call.values))
    return print(call, { events }, () => eventsText(events, otherwise))
  }

const nameFrom = (text: string): string => {
  const result = personName.safeParse(text)
  if (result.success) return result.data
  throw new RollcallError('USAGE', `NAME: ${result.error.issues.map(({ message }) => message).join('; ')}`, { remedy })
}

const list: Verb = async (call) => {
  const people = await withClient(call, (client) => client.list())
  return print(call, withIsoTimes({ people }), () => listText(people))
}

const show: Verb = async (call) => {
  const [word = ''] = call.words
  if (call.values.today) return showToday(call, word)
  const { person, people } = await withClient(call, async (client) => ({
    person: await client.show(await personNamed(client, word)),
    people: await client.list(),
  }))
  return print(call, withIsoTimes({ person }), () =>
    showText(person, new Map(people.map((each) => [each.id, each.name]))),
  )
}

const showToday = async (call: Call, word: string): Promise<number> => {
  const day = dayOf(Date.now())
  const { person, attendance } = await withClient(call, async (client) => {
    const shown = await client.show(await personNamed(client, word))
    return { person: shown, attendance: await attendanceOn(client, shown.id, day) }
  })
  const { id, name } = person
  return print(call, withIsoTimes({ person: { id, name }, ...day, ...attendance }), () =>
    attendanceText(person, day, attendance),
  )
}

const compare: Verb = async (call) => {
  const [a = '', b = ''] = call.words
  const compared = await withClient(call, async (client) =>
    client.compare(await personWithId(client, a), await personWithId(client, b)),
  )
  return print(call, withIsoTimes({ ...compared }), () => compareText(compared))
}

const actions: Verb = async (call) => {
  const done = await withClient(call, (client) => client.actions())
  return print(call, withIsoTimes({ actions: done }), () => actionsText(done))
}

const actionFrom = (text: string): number => {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new RollcallError('USAGE', `ACTION: expected the number of an action, found ${JSON.stringify(text)}`, {
    remedy: 'rollcall people actions lists them',
  })
}

const review: Verb = async (call) => {
  const found = await withClient(call, (client) => client.review())
  return print(call, withIsoTimes({ ...found }), () => reviewText(found))
}

const answer: Verb = async (call) => {
  const [question = '', word = '', name] = call.words
  const result = answerBody.safeParse({ answer: word, ...(name !== undefined && { name: nameFrom(name) }) })
  if (!result.success)
    throw new RollcallError(
      'USAGE',
      `ANSWER: expected same, different, other, name or dismiss, found ${JSON.stringify(word)}`,
      {
        remedy,
      },
    )
  const events = await withClient(call, (client) => client.answer(question, result.data))
  return print(call, { events }, () => eventsText(events, 'answered; it is not asked again'))
}

const remove: Verb = async (call) => {
  const [word = ''] = call.words
  return withClient(call, async (client) => {
    const id = await personWithId(client, word)
    if (!call.values.yes && process.stdin.isTTY) {
      const person = await client.show(id)
      const who = person.name === null ? person.id : `${person.id} (${printable(person.name)})`
      const question = `Delete ${who}, ${person.tracks} tracks, ${person.faces} faces? There is no way back.`
      if (!(await confirm(question, process.stdin, process.stderr))) {
        console.error('nobody was deleted')
        return 1
      }
    }
    const events = await client.remove(id)
    return print(call, { events }, () => eventsText(events, `${id} is deleted`))
  })
}

const exportTo: Verb = async (call) => {
  const [file] = call.words
  const people = await withClient(call, (client) => client.export())
  if (file === undefined || file === '-') {
    console.log(JSON.stringify(people))
    return 0
  }
  await writePeople(file, people)
  return print(call, { file, people: people.people.length }, () => `${file}: ${people.people.length} people`)
}

const importFrom: Verb = async (call) => {
  const [file = ''] = call.words
  const people = await readPeople(file)
  const client = await openClient(call.where, people.embedder)
  try {
    const events = await client.import(people)
    return print(call, { events }, () => eventsText(events, 'everybody was known already'))
  } finally {
    await client.close()
  }
}

const enroll: Verb = ({ words, values: { json, folder }, where }) => runEnroll({ words, json, folder, where, nameFrom })

/** What each verb takes: the fewest and the most words after it. */
const verbs: Readonly<
  Record<string, { readonly run: Verb; readonly takes: string; readonly words: [number, number] }>
> = {
  list: { run: list, takes: 'nothing', words: [0, 0] },
  show: { run: show, takes: 'ID or NAME', words: [1, 1] },
  name: {
    run: changing(
      async (client, [id = '', name = '']) =>
        client.name(await personWithId(client, id), name === '' ? null : nameFrom(name)),
      'that was the name already',
    ),
    takes: 'ID NAME',
    words: [2, 2],
  },
  merge: {
    run: changing(
      async (client, [a = '', b = ''], { force }) =>
        client.merge(await personWithId(client, a), await personWithId(client, b), force),
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
        client.split(await personWithId(client, id), { tracks: track, sightings: sighting }),
      'nothing has changed',
    ),
    takes: 'ID',
    words: [1, 1],
  },
  separate: {
    run: changing(
      async (client, [a = '', b = '']) => client.separate(await personWithId(client, a), await personWithId(client, b)),
      'they are never merged from now on',
    ),
    takes: 'A B',
    words: [2, 2],
  },
  compare: { run: compare, takes: 'A B', words: [2, 2] },
  move: {
    run: changing(
      async (client, [sighting = '', to = '']) =>
        client.move(sighting, to === 'new' ? null : await personWithId(client, to)),
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
  review: { run: review, takes: 'nothing', words: [0, 0] },
  answer: { run: answer, takes: 'QUESTION ANSWER, and NAME after name', words: [2, 3] },
  delete: { run: remove, takes: 'ID', words: [1, 1] },
  export: { run: exportTo, takes: 'at most one FILE', words: [0, 1] },
  import: { run: importFrom, takes: 'FILE', words: [1, 1] },
  enroll: { run: enroll, takes: 'NAME PHOTO..., or --folder DIR', words: [0, Infinity] },
}

/**
 * Runs one verb on the people of a site. Resolves to its exit code; throws USAGE, STATE, PERSON_UNKNOWN and
 * PERSON_CONFLICT.
 */
export const people = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parsed(args)
  const [name, ...words] = positionals
  if (name === undefined || values.help) {
    console.log(help)
    return values.help ? 0 : 2
  }
  const verb = named('people command', name, verbs, remedy)
  const [fewest, most] = verb.words
  if (words.length < fewest || words.length > most)
    throw new RollcallError('USAGE', `people ${name} takes ${verb.takes}, found ${words.length} words`, { remedy })
  if (values.today && name !== 'show')
    throw new RollcallError('USAGE', `people ${name} takes no --today; people show does`, { remedy })
  if (values.folder !== undefined && name !== 'enroll')
    throw new RollcallError('USAGE', `people ${name} takes no --folder; people enroll does`, { remedy })
  const config = configure(values, process.env)
  const where: Where = {
    config,
    url: values.url,
    // A Rollcall that is asked by its URL needs none here.
    stateDirectory: values.url === undefined ? stateDirectoryOf(config, { untilEnd: false, env: process.env }) : null,
    token: process.env.ROLLCALL_TOKEN || null,
  }
  return verb.run({ words, values, where })
}
