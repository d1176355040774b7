import type { Config } from '../../config/config.ts'
import { createLog } from '../../config/log.ts'
import { RollcallError } from '../../errors.ts'
import type { RollcallEvent } from '../../events/types.ts'
import type { StoredEmbedder } from '../../identity/store/problems.ts'
import type { PersonId } from '../../types.ts'
import { loadModels } from '../../vision/models.ts'
import type { PeopleClient, ShownPerson } from './client.ts'
import { measurePhotos } from './measure-photos.ts'
import { eventsText } from './print.ts'
import { type ReviewedPhoto, reviewPhotos } from './review-photos.ts'

/** What came of the photos. */
export interface Enrolled {
  /** Null when no photo was usable. */
  readonly person: PersonId | null
  readonly events: readonly RollcallEvent[]
  readonly photos: readonly { readonly file: string; readonly accepted: boolean; readonly reason: string | null }[]
}

/** Whom to enroll, from which photos. */
export interface EnrollJob {
  readonly name: string
  readonly files: readonly string[]
  readonly config: Config
  readonly openClient: (embedder: StoredEmbedder) => Promise<PeopleClient>
  /** Called with each line for the user. */
  readonly say: (line: string) => void
}

const lineOf = ({ file, refusal }: ReviewedPhoto): string =>
  refusal ? `refused   ${file}: ${refusal.why}` : `accepted  ${file}`

const measured = async ({ files, config }: EnrollJob) => {
  const models = await loadModels(config.models, {
    log: createLog({ ...config.log, level: 'warn' }, 'people'),
    onFallback: () => undefined,
  })
  try {
    const { name, sha256, dimensions, threshold } = models.embedder
    const photos = await measurePhotos(files, models, config.models.side)
    return { photos, threshold, embedder: { name, sha256, dimensions } }
  } finally {
    await models.close()
  }
}

/** Warns when a known person is so alike that both may be the same person. */
const lookAlike = ({ alike }: ShownPerson, join: number): string | null => {
  const [nearest] = alike
  return nearest && nearest.score >= join
    ? `${nearest.person} is as alike as one person (similarity ${nearest.similarity.toFixed(3)}, score ${nearest.score.toFixed(3)} of ${join}); if it is, merge the two`
    : null
}

/** Warns when the photos may show another person than the earlier ones of that name. */
const twoInOne = ({ id, spread }: ShownPerson, threshold: number): string | null =>
  spread !== null && spread < threshold
    ? `the looks of ${id} differ more than one person's (similarity ${spread.toFixed(3)}, ${threshold} is usual); if they are two, split it`
    : null

/**
 * Reviews the photos, says which are not usable and why, and enrolls the faces of the others. Enrolls nobody when there
 * are none.
 */
export const enrollPhotos = async (job: EnrollJob): Promise<Enrolled> => {
  const { name, files, config, openClient, say } = job
  if (files.length === 0)
    throw new RollcallError('USAGE', `people enroll: no photo of ${name}`, {
      remedy: 'name three to five photos, from the front and a little from either side',
    })
  const { photos, threshold, embedder } = await measured(job)
  const reviewed = reviewPhotos(photos, { minQuality: config.identity.minQuality, threshold })
  for (const photo of reviewed) say(lineOf(photo))
  const result = reviewed.map(({ file, refusal }) => ({ file, accepted: !refusal, reason: refusal?.reason ?? null }))
  const good = reviewed.flatMap(({ face }) => face ?? [])
  if (good.length === 0) {
    say(`nobody was enrolled: of ${files.length} photos none is good enough`)
    return { person: null, events: [], photos: result }
  }
  const client = await openClient(embedder)
  try {
    const faces = good.map(({ embedding, quality }) => ({ embedding: [...embedding], quality: quality.overall }))
    const { person, events } = await client.enroll({ name, embedder, faces })
    say(eventsText(events, `${person.id} is known by more photos`))
    for (const hint of [lookAlike(person, config.identity.join), twoInOne(person, threshold)]) if (hint) say(hint)
    return { person: person.id, events, photos: result }
  } finally {
    await client.close()
  }
}
