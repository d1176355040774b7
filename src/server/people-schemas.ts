import { named, object, person } from './api-schemas.ts'

const id = { type: 'string' }
const ids = { type: 'array', items: id }

/** The events that a change has caused. */
export const personEvents = {
  type: 'array',
  description: 'Events as in docs/events.md',
  items: { type: 'object', additionalProperties: true },
}

/** The action of a change. */
export const actionId = {
  type: ['integer', 'null'],
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Undoes it: POST /api/actions/ID/undo; null when nothing has changed',
}

const similarity = { type: 'number', minimum: -1, maximum: 1, description: 'Cosine of the two' }
const score = {
  type: 'number',
  minimum: -4,
  maximum: 4,
  description: 'The cosine corrected for the noise of the two means; may exceed 1',
}
const probability = { type: 'number', minimum: 0, maximum: 1, description: 'Of being one person, by the score alone' }
const threshold = { type: 'number', minimum: -1, maximum: 2, description: 'The score from which on the two are merged' }

const cosine = { type: 'number', minimum: -1, maximum: 1 }
const some = { type: 'integer', minimum: 0 }

/** How alike different people are at a site. */
export const calibrationSchema = named('Calibration')({
  expected: {
    ...cosine,
    type: ['number', 'null'],
    description: 'Median cosine of two people where the model was calibrated; null without a calibration',
  },
  measured: {
    ...object({
      people: { ...some, description: 'People who are clearly not each other' },
      pairs: { ...some, description: 'Pairs of them who were seen together' },
      median: { ...cosine, description: 'Of the cosines of the pairs' },
      spread: { type: 'number', minimum: 0, description: 'Standard deviation of the cosines' },
      error: { type: 'number', minimum: 0, description: 'Standard error of the median' },
    }),
    type: ['object', 'null'],
    description: 'Null while nobody was seen with anybody',
  },
  correction: { type: 'number', description: 'What is added to scores now' },
  learns: { type: 'boolean', description: 'False without a calibration, or when identity.learns is false' },
})

/** Everything that is known of a person, except the embeddings. */
export const personDetails = named('PersonDetails')({
  ...person.properties,
  aliases: { ...ids, description: 'Earlier IDs that stand for this person' },
  apart: { ...ids, description: 'People that this one certainly is not' },
  exemplars: {
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'How many mean embeddings represent the person',
  },
  spread: { type: ['number', 'null'], minimum: -1, maximum: 1, description: 'Smallest cosine between two of these' },
  alike: {
    description: 'The most similar others, best first',
    type: 'array',
    maxItems: 5,
    items: object({ person: id, similarity, score, probability, threshold }),
  },
  history: {
    ...personEvents,
    description: 'What happened to the person, oldest first; only the last events of a long history',
  },
})
