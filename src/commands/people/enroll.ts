import type { Config } from '../../config/config.ts'
import { createLog } from '../../config/log.ts'
import { RollcallError } from '../../errors.ts'
import type { RollcallEvent } from '../../events/types.ts'
import type { StoredEmbedder } from '../../identity/store/problems.ts'
import { type Measuring, openMeasuring } from '../../photos/measuring.ts'
import { readPhoto } from '../../photos/read-photo.ts'
import { type MeasuredPhoto, type ReviewedPhoto, reviewPhotos } from '../../photos/review-photos.ts'
import { printable } from '../../text.ts'
import type { PersonId } from '../../types.ts'
import type { PeopleClient, ShownPerson } from './client.ts'
import { eventsText } from './print.ts'

/** What came of the photos of one person. */
export interface Enrolled {
  readonly name: string
  /** Null when no photo was usable. */
  readonly person: PersonId | null
  readonly events: readonly RollcallEvent[]
  readonly photos: readonly {
    readonly file: string
    readonly accepted: boolean
    readonly reason: string | null
    /** The reason in words, with the measurement and what to do. */
    readonly why: string | null
  }[]
}

/** How people are enrolled. */
export interface EnrollContext {
  readonly config: Config
  readonly openClient: (embedder: StoredEmbedder) => Promise<PeopleClient>
  /** The content of a photo; files are read when left out. Rejects with USAGE, which is the reason why the photo is refused. */
  readonly read?: ((file: string) => Promise<Uint8Array>) | undefined
  /** Called with each line for the user. */
  readonly say: (line: string) => void
}

/** Enrolls people one after the other, with models that are loaded once. */
export interface Enrolling {
  /**
   * Reviews the photos, says which are not usable and why, and enrolls the faces of the others; nobody when there are
   * none. Rejects with USAGE without a file, and with what the client rejects with.
   */
  enroll(name: string, files: readonly string[]): Promise<Enrolled>
  close(): Promise<void>
}

const lineOf = ({ file, turn, refusal }: ReviewedPhoto): string => {
  const turned = turn === 0 ? '' : ` (turned by ${turn}°, so that the face stands upright)`
  return printable(refusal ? `refused   ${file}: ${refusal.why}` : `accepted  ${file}${turned}`)
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

const measureAll = async (
  measuring: Measuring,
  files: readonly string[],
  read: (file: string) => Promise<Uint8Array>,
): Promise<MeasuredPhoto[]> => {
  const measured: MeasuredPhoto[] = []
  for (const file of files) measured.push(await measuring.measure(file, () => read(file)))
  return measured
}

/** Loads the models and enrolls with them. The people are opened for the first good photo. Throws MODEL_MISSING. */
export const openEnrolling = async ({
  config,
  openClient,
  read = readPhoto,
  say,
}: EnrollContext): Promise<Enrolling> => {
  const measuring = await openMeasuring(config.models, createLog({ ...config.log, level: 'warn' }, 'people'))
  const { threshold, name: model, sha256, dimensions } = measuring.embedder
  const embedder = { name: model, sha256, dimensions }
  let client: PeopleClient | undefined
  const enroll = async (name: string, files: readonly string[]): Promise<Enrolled> => {
    if (files.length === 0)
      throw new RollcallError('USAGE', `people enroll: no photo of ${name}`, {
        remedy: 'name three to five photos, from the front and a little from either side',
      })
    const limits = { minQuality: config.identity.minQuality, threshold }
    const reviewed = reviewPhotos(await measureAll(measuring, files, read), limits)
    for (const photo of reviewed) say(lineOf(photo))
    const photos = reviewed.map(({ file, refusal }) => ({
      file,
      accepted: !refusal,
      reason: refusal?.reason ?? null,
      why: refusal?.why ?? null,
    }))
    const good = reviewed.flatMap(({ face }) => face ?? [])
    if (good.length === 0) {
      say(`nobody was enrolled: of ${files.length} photos none is good enough`)
      return { name, person: null, events: [], photos }
    }
    client ??= await openClient(embedder)
    const faces = good.map(({ embedding, quality }) => ({ embedding: [...embedding], quality: quality.overall }))
    const { person, events } = await client.enroll({ name, embedder, faces })
    say(eventsText(events, `${person.id} is known by more photos`))
    for (const hint of [lookAlike(person, config.identity.join), twoInOne(person, threshold)]) if (hint) say(hint)
    return { name, person: person.id, events, photos }
  }
  return {
    enroll,
    close: async () => {
      await measuring.close()
      await client?.close()
    },
  }
}
