import sax from 'sax'

/** An XML element. Names are without their prefix, because devices choose prefixes as they like. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** Its own text, trimmed. */
  readonly text: string
}

/** A hundred profiles of a recorder have a tenth of it. */
const MOST_ELEMENTS = 50_000
const DEEPEST = 64

const bare = (name: string): string => name.slice(name.indexOf(':') + 1)

/**
 * Reads a document. Null when it is not well formed, nested more than 64 deep, or has more than 50,000 elements. Entities
 * that a document declares are not read.
 */
export const parseXml = (text: string): XmlElement | null => {
  const root = { name: '', attributes: {}, children: [] as XmlElement[], text: '' }
  const open = [root]
  let count = 0
  const parser = sax.parser(true)
  parser.onerror = (error) => {
    throw error
  }
  parser.onopentag = ({ name, attributes }) => {
    if (++count > MOST_ELEMENTS || open.length > DEEPEST) throw new Error('too large')
    const values = Object.entries(attributes).map(([key, value]) => [bare(key), String(value)])
    const element = { name: bare(name), attributes: Object.fromEntries(values), children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  }
  const add = (more: string): void => {
    const last = open.at(-1)
    if (last !== undefined) last.text = `${last.text}${more}`
  }
  parser.ontext = add
  parser.oncdata = add
  parser.onclosetag = () => {
    const closed = open.pop()
    if (closed !== undefined) closed.text = closed.text.trim()
  }
  try {
    parser.write(text.trim()).close()
    return root.children[0] ?? null
  } catch {
    return null
  }
}

/** All descendants of a name, in their order. */
export const elementsNamed = (parent: XmlElement, name: string): readonly XmlElement[] =>
  parent.children.flatMap((child) => [...(child.name === name ? [child] : []), ...elementsNamed(child, name)])

/** Goes down by the names of children; null where there is none. */
export const elementAt = (parent: XmlElement, ...path: readonly string[]): XmlElement | null => {
  const [name, ...rest] = path
  if (name === undefined) return parent
  const next = parent.children.find((child) => child.name === name)
  return next === undefined ? null : elementAt(next, ...rest)
}

/** The text of a descendant; null when it is empty or not there. */
export const textAt = (parent: XmlElement, ...path: readonly string[]): string | null =>
  elementAt(parent, ...path)?.text || null

/** A text as it may stand in a document. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
