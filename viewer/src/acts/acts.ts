import type { Sighting } from '../../../src/events/types.ts'
import type { Changed, SideBySide } from '../../../src/server/people-answers.ts'
import type { PersonId } from '../../../src/types.ts'
import type { PageContext } from '../shell/page.ts'
import { element } from '../ui/element.ts'
import { personChip } from '../ui/person-chip.ts'
import { whenWords } from '../ui/when.ts'
import { type Choice, choose } from './choose.ts'
import { askName, nameIsTaken } from './name.ts'
import { errorWords, perform } from './perform.ts'
import { pickPerson } from './pick-person.ts'
import { mergeChanges, sideBySide, visitWords } from './side-by-side.ts'

/*
 * The dialogs that change people. Each resolves to true when something was changed, and to false after Cancel or Esc, or when
 * the server refused. They say what has changed in a toast with "Undo", and what went wrong in another. They need the scope
 * `operate`.
 */

const of = (id: PersonId, verb = ''): string => `/api/people/${encodeURIComponent(id)}${verb}`

/** Reads something for a dialog; says why not and resolves null when that fails. */
const read = async <Answer>({ say }: PageContext, work: Promise<Answer>): Promise<Answer | null> => {
  try {
    return await work
  } catch (error) {
    say(errorWords(error), { bad: true })
    return null
  }
}

const compare = (context: PageContext, a: PersonId, b: PersonId): Promise<SideBySide | null> =>
  read(context, context.api.post<SideBySide>('/api/people/compare', { a, b }))

const changes = async (context: PageContext, words: string, path: string, body?: object): Promise<boolean> =>
  (await perform(context, words, () => context.api.post<Changed>(path, body))) !== null

/** Who is most like the person, best first. */
const alikeTo = async ({ api }: PageContext, id: PersonId): Promise<PersonId[]> => {
  const answer = await api
    .get<{ person: { alike: readonly { person: PersonId }[] } }>(of(id))
    .catch(() => ({ person: { alike: [] } }))
  return answer.person.alike.map(({ person }) => person)
}

/** Asks for a name, suggests those that are known, and offers to merge where the name is somebody's. */
export const openName = async (context: PageContext, person: PersonId): Promise<boolean> => {
  const name = await askName(context, person)
  if (name === null) return false
  const taken = await nameIsTaken(context, person, name)
  if (taken === 'cancel') return false
  if (taken !== 'free') return openMerge(context, person, taken.same)
  const words = name === '' ? 'The name is taken away.' : `Named ${name}.`
  return changes(context, words, of(person, '/name'), { name: name === '' ? null : name })
}

/** Shows two people side by side, how alike they are and what a merge changes. Without `b` it asks for the other first. */
export const openMerge = async (context: PageContext, a: PersonId, b?: PersonId): Promise<boolean> => {
  const { site, api } = context
  const other = b ?? (await pickOther(context, a))
  if (other === null) return false
  const compared = await compare(context, a, other)
  if (compared === null) return false
  const { merge, against } = compared
  const body = element('div', { class: 'act' }, sideBySide(context, compared), mergeChanges(context, compared))
  if (against !== null) body.append(element('p', { class: 'act-against' }, `Against it: ${against}.`))
  const look: Choice<string>['look'] = merge.needsForce ? 'danger' : 'primary'
  const choices: Choice<string>[] = merge.possible
    ? [{ words: merge.needsForce ? 'Merge all the same' : 'Merge', value: '', look }]
    : [a, other].map((keeps) => ({
        words: element('span', {}, 'Merge as ', element('bdi', {}, site.nameOf(keeps))),
        value: site.resolve(keeps) === site.resolve(a) ? other : a,
        look,
      }))
  if (!merge.possible) body.append(element('p', {}, 'They have different names; one of them goes.'))
  const nameless = await choose<PersonId>({ title: 'Are they the same person?', body, choices })
  if (nameless === null) return false
  if (nameless !== '' && (await read(context, api.post(of(nameless, '/name'), { name: null }))) === null) return false
  return changes(context, 'Merged into one person.', '/api/people/merge', { a, b: other, force: merge.needsForce })
}

const pickOther = async (context: PageContext, person: PersonId): Promise<PersonId | null> => {
  const first = await alikeTo(context, person)
  const body = element('p', {}, 'Choose the other ID of ', personChip(context, person), '. The most alike come first.')
  return (await pickPerson(context, { title: 'Merge with whom?', body, but: [person], first }))?.person ?? null
}

/** Says what a deletion means and that it cannot be undone, and asks for the name or ID to be typed. */
export const openDelete = async (context: PageContext, person: PersonId): Promise<boolean> => {
  const { site, api, say } = context
  const id = site.resolve(person)
  const compared = await read(context, api.get<{ person: { tracks: number; aliases: readonly string[] } }>(of(id)))
  if (compared === null) return false
  const { tracks, aliases } = compared.person
  const others =
    aliases.length === 0 ? '' : `, and ${aliases.length === 1 ? 'another ID' : `${aliases.length} other IDs`}`
  const body = element(
    'div',
    { class: 'act' },
    element('p', {}, personChip(context, id), ' is deleted with every trace: '),
    element(
      'ul',
      { class: 'act-changes' },
      element('li', {}, `all looks and pictures, the name${others},`),
      element('li', {}, `${visitWords(tracks)} with their times and places, and every event about them,`),
      element('li', {}, 'also at programs that follow Rollcall’s events.'),
    ),
    element('p', { class: 'act-against' }, 'This cannot be undone. Whoever comes again is a new person.'),
  )
  const name = site.nameOf(id)
  const isSure = await context.ask({
    title: 'Delete this person?',
    body,
    confirm: 'Delete for good',
    danger: true,
    typed: name,
  })
  if (!isSure) return false
  try {
    await api.delete(of(id))
    say('Deleted with every trace.')
    return true
  } catch (error) {
    say(errorWords(error), { bad: true })
    return false
  }
}

const visitOf = (context: PageContext, { person, camera, fromMs }: Sighting): HTMLElement =>
  element('p', {}, 'The visit of ', personChip(context, person), ` at ${camera}, ${whenWords(fromMs)}.`)

/** Gives a sighting to somebody else, or makes a new person of it. */
export const openMove = async (context: PageContext, sighting: Sighting): Promise<boolean> => {
  const first = await alikeTo(context, sighting.person)
  const picked = await pickPerson(context, {
    title: 'Whose visit is this?',
    body: visitOf(context, sighting),
    but: [sighting.person],
    first,
    nobody: 'A new person',
  })
  if (picked === null) return false
  const path = `/api/sightings/${encodeURIComponent(sighting.sighting)}/move`
  return changes(context, 'The visit is moved.', path, { to: picked.person })
}

/** "Not this person": takes a sighting off its person, who keeps the rest; it becomes a new person. */
export const openNotThisPerson = async (context: PageContext, sighting: Sighting): Promise<boolean> => {
  const body = element(
    'div',
    { class: 'act' },
    visitOf(context, sighting),
    element('p', {}, 'It becomes a new person, whom Rollcall never takes for the same again. Everything else stays.'),
  )
  const name = context.site.nameOf(sighting.person)
  if (!(await context.ask({ title: `Not ${name}?`, body, confirm: 'Not this person' }))) return false
  const path = `/api/sightings/${encodeURIComponent(sighting.sighting)}/move`
  return changes(context, 'The visit is a new person now.', path, { to: null })
}

/** Divides a person along its two most different parts. */
export const openSplit = async (context: PageContext, person: PersonId): Promise<boolean> => {
  const body = element(
    'div',
    { class: 'act' },
    element('p', {}, personChip(context, person), ' is divided along its two most different parts.'),
    element('p', {}, 'The larger part keeps ID and name. To take off single visits, use “Not this person” on them.'),
  )
  if (!(await context.ask({ title: 'Is this two people?', body, confirm: 'Split' }))) return false
  return changes(context, 'Split into two people.', of(person, '/split'), {})
}

/** Records that two are certainly not one person. */
export const openSeparate = async (context: PageContext, a: PersonId, b?: PersonId): Promise<boolean> => {
  const other = b ?? (await pickOther(context, a))
  if (other === null) return false
  const compared = await compare(context, a, other)
  if (compared === null) return false
  const body = element(
    'div',
    { class: 'act' },
    sideBySide(context, compared),
    element('p', {}, 'Rollcall never merges them from then on.'),
  )
  if (!(await context.ask({ title: 'Are they two people?', body, confirm: 'They are two' }))) return false
  return changes(context, 'They are told apart.', '/api/people/separate', { a, b: other })
}

/** Gives an old ID back: undoes the merge that made it an alias. */
export const openUnmerge = async (context: PageContext, oldId: PersonId): Promise<boolean> => {
  const body = element(
    'p',
    {},
    element('code', {}, oldId),
    ' is a person of its own again, with what came in under it, and is never merged with ',
    personChip(context, oldId),
    ' again.',
  )
  if (!(await context.ask({ title: 'Was this merge wrong?', body, confirm: 'Give the ID back' }))) return false
  return changes(context, 'They are two people again.', of(oldId, '/unmerge'), {})
}
