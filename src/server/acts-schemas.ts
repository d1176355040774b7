import { actionKinds } from '../types.ts'
import { named, object, person } from './api-schemas.ts'

const id = { type: 'string' }
const ids = { type: 'array', items: id }
const text = { type: 'string' }
const maybeText = { type: ['string', 'null'] }
const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const unixMs = { type: 'integer', description: 'Unix milliseconds' }
const similarity = { type: 'number', minimum: -1, maximum: 1, description: 'Cosine of the two' }
const score = { type: 'number', minimum: -4, maximum: 4, description: 'The cosine corrected for the noise of the two' }
const threshold = { type: 'number', minimum: -1, maximum: 2 }
const comparison = object({ similarity, score })

/** Something that somebody did. */
export const actionSchema = named('Action')({
  id: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  atMs: unixMs,
  by: { ...text, description: 'Who did it: the name of the token or session' },
  kind: { enum: [...actionKinds] },
  people: { ...ids, description: 'Whom it was about, by the IDs of that time' },
  sighting: maybeText,
  name: { ...maybeText, description: 'The name that was given' },
  before: { ...maybeText, description: 'The name until then' },
  question: { ...maybeText, description: 'The question of the review that it answers' },
  text: { ...text, description: 'The same in words' },
  undoable: { type: 'boolean', description: 'False when it was undone, or is of a kind that cannot be' },
  undone: { ...object({ atMs: unixMs, by: text }), type: ['object', 'null'] },
})

const side = named('ComparedPerson')({
  ...person.properties,
  visits: { ...count, description: 'Sightings that are kept' },
  aliases: { ...ids, description: 'Earlier IDs that stand for this person' },
})

/** Two people side by side, and what a merge would do. */
export const comparisonSchema = named('Comparison')({
  a: side,
  b: side,
  similarity: { type: ['number', 'null'], description: 'Cosine of their means; null when one has no look' },
  score: { type: ['number', 'null'], description: 'Null as above' },
  looks: { ...comparison, type: ['object', 'null'], description: 'Of their two most alike looks' },
  threshold: { ...threshold, description: 'The score from which on they may be merged without force' },
  together: { type: ['integer', 'null'], description: 'Frames that show both; null: somebody said that they are two' },
  against: { ...maybeText, description: 'What speaks against one person, in words; then a merge needs force' },
  merge: object({
    possible: { type: 'boolean', description: 'False while the two have different names' },
    needsForce: { type: 'boolean' },
    into: { ...id, description: 'Who keeps the ID' },
    from: { ...id, description: 'Whose ID becomes another name for the first' },
    name: maybeText,
    visits: count,
    tracks: count,
    faces: count,
    aliases: { ...ids, description: 'All IDs that stand for the person then' },
  }),
})

/** A question of the review. */
export const questionSchema = named('Question')(
  {
    id: text,
    kind: { enum: ['duplicate', 'join', 'unnamed'] },
    text: { ...text, description: 'The question in words' },
    why: { ...text, description: 'Why it is asked, with the figures' },
    answers: { type: 'array', items: { enum: ['same', 'different', 'other', 'name', 'dismiss'] } },
    settles: { ...count, description: 'Visits that one answer is about' },
    people: { type: 'array', items: side, description: 'Whom it is about; of a join the person, then who was next' },
    similarity: { ...similarity, type: ['number', 'null'] },
    score: { ...score, type: ['number', 'null'] },
    threshold: { ...threshold, type: ['number', 'null'] },
    sighting: { ...maybeText, description: 'Of a join: the sighting in question' },
    camera: maybeText,
    atMs: { ...unixMs, type: ['integer', 'null'] },
  },
  [],
)
