import type { SideBySide } from '../../../src/server/people-answers.ts'
import type { PersonId } from '../../../src/types.ts'
import { errorWords } from '../shell/api.ts'
import type { PageContext } from '../shell/page.ts'

/** The address of a person, or of something that is done with one: `/merge`. */
export const pathOf = (id: PersonId, verb = ''): string => `/api/people/${encodeURIComponent(id)}${verb}`

/** Reads something before a dialog opens; says why not in a toast and resolves null when that fails. */
export const read = async <Answer>({ say }: PageContext, work: Promise<Answer>): Promise<Answer | null> => {
  try {
    return await work
  } catch (error) {
    say(errorWords(error), { bad: true })
    return null
  }
}

/** How alike two people are, and what a merge would do. */
export const compare = (context: PageContext, a: PersonId, b: PersonId): Promise<SideBySide | null> =>
  read(context, context.api.post<SideBySide>('/api/people/compare', { a, b }))

/** Who is most like the person, best first; nobody when that cannot be read. */
export const alikeTo = async ({ api }: PageContext, id: PersonId): Promise<PersonId[]> => {
  const answer = await api
    .get<{ person: { alike: readonly { person: PersonId }[] } }>(pathOf(id))
    .catch(() => ({ person: { alike: [] } }))
  return answer.person.alike.map(({ person }) => person)
}
