/**
 * The `fmtp` parameters of an H.264 or H.265 stream (RFC 6184 8.1, RFC 7798 7.1) with the parameter sets that can be
 * used. Wrong ones are left out, because GStreamer would give them to the decoder before those in the stream.
 */
export const usableParameters = (encoding: string, parameters: ReadonlyMap<string, string>): readonly string[] =>
  [...parameters].flatMap(([key, value]) => {
    const types = encoding === 'H264' ? (h264[key] ?? null) : encoding === 'H265' ? (h265[key] ?? null) : null
    if (types === null) return [value === '' ? key : `${key}=${value}`]
    const sets = value.split(',').flatMap((text) => usable(encoding, types, text) ?? [])
    const found = new Set(sets.map(({ type }) => type))
    return types.every((type) => found.has(type)) ? [`${key}=${sets.map(({ base64 }) => base64).join(',')}`] : []
  })

/** The types of NAL unit that must be in a parameter. */
const h264: Readonly<Record<string, readonly number[]>> = { 'sprop-parameter-sets': [7, 8] }
const h265: Readonly<Record<string, readonly number[]>> = { 'sprop-vps': [32], 'sprop-sps': [33], 'sprop-pps': [34] }

/** One parameter set without the start code that some cameras leave before it; null when it is none. */
const usable = (encoding: string, types: readonly number[], text: string) => {
  const bytes = Buffer.from(text.trim(), 'base64')
  const from = bytes.indexOf(1)
  const nal =
    from >= 2 && from <= 3 && bytes.subarray(0, from).every((byte) => byte === 0) ? bytes.subarray(from + 1) : bytes
  const type = encoding === 'H264' ? (nal[0] ?? 0) & 0x1f : ((nal[0] ?? 0) >> 1) & 0x3f
  const isForbidden = ((nal[0] ?? 0x80) & 0x80) !== 0
  if (isForbidden || nal.length < (encoding === 'H264' ? 3 : 5) || !types.includes(type)) return null
  return { type, base64: nal.toString('base64') }
}
