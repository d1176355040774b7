import type { CameraTest } from '../../../../src/server/camera-answers.ts'
import { element } from '../../ui/element.ts'

/** What a test of a camera has shown: its picture and what it sends, or why there is none. */
export const testResult = (test: CameraTest): HTMLElement => {
  if (test.failure !== null)
    return element(
      'div',
      { class: 'test-result bad' },
      element('p', { class: 'trouble' }, `No picture: ${test.failure.message}.`),
      element('p', { class: 'remedy' }, test.failure.remedy ?? ''),
      ...adviceOf(test),
    )
  const picture = element('img', { alt: 'The first picture of the camera' })
  if (test.picture !== null) picture.src = `data:image/jpeg;base64,${test.picture}`
  return element(
    'div',
    { class: 'test-result' },
    picture,
    element(
      'dl',
      { class: 'fact-list' },
      ...test.facts.map(({ what, says }) => element('div', {}, element('dt', {}, what), element('dd', {}, says))),
    ),
    ...(test.advice.length === 0
      ? [element('p', { class: 'fine' }, 'Nothing to change at this camera.')]
      : adviceOf(test)),
  )
}

const adviceOf = ({ advice }: CameraTest): readonly HTMLElement[] =>
  advice.length === 0
    ? []
    : [
        element('p', {}, 'In the camera’s menu:'),
        element(
          'ul',
          { class: 'advice' },
          ...advice.map(({ quirk, change }) =>
            element('li', {}, `${quirk}. `, element('span', { class: 'remedy' }, change)),
          ),
        ),
      ]
