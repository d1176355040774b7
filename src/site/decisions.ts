import type { Candidate, RollcallEvent } from '../events/types.ts'
import type { DecisionsOf } from '../server/decisions-route.ts'
import type { DecisionInWords } from '../server/people-answers.ts'
import type { PersonId } from '../types.ts'

/** What the words are made from. */
export interface DecisionsParts {
  /** The events about a person, oldest first; null where none are kept. */
  readonly history: ((person: PersonId) => readonly RollcallEvent[]) | null
  /** The person's present ID first. Throws PERSON_UNKNOWN. */
  readonly idsOf: (person: PersonId) => readonly PersonId[]
  readonly nameOf: (person: PersonId) => string | null
}

/** `.71`, as people say scores. */
const short = (score: number): string => score.toFixed(2).replace(/^(-?)0\./, '$1.')

type Names = (person: PersonId) => string

const against = ({ candidate, threshold }: { candidate: Candidate | null; threshold: number }): string =>
  candidate ? `at ${short(candidate.score)} over ${short(threshold)}` : 'with nobody to compare with'

const next = (other: Candidate | null, nameOf: Names): string =>
  other ? `; next: ${nameOf(other.person)} ${short(other.score)}` : ''

const scored = ({ score, threshold }: { score: number | null; threshold: number | null }): string =>
  score === null || threshold === null ? '' : ` (${short(score)}, ${short(threshold)} was needed)`

const by = { engine: 'Rollcall', user: 'somebody', retention: 'the rule of retention' } as const

/** Says in one line what an event decided about the person `about`; null for one that decided nothing. */
export const decisionWords = (event: RollcallEvent, about: PersonId, nameOf: Names): string | null => {
  switch (event.type) {
    case 'rollcall.track.assigned.v1':
    case 'rollcall.track.reassigned.v1': {
      const { data } = event
      const from =
        'before' in data ? (data.before === about ? ` to ${nameOf(data.person)}` : ` from ${nameOf(data.before)}`) : ''
      if (data.reason === 'created')
        return data.candidate
          ? `a new person: ${nameOf(data.candidate.person)} was nearest with ${short(data.candidate.score)}, ${short(data.threshold)} was needed`
          : 'a new person: there was nobody to compare with'
      const what = from === '' ? 'joined' : `moved${from}`
      return `${what} ${against(data)}${next(data.runnerUp, nameOf)}`
    }
    case 'rollcall.person.created.v1':
      return event.data.camera === null
        ? 'added here: enrolled, imported, or split off somebody'
        : `first seen on ${event.data.camera}`
    case 'rollcall.person.named.v1':
      return event.data.name === null ? 'the name was taken away' : `named ${event.data.name}`
    case 'rollcall.person.merged.v1': {
      const { person, into } = event.data
      return `${nameOf(person)} and ${nameOf(into)} became one: ${by[event.data.by]} merged them${scored(event.data)}`
    }
    case 'rollcall.person.apart.v1': {
      const { person, other, apart } = event.data
      const both = `${nameOf(person)} and ${nameOf(other)}`
      return apart
        ? `${both} are two people: somebody said so`
        : `${both} may be one person again: somebody took it back`
    }
    case 'rollcall.person.split.v1':
      return `${nameOf(event.data.off)} was split off ${nameOf(event.data.person)} by ${by[event.data.by]}${scored(event.data)}`
    case 'rollcall.person.unmerged.v1':
      return `${nameOf(event.data.person)} is separate from ${nameOf(event.data.from)} again: ${by[event.data.by]} undid the merge`
    case 'rollcall.person.archived.v1':
      return 'archived: not seen for long'
    case 'rollcall.person.restored.v1':
      return 'seen again, no longer archived'
    default:
      return null
  }
}

/** The last are enough to judge by, and a page shows them at once. */
const most = 200

const trackIn = (event: RollcallEvent): Pick<DecisionInWords, 'track' | 'camera'> => ({
  track: 'track' in event.data ? (event.data.track ?? null) : null,
  camera: 'camera' in event.data ? (event.data.camera ?? null) : null,
})

/** Makes the answer of `GET /api/people/:id/decisions`. */
export const createDecisions =
  ({ history, idsOf, nameOf }: DecisionsParts): DecisionsOf =>
  (asked) => {
    const ids = idsOf(asked)
    const [id = asked] = ids
    if (history === null) return { kept: false, decisions: [] }
    const called: Names = (person) => nameOf(person) ?? person
    const events = new Map(
      ids
        .flatMap((each) => history(each))
        .flatMap((event) => ('sequence' in event.data ? [[event.data.sequence, event]] : [])),
    )
    const decisions = [...events.entries()]
      .sort(([a], [b]) => b - a)
      .flatMap(([sequence, event]) => {
        const words = decisionWords(event, id, called)
        const { type, time } = event
        return words === null ? [] : [{ atMs: Date.parse(time), words, type, sequence, ...trackIn(event) }]
      })
    return { kept: true, decisions: decisions.slice(0, most) }
  }
