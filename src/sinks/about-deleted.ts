import type { PersonId } from '../types.ts'

/** Whether somebody with this ID was deleted. */
export type IsDeleted = (person: PersonId) => boolean

/**
 * Whether a message that waits is about somebody who was deleted since: an event (structured CloudEvents JSON) or a flat
 * object of a rule. The deletion itself is not, because receivers have to hear of it. False for what is no JSON.
 */
export const isAboutDeleted = (message: Buffer, isDeleted: IsDeleted): boolean => {
  let read: { readonly type?: unknown; readonly person?: unknown; readonly data?: { readonly person?: unknown } } | null
  try {
    read = JSON.parse(message.toString())
  } catch {
    return false
  }
  if (read?.type === 'rollcall.person.deleted.v1') return false
  const person = read?.data?.person ?? read?.person
  return typeof person === 'string' && isDeleted(person)
}
