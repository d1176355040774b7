/**
 * Does the review ask first what settles most? Photos of people become the hard stream (one photo a track). Then ten questions are
 * answered by the truth: those that are asked first, or any ten. BCubed F before and after.
 *
 *   npm run bench -- review --photos DIR [--people 150] [--seed 1] [--answers 10] [--draws 10] [--models DIR]
 */
import { parseArgs } from 'node:util'
import type { z } from 'zod'
import { readPhotos } from '../src/commands/eval/photos.ts'
import { viewsOfPhoto } from '../src/evaluate/composed-stream.ts'
import { composeHardStream } from '../src/evaluate/hard-stream.ts'
import { scoreIdentities } from '../src/evaluate/identity-scores.ts'
import { type ReplayedTrack, type ReplaySetup, replay } from '../src/evaluate/replay.ts'
import type { StreamFrame } from '../src/evaluate/stream.ts'
import type { Identity } from '../src/identity/identity.ts'
import { identityOptions } from '../src/identity/options.ts'
import { type Archive, archiveInMemory } from '../src/identity/store/archive.ts'
import { seededRandom } from '../src/math/seeded-random.ts'
import type { ActsService, answerBody } from '../src/server/acts-routes.ts'
import type { ReviewQuestion } from '../src/server/people-answers.ts'
import { createActsService } from '../src/site/acts-service.ts'
import { createCommittedIdentity } from '../src/site/committed-identity.ts'
import type { PersonId } from '../src/types.ts'
import { type CosineScale, configuredScale } from '../src/vision/calibration.ts'

type Choose = (open: readonly ReviewQuestion[]) => ReviewQuestion | undefined

/** More than any stream here asks. */
const everything = 100_000

/** All open questions, once everybody's nearest has been looked up. */
const openQuestions = (acts: ActsService): readonly ReviewQuestion[] => {
  for (;;) {
    const { questions, looked } = acts.review(everything)
    if (looked.people === looked.of) return questions
  }
}

/** Who most of the tracks of an ID are of. */
const whoIs = (id: PersonId, tracks: Iterable<ReplayedTrack>, engine: Identity): string => {
  const counts = new Map<string, number>()
  for (const { truth, person } of tracks)
    if (person !== null && engine.resolve(person) === id) counts.set(truth, (counts.get(truth) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}

/** What somebody answers who knows everybody. */
const answerTo = (question: ReviewQuestion, who: (id: string) => string, seen: string): z.infer<typeof answerBody> => {
  const [one, other] = question.people.map(({ id }) => who(id))
  if (question.kind === 'unnamed') return { answer: 'name', name: one ?? '' }
  if (question.kind === 'duplicate') return { answer: one === other ? 'same' : 'different' }
  if (seen === one) return { answer: 'same' }
  return { answer: other !== undefined && seen === other ? 'other' : 'different' }
}

/** Answers so many questions by the truth, each time the one that `choose` takes of all open ones. */
const answering =
  (archive: Archive, answers: number, choose: Choose): NonNullable<ReplaySetup['afterwards']> =>
  (engine, tracks) => {
    const { transact, commit } = createCommittedIdentity(engine, null, { inMemory: archive })
    commit()
    const { actions, sightings } = archive
    const acts = createActsService({ engine, transact, actions, sightings, nowMs: () => 0 })
    return Array.from({ length: answers }).flatMap(() => {
      const question = choose(openQuestions(acts))
      if (!question) return []
      const [track = ''] = question.sighting === null ? [] : engine.tracksOf(question.sighting)
      const who = (id: PersonId): string => whoIs(id, tracks.values(), engine)
      return acts.answer(question.id, answerTo(question, who, tracks.get(track)?.truth ?? ''), 'truth').events
    })
  }

/** BCubed F of a stream when so many questions are answered. */
const scoreWith = (
  frames: readonly StreamFrame[],
  scale: CosineScale | null,
  answers: number,
  choose: Choose,
): number => {
  const archive = archiveInMemory()
  const afterwards = answering(archive, answers, choose)
  const { faces } = replay(frames, identityOptions.parse({}), { archive, afterwards, ...(scale && { scale }) })
  return scoreIdentities(faces).bcubedF
}

const options = {
  photos: { type: 'string' },
  people: { type: 'string', default: '150' },
  seed: { type: 'string', default: '1' },
  answers: { type: 'string', default: '10' },
  draws: { type: 'string', default: '10' },
  models: { type: 'string' },
} as const

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.photos === undefined) throw new Error('review: --photos DIR is missing, a folder for each person')
  const { photos } = await readPhotos({ ...values, photos: values.photos, views: viewsOfPhoto })
  const frames = composeHardStream(photos, { seed: Number(values.seed), people: Number(values.people) })
  const scale = await configuredScale({ directory: values.models ?? null, embedder: 'auto' })
  const [answers, draws] = [Number(values.answers), Number(values.draws)]
  const first = scoreWith(frames, scale, answers, ([question]) => question)
  const any = Array.from({ length: draws }, (_, seed) => {
    const random = seededRandom(seed)
    return scoreWith(frames, scale, answers, (open) => open[Math.floor(random() * open.length)])
  })
  console.log(`f_before ${scoreWith(frames, scale, 0, () => undefined).toFixed(4)}`)
  console.log(`f_first_${answers} ${first.toFixed(4)}`)
  console.log(`f_any_${answers} ${(any.reduce((sum, each) => sum + each, 0) / draws).toFixed(4)}`)
  console.log(`f_any_${answers}_best ${Math.max(...any).toFixed(4)}`)
}
