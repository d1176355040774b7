import { withIsoTimes } from '../local-time.ts'
import { attendanceOn, dayOf } from './attendance.ts'
import { type Call, print, type Verb, withClient } from './call.ts'
import { actionsText, attendanceText, calibrationText, compareText, listText, reviewText, showText } from './print.ts'
import { personFrom } from './who.ts'

/** Prints who is known. */
export const list: Verb = async (call) => {
  const people = await withClient(call, (client) => client.list())
  return print(call, withIsoTimes({ people }), () => listText(people))
}

/** Prints one person; with `--today` where and when the person was seen. */
export const show: Verb = async (call) => {
  const [word = ''] = call.words
  if (call.values.today) return showToday(call, word)
  const { person, people } = await withClient(call, async (client) => ({
    person: await client.show(await personFrom(client, word)),
    people: await client.list(),
  }))
  return print(call, withIsoTimes({ person }), () =>
    showText(person, new Map(people.map((each) => [each.id, each.name]))),
  )
}

const showToday = async (call: Call, word: string): Promise<number> => {
  const day = dayOf(Date.now())
  const { person, attendance } = await withClient(call, async (client) => {
    const shown = await client.show(await personFrom(client, word))
    return { person: shown, attendance: await attendanceOn(client, shown.id, day) }
  })
  const { id, name } = person
  return print(call, withIsoTimes({ person: { id, name }, ...day, ...attendance }), () =>
    attendanceText(person, day, attendance),
  )
}

/** Prints how alike two people are. */
export const compare: Verb = async (call) => {
  const [a = '', b = ''] = call.words
  const compared = await withClient(call, async (client) =>
    client.compare(await personFrom(client, a), await personFrom(client, b)),
  )
  return print(call, withIsoTimes({ ...compared }), () => compareText(compared))
}

/** Prints what was done lately. */
export const actions: Verb = async (call) => {
  const done = await withClient(call, (client) => client.actions())
  return print(call, withIsoTimes({ actions: done }), () => actionsText(done))
}

/** Prints how alike different people are here. */
export const calibration: Verb = async (call) => {
  const found = await withClient(call, (client) => client.calibration())
  return print(call, { ...found }, () => calibrationText(found))
}

/** Prints the questions of the review. */
export const review: Verb = async (call) => {
  const found = await withClient(call, (client) => client.review())
  return print(call, withIsoTimes({ ...found }), () => reviewText(found))
}
