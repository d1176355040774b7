import { createLog } from '../../config/log.ts'
import { RollcallError } from '../../errors.ts'
import { openMeasuring } from '../../photos/measuring.ts'
import { readPhoto } from '../../photos/read-photo.ts'
import { reviewPhotos } from '../../photos/review-photos.ts'
import type { Objected } from '../../server/people-answers.ts'
import { printable } from '../../text.ts'
import { localTime } from '../local-time.ts'
import { type Call, print, remedy, type Verb, withClient } from './call.ts'
import { confirm } from './confirm.ts'
import { openClient } from './open-client.ts'
import { eventsText, table } from './print.ts'
import { personFrom } from './who.ts'

/** What an objector must be told, and what has happened. */
export const objectedText = ({ objection, code, events }: Objected): string =>
  [
    eventsText(events, 'nobody was known by that look'),
    `${objection} is never recognised again. This code takes it back; it is shown this once, so give it to the objector:`,
    `  ${code}`,
  ].join('\n')

/** The faces of photos that are good enough; says which are not. Throws USAGE when none is. */
const facesIn = async ({ where, values }: Call, files: readonly string[]) => {
  const { config } = where
  const measuring = await openMeasuring(config.models, createLog({ ...config.log, level: 'warn' }, 'people'))
  try {
    const measured = []
    for (const file of files) measured.push(await measuring.measure(file, () => readPhoto(file)))
    const { threshold, name, sha256, dimensions } = measuring.embedder
    const reviewed = reviewPhotos(measured, { minQuality: config.identity.minQuality, threshold })
    const say = values.json ? console.error : console.log
    for (const { file, refusal } of reviewed) if (refusal) say(printable(`refused   ${file}: ${refusal.why}`))
    const faces = reviewed.flatMap(({ face }) => face ?? [])
    if (faces.length === 0)
      throw new RollcallError('USAGE', `of ${files.length} photos none is good enough`, {
        remedy: 'Name three to five photos, from the front and a little from either side.',
      })
    return {
      embedder: { name, sha256, dimensions },
      faces: faces.map(({ embedding, quality }) => ({ embedding: [...embedding], quality: quality.overall })),
    }
  } finally {
    await measuring.close()
  }
}

/** Asks on a terminal; true where there is none, or with --yes. */
const isSure = async ({ values }: Call, question: string): Promise<boolean> =>
  values.yes || !process.stdin.isTTY || (await confirm(question, process.stdin, process.stderr))

const question = 'Delete them with every trace, and never recognise them again?'

/** Whoever photos show: also before a site knows anybody. Null when it is not to be. */
const byPhotos = async (call: Call): Promise<Objected | null> => {
  const { photo, note = null } = call.values
  const shown = await facesIn(call, photo)
  if (!(await isSure(call, `Whoever these ${shown.faces.length} faces show: ${question}`))) return null
  const client = await openClient(call.where, shown.embedder)
  try {
    return await client.object({ person: null, ...shown, note })
  } finally {
    await client.close()
  }
}

const byId = (call: Call, word: string): Promise<Objected | null> =>
  withClient(call, async (client) => {
    const { id, name } = await client.show(await personFrom(client, word))
    const who = name === null ? id : `${id} (${printable(name)})`
    if (!(await isSure(call, `${who}: ${question}`))) return null
    return client.object({ person: id, embedder: null, faces: [], note: call.values.note ?? null })
  })

/** Deletes somebody and never recognises them again. */
export const never: Verb = async (call) => {
  const [word] = call.words
  if ((word === undefined) === (call.values.photo.length === 0))
    throw new RollcallError('USAGE', 'people never takes an ID, or --photo PHOTO', { remedy })
  const done = await (word === undefined ? byPhotos(call) : byId(call, word))
  if (done) return print(call, done, () => objectedText(done))
  console.error('nobody was deleted')
  return 1
}

/** Lists those who objected. */
export const objectors: Verb = async (call) => {
  const objections = await withClient(call, (client) => client.objections())
  return print(call, { objections }, () => {
    if (objections.length === 0) return 'nobody has objected'
    const rows = objections.map(({ id, objectedAtMs, how, note }) => [id, localTime(objectedAtMs), how, note ?? ''])
    return table([['ID', 'SINCE', 'BY', 'NOTE'], ...rows])
      .map(printable)
      .join('\n')
  })
}

/** Takes an objection back. */
export const revoke: Verb = async (call) => {
  const [id = '', code] = call.words
  const reason = call.values['without-code']
  if ((code === undefined) === (reason === undefined) || reason === '')
    throw new RollcallError('USAGE', 'people revoke takes an ID and its code, or --without-code REASON', { remedy })
  await withClient(call, (client) =>
    code === undefined ? client.revokeWithoutCode(id, reason ?? '') : client.revoke(id, code),
  )
  return print(call, { revoked: id }, () => `${id} is taken back: whoever it is can be recognised again`)
}
