/**
 * A string as the value of a property in a gst-launch description, whatever is in it.
 *
 * It is read twice: the parser takes off one pair of quotes and one layer of backslashes; then GStreamer's deserialiser
 * takes a value that begins with a quote for another quoted string. So values are always quoted twice.
 */
export const quote = (text: string): string => wrap(wrap(text))

/** The same for a property whose value is itself a description, which is read once. */
export const quoteElements = (description: string): string => wrap(description)

const wrap = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`
