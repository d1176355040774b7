import type { Changed } from '../../../src/server/people-answers.ts'
import { ApiError } from '../shell/api.ts'
import type { PageContext } from '../shell/page.ts'

/** What went wrong, and what to do about it, in one line. */
export const errorWords = (error: unknown): string => {
  if (!(error instanceof ApiError)) return (error as Error).message
  return error.remedy === '' ? error.message : `${error.message}. ${error.remedy}`
}

/** Takes an action back. Rejects with the reason when that is not possible any more. */
export const undo = async ({ api, say }: Pick<PageContext, 'api' | 'say'>, action: number): Promise<void> => {
  await api.post(`/api/actions/${action}/undo`)
  say('Undone.')
}

/**
 * Does something, and says so in a toast with "Undo", or says why not. Resolves to what the server answered; null when it
 * refused.
 */
export const perform = async <Answer extends Pick<Changed, 'action'>>(
  context: Pick<PageContext, 'api' | 'say'>,
  words: string,
  work: () => Promise<Answer>,
): Promise<Answer | null> => {
  try {
    const answer = await work()
    const { action } = answer
    context.say(words, action === null ? {} : { undo: () => undo(context, action) })
    return answer
  } catch (error) {
    context.say(errorWords(error), { bad: true })
    return null
  }
}
