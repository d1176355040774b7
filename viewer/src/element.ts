/** Creates an element. Text children are added as text, so that no name or reason becomes markup. */
export const element = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<Record<'class' | 'type' | 'role' | 'title' | 'aria-label' | 'aria-pressed', string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] => {
  const created = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) created.setAttribute(name, value)
  created.append(...children)
  return created
}

/** The element of index.html with this id. Throws an Error when there is none of this type. */
export const byId = <Type extends HTMLElement>(id: string, type: new () => Type): Type => {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`index.html: expected #${id}`)
  return found
}
