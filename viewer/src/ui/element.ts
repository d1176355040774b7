/**
 * Creates an element with these attributes. Children that are strings are added as text, so that no name or reason
 * becomes markup.
 */
export const element = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] => {
  const created = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value)
  created.append(...children)
  return created
}

/** A button that does `act`. `attributes` may give it a class, a title or ARIA states. */
export const button = (
  words: Node | string,
  act: () => void,
  attributes: Readonly<Record<string, string>> = {},
): HTMLButtonElement => {
  const created = element('button', { type: 'button', class: 'button', ...attributes }, words)
  created.addEventListener('click', act)
  return created
}
