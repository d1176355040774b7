/** GStreamer caps: the kind of data, and its properties as text without their types. */
export interface Caps {
  /** Such as `video/x-h264`. */
  readonly name: string
  /** Such as `width` → `1920`. Lists and ranges keep their brackets. */
  readonly fields: ReadonlyMap<string, string>
}

/** Reads the first structure of caps in GStreamer's notation, such as `video/x-h264, width=(int)1920`. */
export const parseCaps = (text: string): Caps => {
  const [name] = text.split(/[,(;]/, 1)
  const fields = new Map<string, string>()
  for (const [, field, quoted, list, plain] of text.matchAll(
    /([\w-]+)=(?:\([\w:]+\))?\s*(?:"((?:[^"\\]|\\.)*)"|([{[][^}\]]*[}\]])|([^,;]+))/g,
  )) {
    if (!fields.has(field)) fields.set(field, quoted ?? list ?? plain.trim())
  }
  return { name: name.trim(), fields }
}
