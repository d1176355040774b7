import type { Review, ReviewQuestion } from '../../../../src/server/people-answers.ts'
import { errorWords } from '../../shell/api.ts'
import { atMostEvery } from '../../shell/at-most-every.ts'
import type { CreatePage, PageContext } from '../../shell/page.ts'
import { button, element } from '../../ui/element.ts'
import { emptyState } from '../../ui/empty-state.ts'
import { createActionList } from './action-list.ts'
import { answerKeys } from './answer-keys.ts'
import { questionCard, type Reply } from './question-card.ts'
import { sendAnswer } from './send-answer.ts'
import { createTally, type Tally } from './tally.ts'

/** Questions that are read at once. */
const readAtOnce = 50
/** Changes by others are read at once, and no more often than this. */
const restMs = 300

/** A visit that goes to somebody else is told by its correction alone. */
const isChange = (type: string): boolean =>
  type.startsWith('rollcall.person.') || type === 'rollcall.sighting.corrected.v1'

const endWords = ({ looked }: Review, tally: Tally, isNothing: boolean): string => {
  const more = looked.people < looked.of ? ` Looked at ${looked.people} of ${looked.of} people so far.` : ''
  return `${isNothing ? 'Nothing to ask right now.' : tally.words()}${more}`
}

const whatIsAsked =
  'Rollcall asks here when two people may be one, when a visit may be somebody else’s, and when somebody without a name comes often.'

interface Questions {
  /** Reads what is open and shows the first of it. */
  readonly read: () => void
  /** The question that is shown. */
  readonly current: () => ReviewQuestion | null
}

/** Shows one question at a time in `place`, and one line at the end. */
const createQuestions = (
  context: PageContext,
  place: HTMLElement,
  progress: HTMLElement,
  onRead: () => void,
): Questions => {
  let tally: Tally = createTally()
  let later = new Set<string>()
  let current: ReviewQuestion | null = null
  let isBusy = false
  let reading = 0

  const lookAgain = (): void => {
    tally = createTally()
    later = new Set()
    read()
  }
  const showEnd = (review: Review): void => {
    const isNothing = tally.asked() === 0 && later.size === 0
    const words = endWords(review, tally, isNothing)
    const end = emptyState(words, button('Look again', lookAgain))
    if (isNothing) end.firstElementChild?.after(element('p', {}, whatIsAsked))
    end.classList.add('review-end', 'panel')
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
    onRead()
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
    const done = await sendAnswer(context, question, answer).finally(() => {
      isBusy = false
    })
    if (done !== null) tally.count(done, question.kind)
    read()
  }
  return { read, current: () => current }
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
  const questions = createQuestions(context, place, progress, actions.refresh)
  const onKey = answerKeys(place, questions.current)
  const changes = atMostEvery(restMs, questions.read)
  let stop = (): void => undefined
  return {
    element: page,
    show: () => {
      document.addEventListener('keydown', onKey)
      stop()
      stop = context.onEvent(({ type }) => {
        if (isChange(type)) changes.ask()
      })
      questions.read()
    },
    hide: () => {
      document.removeEventListener('keydown', onKey)
      changes.stop()
      stop()
      stop = () => undefined
    },
  }
}
