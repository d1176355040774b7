import { fstatSync, fsyncSync, readSync, writeSync } from 'node:fs'

/** B-tree pages: interior and leaf, of an index and of a table. Every other page begins with a zero byte. */
const pageTypes: readonly number[] = [2, 5, 10, 13]
/** Pages that are read at a time. */
const chunk = 256

/**
 * Fills the unallocated part of every page with zeros. SQLite overwrites rows that it deletes (`secure_delete`), but what
 * it moves to another page may leave a copy between a page's cell pointers and its cells. `fd` is a database file that
 * SQLite has just checkpointed and has no page of in memory. Cut off at any moment it leaves a whole database.
 *
 * https://www.sqlite.org/fileformat2.html#b_tree_pages
 */
export const wipeUnallocated = (fd: number): void => {
  const { size } = fstatSync(fd)
  const header = Buffer.alloc(100)
  if (readSync(fd, header, 0, 100, 0) < 100) return
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  const zeros = Buffer.alloc(pageSize)
  const pages = Buffer.alloc(pageSize * chunk)
  for (let from = 0; from < size; from += pages.length) {
    const count = Math.floor(readSync(fd, pages, 0, pages.length, from) / pageSize)
    for (let i = 0; i < count; i++) {
      const page = pages.subarray(i * pageSize, (i + 1) * pageSize)
      const [start, end] = unallocatedIn(page, from + i === 0 ? 100 : 0)
      if (start >= end || zeros.compare(page, start, end, 0, end - start) === 0) continue
      writeSync(fd, zeros, 0, end - start, from + i * pageSize + start)
    }
  }
  fsyncSync(fd)
}

/** From the end of the cell pointers to the first cell; empty for what is no b-tree page. */
const unallocatedIn = (page: Buffer, header: number): readonly [start: number, end: number] => {
  const type = page[header] ?? 0
  if (!pageTypes.includes(type)) return [0, 0]
  const isInterior = type < 8
  const start = header + (isInterior ? 12 : 8) + 2 * page.readUInt16BE(header + 3)
  const end = page.readUInt16BE(header + 5) || 65_536
  return end <= page.length ? [start, end] : [0, 0]
}
