import type { AnswerWord, Changed, ReviewQuestion } from '../../../../src/server/people-answers.ts'
import { askName } from '../../acts/name.ts'
import { openMerge } from '../../acts/pair-acts.ts'
import { change, perform } from '../../acts/perform.ts'
import type { PageContext } from '../../shell/page.ts'

const doneWords: Readonly<Record<AnswerWord, string>> = {
  same: 'They are one person now.',
  different: 'They are told apart.',
  other: 'The visit is moved.',
  name: 'Named.',
  dismiss: 'Not asked again.',
}
const wordsFor = (answer: AnswerWord, { kind }: ReviewQuestion): string => {
  if (kind !== 'join') return doneWords[answer]
  if (answer === 'same') return 'The visit stays.'
  return answer === 'different' ? 'The visit is a new person now.' : doneWords[answer]
}

/** Sends an answer; what it asks for more, such as the name, is asked first. Resolves to what was done, null for nothing. */
export const sendAnswer = async (
  context: PageContext,
  question: ReviewQuestion,
  answer: AnswerWord,
): Promise<AnswerWord | null> => {
  const post = (body: object): Promise<Changed> =>
    context.api.post(`/api/review/${encodeURIComponent(question.id)}`, body)
  const words = wordsFor(answer, question)
  if (answer !== 'name') return (await perform(context, words, post({ answer }))) && answer
  const [{ id } = { id: '' }] = question.people
  const naming = await askName(context, id, (name) => change(context, words, post({ answer, name })))
  if (typeof naming === 'object') return (await openMerge(context, id, naming.same)) ? 'same' : null
  return naming === 'saved' ? answer : null
}
