import { object, person } from './api-schemas.ts'

const id = { type: 'string' }
const ids = { type: 'array', items: id }

export const personEvents = {
  type: 'array',
  description: 'Events as in docs/events.md',
  items: { type: 'object', additionalProperties: true },
}

const similarity = { type: 'number', minimum: -1, maximum: 1, description: 'Cosine of the two' }
const score = {
  type: 'number',
  minimum: -4,
  maximum: 4,
  description: 'The cosine corrected for how little is known of the two; may exceed 1',
}
const threshold = { type: 'number', minimum: -1, maximum: 2, description: 'The score from which on the two are merged' }

/** Everything known of a person but the embeddings. */
export const personDetails = object({
  ...person.properties,
  aliases: { ...ids, description: 'Earlier IDs that stand for this person' },
  apart: { ...ids, description: 'People that this one certainly is not' },
  exemplars: {
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    description: 'Directions it is known by',
  },
  spread: { type: ['number', 'null'], minimum: -1, maximum: 1, description: 'Least cosine between two of them' },
  alike: {
    description: 'The most similar others, best first',
    type: 'array',
    maxItems: 5,
    items: object({ person: id, similarity, score, threshold }),
  },
  history: { ...personEvents, description: 'What happened to it, oldest first; of a long history the end' },
})
