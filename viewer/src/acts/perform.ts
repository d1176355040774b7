import type { Changed } from '../../../src/server/people-answers.ts'
import { errorWords } from '../shell/api.ts'
import type { PageContext } from '../shell/page.ts'

/** Takes an action back. Rejects with the reason when that is not possible any more. */
export const undo = async ({ api, say }: Pick<PageContext, 'api' | 'say'>, action: number): Promise<void> => {
  await api.post(`/api/actions/${action}/undo`)
  say('Undone.')
}

/** Does something, and says so in a toast with "Undo". Rejects with what the server refused: a dialog says it. */
export const change = async <Answer extends Pick<Changed, 'action'>>(
  context: Pick<PageContext, 'api' | 'say'>,
  words: string,
  work: Promise<Answer>,
): Promise<Answer> => {
  const answer = await work
  const { action } = answer
  context.say(words, action === null ? {} : { undo: () => undo(context, action) })
  return answer
}

/** The same without a dialog: a second toast says why not. Resolves to what the server answered; null when it refused. */
export const perform = async <Answer extends Pick<Changed, 'action'>>(
  context: Pick<PageContext, 'api' | 'say'>,
  words: string,
  work: Promise<Answer>,
): Promise<Answer | null> => {
  try {
    return await change(context, words, work)
  } catch (error) {
    context.say(errorWords(error), { bad: true })
    return null
  }
}
