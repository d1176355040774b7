import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote, quoteElements } from '../../src/ingest/quote.ts'

/** What GStreamer 1.22's `gst_parse_unescape` and then `gst_value_deserialize` do, in the simplest form. */
const unquote = (text: string): string => text.slice(1, -1).replace(/\\(.)/gs, '$1')
/** Its lexer's idea of a quoted string: the first quote without a backslash ends it. */
const isOneString = (text: string): boolean => /^"(?:[^"\\]|\\.)*"$/s.test(text)

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', "'", '!', ' ', '=', '(', ')', '\t', 'a', '7') }),
  fc.constant('x" ! filesink location="/etc/passwd'),
)

test('a value stays one string and comes out as it went in', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(isOneString(quote(text))).toBe(true)
      expect(unquote(unquote(quote(text)))).toBe(text)
      expect(unquote(quoteElements(text))).toBe(text)
    }),
    { numRuns: 1000 },
  )
})
