import { element } from './element.ts'

/** A text in quotes with the colon after it, a text, a number, or a word. */
const token = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g

/** JSON on several lines, with keys, texts and numbers in colours of their own. */
export const jsonView = (value: unknown): HTMLElement => {
  const text = JSON.stringify(value, null, 2)
  const view = element('pre', { class: 'json', tabindex: '0' })
  let at = 0
  for (const match of text.matchAll(token)) {
    const [all, string, colon] = match
    view.append(text.slice(at, match.index))
    const kind = string === undefined ? 'number' : colon === undefined ? 'text' : 'key'
    view.append(element('span', { class: kind }, string ?? all), colon ?? '')
    at = match.index + all.length
  }
  view.append(text.slice(at))
  return view
}
