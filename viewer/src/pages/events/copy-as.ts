import type { Filter } from './filter.ts'
import { kinds, topicOf } from './filter.ts'

const topics = kinds.map(({ topic }) => topic)

/** The topics that a filter asks for; all of the page when it asks for none. */
const topicsFor = ({ type }: Filter): readonly string[] => {
  if (type === '') return topics
  return [topics.find((topic) => topic === type) ?? topicOf(type)]
}

/** A word for the shell: in single quotes unless it is plain. */
const quoted = (word: string): string => (/^[\w./:,=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/**
 * A command that prints the same events as they come. `rollcall events tail` chooses topics; `jq` chooses the rest.
 */
export const asCommand = (filter: Filter, origin: string): string => {
  const conditions = [
    ...(filter.type.startsWith('rollcall.') ? [`.type == ${JSON.stringify(filter.type)}`] : []),
    ...(filter.camera === '' ? [] : [`.data.camera == ${JSON.stringify(filter.camera)}`]),
    ...(filter.person === ''
      ? []
      : [`any(.data | .person, .into, .off, .from, .before, .other; . == ${JSON.stringify(filter.person)})`]),
  ]
  const tail = `rollcall events tail --url ${quoted(origin)} --topics ${topicsFor(filter).join(',')}`
  return conditions.length === 0 ? tail : `${tail} | jq -c ${quoted(`select(${conditions.join(' and ')})`)}`
}

/** A consumer of the same events, for Node or a page. */
export const asCode = (filter: Filter, origin: string): string => {
  const subscribe = [
    filter.type.startsWith('rollcall.')
      ? `types: [${JSON.stringify(filter.type)}]`
      : `topics: ${JSON.stringify(topicsFor(filter))}`,
    ...(filter.camera === '' ? [] : [`cameras: [${JSON.stringify(filter.camera)}]`]),
    ...(filter.person === '' ? [] : [`people: [${JSON.stringify(filter.person)}]`]),
  ]
  return `import { connect } from '@rollcall/client'

const client = connect({
  url: ${JSON.stringify(origin)},
  token: process.env.ROLLCALL_TOKEN,
  subscribe: { ${subscribe.join(', ')} },
})
client.onEvent((event) => console.log(event.time, event.type, event.data))
`
}
