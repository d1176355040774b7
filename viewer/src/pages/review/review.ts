import type { AnswerWord, Changed, Review, ReviewQuestion } from '../../../../src/server/people-answers.ts'
import { openMerge } from '../../acts/acts.ts'
import { askName, nameIsTaken } from '../../acts/name.ts'
import { errorWords, perform } from '../../acts/perform.ts'
import type { CreatePage, PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { createActionList } from './action-list.ts'
import { keyOf, questionCard, type Reply } from './question-card.ts'
import { createTally, type Tally } from './tally.ts'

/** Questions that are read at once. */
const readAtOnce = 50
/** Changes by others are read again after this time. */
const settleMs = 300

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
const send = async (context: PageContext, question: ReviewQuestion, answer: AnswerWord): Promise<AnswerWord | null> => {
  const path = `/api/review/${encodeURIComponent(question.id)}`
  let body: object = { answer }
  if (answer === 'name') {
    const [{ id } = { id: '' }] = question.people
    const name = await askName(context, id)
    if (!name) return null
    const taken = await nameIsTaken(context, id, name)
    if (taken === 'cancel') return null
    if (taken !== 'free') return (await openMerge(context, id, taken.same)) ? 'same' : null
    body = { answer, name }
  }
  const done = await perform(context, wordsFor(answer, question), () => context.api.post<Changed>(path, body))
  return done && answer
}

/** The page `review`: one question at a time, one key each; below it what was done lately. */
export const createReviewPage: CreatePage = (context) => {
  const place = element('div', { class: 'review-place' })
  const progress = element('p', { class: 'review-progress', role: 'status' })
  const actions = createActionList(context)
  const page = element(
    'section',
    { class: 'page review', 'aria-label': 'Review' },
    element('div', { class: 'page-head' }, element('h2', {}, 'Review'), progress),
    place,
    actions.element,
  )
  let tally: Tally = createTally()
  let later = new Set<string>()
  let current: ReviewQuestion | null = null
  let isBusy = false
  let reading = 0

  const showEnd = ({ looked }: Review): void => {
    const more = looked.people < looked.of ? ` Looked at ${looked.people} of ${looked.of} people so far.` : ''
    const words =
      tally.asked() === 0 && later.size === 0 ? `Nothing to ask right now.${more}` : `${tally.words()}${more}`
    const again = button('Look again', () => {
      tally = createTally()
      later = new Set()
      read()
    })
    const end = emptyState(words, again)
    end.classList.add('review-end')
    place.replaceChildren(end)
  }
  const showQuestions = (review: Review): void => {
    const questions = review.questions.filter(({ id }) => !later.has(id))
    const [first] = questions
    const wasHere = place.contains(document.activeElement)
    // The same question stays as it is: nobody loses the focus.
    if (first && current?.id === first.id && place.querySelector('[data-question]')) return
    current = first ?? null
    const left = Math.max(questions.length, review.open - later.size)
    progress.textContent = first ? `Question ${tally.asked() + 1} of ${tally.asked() + left}` : ''
    if (!first) {
      showEnd(review)
      return
    }
    const card = questionCard(context, first, (answer) => void reply(answer))
    place.replaceChildren(card)
    if (wasHere) card.querySelector<HTMLElement>('button:not(:disabled)')?.focus()
  }
  const read = (): void => {
    const number = ++reading
    actions.refresh()
    context.api.get<Review>(`/api/review?limit=${readAtOnce}`).then(
      (review) => {
        if (number === reading && !isBusy) showQuestions(review)
      },
      (error: unknown) => {
        if (number === reading) place.replaceChildren(emptyState(errorWords(error), button('Try again', read)))
      },
    )
  }
  const reply = async (answer: Reply): Promise<void> => {
    const question = current
    if (question === null || isBusy) return
    if (answer === 'later') {
      later.add(question.id)
      tally.count('later', question.kind)
      read()
      return
    }
    isBusy = true
    const done = await send(context, question, answer).finally(() => {
      isBusy = false
    })
    if (done !== null) tally.count(done, question.kind)
    read()
  }
  const onKey = (event: KeyboardEvent): void => {
    const isTyping =
      event.target instanceof HTMLElement && event.target.closest('input, textarea, select, dialog') !== null
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
    const answer = ([...(current?.answers ?? []), 'later'] as const).find(
      (each) => keyOf[each] === event.key.toLowerCase(),
    )
    const pressed = answer && place.querySelector<HTMLButtonElement>(`[data-reply="${answer}"]`)
    if (!pressed || pressed.disabled) return
    event.preventDefault()
    pressed.click()
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  let stop = (): void => undefined
  return {
    element: page,
    show: () => {
      document.addEventListener('keydown', onKey)
      stop()
      stop = context.onEvent(({ type }) => {
        if (!type.startsWith('rollcall.person.')) return
        clearTimeout(timer)
        timer = setTimeout(read, settleMs)
      })
      read()
    },
    hide: () => {
      document.removeEventListener('keydown', onKey)
      clearTimeout(timer)
      stop()
      stop = () => undefined
    },
  }
}
