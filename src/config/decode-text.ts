/**
 * The text of a file in UTF-8, with or without a byte order mark. Throws an Error that says what the file is instead:
 * with replacement characters names and passwords would be others than were written.
 */
export const decodeText = (bytes: Uint8Array): string => {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new Error('it is UTF-16: save it as UTF-8')
  if (bytes.includes(0)) throw new Error('it is no text: there are NUL bytes in it')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Error('it is not UTF-8: save it as UTF-8')
  }
}
