/** Writes the boxes of ISO/IEC 14496-12. */

/** 16-bit numbers, big-endian. */
export const u16 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(2 * values.length)
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, 2 * i)
  return bytes
}

/** 32-bit numbers, big-endian. */
export const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i)
  return bytes
}

/** A box: length, four letters, content. */
export const box = (type: string, ...content: readonly Uint8Array[]): Buffer => {
  const length = 8 + content.reduce((sum, { length: each }) => sum + each, 0)
  return Buffer.concat([u32(length), Buffer.from(type, 'latin1'), ...content])
}

/** A box with version 0 and `flags`. */
export const fullBox = (type: string, flags: number, ...content: readonly Uint8Array[]): Buffer =>
  box(type, u32(flags), ...content)

/** The same value again and again as counted runs: `stts`, `ctts`. */
export const runs = (values: readonly number[]): Buffer => {
  const found: [count: number, value: number][] = []
  for (const value of values) {
    const last = found.at(-1)
    if (last !== undefined && last[1] === value) last[0]++
    else found.push([1, value])
  }
  return Buffer.concat([u32(found.length), ...found.map((run) => u32(...run))])
}

/** The matrix that leaves a picture as it is. */
export const unity = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
