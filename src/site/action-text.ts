import type { SavedAction } from '../identity/state/journal.ts'

const quoted = (name: string): string => JSON.stringify(name)

/** What somebody did, in words, by the IDs of that time: `named p-abc "Ada"`. Names may hold any character that can be seen. */
export const actionText = ({ kind, people, name, before, sighting, undo }: SavedAction): string => {
  const [one = 'somebody', other = 'somebody'] = people
  switch (kind) {
    case 'name':
      if (name === null) return `took the name ${quoted(before ?? '')} from ${one}`
      return before === null
        ? `named ${one} ${quoted(name)}`
        : `named ${one} ${quoted(name)} instead of ${quoted(before)}`
    case 'merge':
      return `merged ${other} into ${one}`
    case 'unmerge':
      return `undid the merge of ${one} with ${other}`
    case 'split':
      return sighting === null ? `split ${other} off ${one}` : `took a visit off ${one}: it is ${other}`
    case 'move':
      return undo?.kind === 'merge' ? `merged ${other} into ${one}` : `moved a visit of ${other} to ${one}`
    case 'separate':
      return `said that ${one} is not ${other}`
    case 'delete':
      return `deleted ${one}`
    case 'enroll':
      return `enrolled ${one} as ${quoted(name ?? '')} from photos`
    case 'import':
      return 'imported people'
    case 'answer':
      return `answered a question about ${people.join(' and ') || 'somebody'}`
    case 'object':
      return 'took down that somebody is never to be recognised'
    case 'revoke':
      return `took back that somebody is never to be recognised, ${name === null ? 'with the code' : `without the code: ${quoted(name)}`}`
    case 'what-if':
      return `did what another setting would have done: changed ${people.length} people`
  }
}
