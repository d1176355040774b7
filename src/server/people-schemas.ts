import { object, person } from './api-schemas.ts'

const id = { type: 'string' }
const ids = { type: 'array', items: id }

export const personEvents = {
  type: 'array',
  description: 'Events as in docs/events.md',
  items: { type: 'object', additionalProperties: true },
}

/** Everything known of a person but the embeddings. */
export const personDetails = object({
  ...person.properties,
  aliases: { ...ids, description: 'Earlier IDs that stand for this person' },
  apart: { ...ids, description: 'People that this one certainly is not' },
  exemplars: { type: 'integer', description: 'Directions it is known by' },
  spread: { type: ['number', 'null'], description: 'Least cosine between two of them' },
  alike: {
    description: 'The most similar others',
    type: 'array',
    items: object({ person: id, similarity: { type: 'number' } }),
  },
  history: { ...personEvents, description: 'What happened to it, oldest first; of a long history the end' },
})
