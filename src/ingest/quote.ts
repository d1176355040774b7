/**
 * Quotes a string as the value of a property in a gst-launch description.
 *
 * The value is read twice: the parser removes a pair of quotes and a layer of backslashes, and GStreamer's deserialiser
 * takes a value that still begins with a quote for another quoted string. So values are always quoted twice.
 */
export const quote = (text: string): string => wrap(wrap(text))

/** Quotes a description as the value of a property. It is read once. */
export const quoteElements = (description: string): string => wrap(description)

const wrap = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`
