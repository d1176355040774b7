import { type Document, LineCounter, parseDocument, type YAMLParseError, type YAMLWarning } from 'yaml'
import type { Mistake } from './tree.ts'

/**
 * What is wrong, by the parser's code. The parser's own messages may quote the file, and so a password that needs quotes.
 */
const words: Readonly<Partial<Record<YAMLParseError['code'], string>>> = {
  TAB_AS_INDENT: 'a tab in front of a line: indent with spaces',
  MULTIPLE_DOCS: 'a second document begins here (---): a configuration is one document',
  BAD_SCALAR_START: 'a text that begins with @, `, % or another sign of YAML needs quotes',
  BAD_DQ_ESCAPE: 'a backslash that escapes nothing: write \\\\, or put the text into single quotes',
  BAD_ALIAS: 'a & or * without a name: a text that begins with it needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second colon in this line: a text with ": " in it needs quotes',
  MULTILINE_IMPLICIT_KEY: 'expected KEY: VALUE; the colon is missing, or has no space after it',
  MISSING_CHAR: 'a bracket, brace, quote, comma or colon is missing',
  BAD_INDENT: 'this line is not indented like its neighbours, or a bracket, brace or quote is not closed',
  UNEXPECTED_TOKEN: 'something stands here that belongs nowhere: a text with signs of YAML in it needs quotes',
  NON_STRING_KEY: 'expected a key: a text before the colon',
  TAG_RESOLVE_FAILED:
    'a tag (!) that is not known here: a text that begins with ! needs quotes; secrets are ${NAME} or ${file:PATH}',
  BAD_DIRECTIVE: 'a line that begins with % is a directive of YAML: a text that begins with it needs quotes',
}

/** A parsed YAML text. */
export interface Syntax {
  readonly document: Document.Parsed
  readonly mistakes: readonly Mistake[]
  /** `LINE:COLUMN`, both from 1. */
  readonly place: (offset: number) => string
  readonly lineOf: (offset: number) => number
}

/** Parses YAML 1.2, of which JSON is a part. Keys are texts as they are written: `1.10`, `007`, `on`. Never throws. */
export const parseSyntax = (text: string): Syntax => {
  const lineCounter = new LineCounter()
  const options = { lineCounter, prettyErrors: false, stringKeys: true, uniqueKeys: false } as const
  const lineOf = (offset: number): number => lineCounter.linePos(offset).line
  const place = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset)
    return `${line}:${col}`
  }
  try {
    const document = parseDocument(text, options)
    const mistakes = [...document.errors, ...document.warnings].map(inWords)
    return { document, mistakes, place, lineOf }
  } catch {
    const mistakes = [{ offset: 0, message: 'not YAML: it is nested too deeply' }]
    return { document: parseDocument(''), mistakes, place: () => '1:1', lineOf: () => 1 }
  }
}

const inWords = ({ code, pos }: YAMLParseError | YAMLWarning): Mistake => ({
  offset: pos[0],
  message: `not YAML: ${words[code] ?? 'expected KEY: VALUE, or a list of - VALUE'}`,
})
