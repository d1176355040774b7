import { RollcallError } from '../../errors.ts'
import { answerBody } from '../../server/acts-routes.ts'
import { countOf, printable } from '../../text.ts'
import { nameFrom, print, remedy, type Verb, withClient } from './call.ts'
import { confirm } from './confirm.ts'
import { openClient } from './open-client.ts'
import { eventsText } from './print.ts'
import { runEnroll } from './run-enroll.ts'
import { readPeople, writePeople } from './transfer.ts'
import { personFrom } from './who.ts'

/** Answers a question of the review. */
export const answer: Verb = async (call) => {
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

/** Deletes a person; asks first on a terminal. */
export const remove: Verb = async (call) => {
  const [word = ''] = call.words
  return withClient(call, async (client) => {
    const id = await personFrom(client, word)
    if (!call.values.yes && process.stdin.isTTY) {
      const person = await client.show(id)
      const who = person.name === null ? person.id : `${person.id} (${printable(person.name)})`
      const question = `Delete ${who}, ${countOf(person.tracks, 'track')}, ${countOf(person.faces, 'face')}? There is no way back.`
      if (!(await confirm(question, process.stdin, process.stderr))) {
        console.error('nobody was deleted')
        return 1
      }
    }
    const events = await client.remove(id)
    return print(call, { events }, () => eventsText(events, `${id} is deleted`))
  })
}

/** Writes everybody with their embeddings. */
export const exportTo: Verb = async (call) => {
  const [file] = call.words
  const people = await withClient(call, (client) => client.export())
  if (file === undefined || file === '-') {
    console.log(JSON.stringify(people))
    return 0
  }
  await writePeople(file, people)
  return print(call, { file, people: people.people.length }, () => `${file}: ${people.people.length} people`)
}

/** Adds the people of an export. */
export const importFrom: Verb = async (call) => {
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

/** Enrols people from photos. */
export const enroll: Verb = ({ words, values: { json, folder }, where }) =>
  runEnroll({ words, json, folder, where, nameFrom })
