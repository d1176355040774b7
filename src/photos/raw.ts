/** A directory of a TIFF file that is larger than this is none of a camera's. */
const mostEntries = 1000

/** The tags of the first directory of a TIFF file, with their values as far as these are one short or long number. */
const firstTags = (bytes: Uint8Array): ReadonlyMap<number, number> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tags = new Map<number, number>()
  if (bytes.length < 16) return tags
  const little = bytes[0] === 0x49
  const at = view.getUint32(4, little)
  if (at + 2 > bytes.length) return tags
  const count = Math.min(view.getUint16(at, little), mostEntries)
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + 12 * i
    if (entry + 12 > bytes.length) break
    const isShort = view.getUint16(entry + 2, little) === 3
    const value = isShort ? view.getUint16(entry + 8, little) : view.getUint32(entry + 8, little)
    tags.set(view.getUint16(entry, little), value)
  }
  return tags
}

const newSubfileType = 254
const compression = 259
const subDirectories = 330
const dngVersion = 50_706

/**
 * Whether a TIFF file is a camera's raw data: a DNG, a CR2, or one whose first directory is a preview and whose picture
 * is in a subdirectory (NEF, ARW, PEF). The preview is often too small for faces.
 */
export const isRaw = (bytes: Uint8Array): boolean => {
  if (bytes[8] === 0x43 && bytes[9] === 0x52) return true
  const tags = firstTags(bytes)
  if (tags.has(dngVersion)) return true
  const isPreview = ((tags.get(newSubfileType) ?? 0) & 1) === 1
  // Raw data as Nikon and Sony compress it.
  const isCameras = tags.get(compression) === 34_713 || tags.get(compression) === 32_767
  return isCameras || (isPreview && tags.has(subDirectories))
}
