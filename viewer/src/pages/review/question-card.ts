import type { AnswerWord, ReviewQuestion } from '../../../../src/server/people-answers.ts'
import { personCard, visitWords } from '../../acts/side-by-side.ts'
import type { PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { whenWords } from '../../ui/when.ts'

/** An answer, or to leave the question for later. */
export type Reply = AnswerWord | 'later'

/** The key of each answer. */
export const keyOf: Readonly<Record<Reply, string>> = {
  same: 's',
  different: 'd',
  other: 'o',
  name: 'n',
  dismiss: 'x',
  later: 'l',
}

const wordsOf = (reply: Reply, { kind }: ReviewQuestion): string => {
  switch (reply) {
    case 'same':
      return kind === 'join' ? 'Yes, the same' : 'Same person'
    case 'different':
      return kind === 'join' ? 'No, somebody new' : 'Two people'
    case 'other':
      return 'It is the other one'
    case 'name':
      return 'Name'
    case 'dismiss':
      return 'Do not ask again'
    case 'later':
      return 'Later'
  }
}

const notes = { duplicate: ['', ''], join: ['joined to', 'next most alike'], unnamed: [''] } as const

/** One question with its people and a button for each answer, which shows its key. */
export const questionCard = (
  context: PageContext,
  question: ReviewQuestion,
  reply: (with_: Reply) => void,
): HTMLElement => {
  const { people, text, why, settles, camera, atMs, kind, answers } = question
  const mayAnswer = context.may('operate')
  const buttons = ([...answers, 'later'] as const).map((each) => {
    const words = element('span', {}, wordsOf(each, question), ' ', element('kbd', {}, keyOf[each].toUpperCase()))
    const look = each === 'same' || each === 'name' ? 'button primary' : 'button'
    const created = button(words, () => reply(each), {
      class: look,
      'data-reply': each,
      'aria-keyshortcuts': keyOf[each],
    })
    if (!mayAnswer && each !== 'later') {
      created.disabled = true
      created.title = 'Your token may look, but not change people.'
    }
    return created
  })
  const visit = camera !== null && atMs !== null ? ` The visit was at ${camera}, ${whenWords(atMs)}.` : ''
  return element(
    'article',
    { class: 'review-question panel', 'data-question': question.id, 'aria-label': text },
    element('h3', {}, text),
    element('div', { class: 'act-sides' }, ...people.map((side, i) => personCard(context, side, notes[kind][i] ?? ''))),
    element('p', { class: 'review-why' }, `${why}${visit}`),
    element('p', { class: 'act-note' }, `One answer settles ${visitWords(settles)}.`),
    element('div', { class: 'review-answers' }, ...buttons),
  )
}
