import { closeSync, fstatSync, lstatSync, openSync, readSync, realpathSync, type Stats, statSync } from 'node:fs'
import { RollcallError } from '../../errors.ts'
import { damaged } from './problems.ts'
import { applicationId, schemaVersion } from './schema.ts'

/** Offsets into page 1, big-endian: https://www.sqlite.org/fileformat2.html */
const [userVersionAt, applicationIdAt, tablesAt, headerBytes] = [60, 68, 103, 108]
const [walHeaderBytes, frameHeaderBytes] = [32, 24]

/**
 * Looks at what lies where the state is to be, by reading only: opening another program's database with SQLite would
 * already change it. Null: nothing, or an empty file. Throws STATE for what is no state, damaged, or from a newer
 * Rollcall. The file must not be open in this process: closing it here would drop the locks on it (POSIX).
 */
export const inspectFile = (file: string): Stats | null => {
  const stats = statSync(file, { throwIfNoEntry: false })
  // A link to nothing may lead anywhere.
  if (!stats && lstatSync(file, { throwIfNoEntry: false })) throw foreign(file)
  if (!stats) return null
  if (!stats.isFile()) throw foreign(file)
  const page = reading(file, (fd) => bytesAt(fd, 0, headerBytes))
  const log = `${realpathSync(file)}-wal`
  const wal = statSync(log, { throwIfNoEntry: false })
  if (page.length === 0) {
    if (wal?.size) throw damaged(file, 'it is empty, and a write-ahead log is beside it')
    return null
  }
  if (page.length < headerBytes || page.toString('latin1', 0, 16) !== 'SQLite format 3\0')
    throw damaged(file, 'file is not a database')
  const newest = (wal?.isFile() && reading(log, newestFirstPage)) || page
  const [version, application] = [newest.readUInt32BE(userVersionAt), newest.readUInt32BE(applicationIdAt)]
  // A first start that was interrupted leaves a database with nothing in it.
  const isBlank = application === 0 && version === 0 && newest.readUInt16BE(tablesAt) === 0
  if (application !== applicationId && !isBlank) throw foreign(file)
  if (version > schemaVersion)
    throw new RollcallError(
      'STATE',
      `${file} was written by a newer Rollcall (schema ${version}, this one knows ${schemaVersion})`,
      { remedy: 'Use that version, or name another directory with --state DIR.' },
    )
  return stats
}

const foreign = (file: string): RollcallError =>
  new RollcallError('STATE', `${file} is no state of Rollcall's`, {
    remedy: 'Name another directory with --state DIR.',
  })

const reading = <T>(file: string, work: (fd: number) => T): T => {
  const fd = openSync(file, 'r')
  try {
    return work(fd)
  } finally {
    closeSync(fd)
  }
}

const bytesAt = (fd: number, position: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(fd, bytes, 0, length, position))
}

/** The start of page 1 as the last transaction in a write-ahead log has it; null when none has written it. */
const newestFirstPage = (fd: number): Buffer | null => {
  const header = bytesAt(fd, 0, walHeaderBytes)
  if (header.length < walHeaderBytes || header.readUInt32BE(0) >>> 1 !== 0x377f0682 >>> 1) return null
  const salts = header.subarray(16, 24)
  const step = frameHeaderBytes + header.readUInt32BE(8)
  let written: number | null = null
  let committed: number | null = null
  for (let at = walHeaderBytes; at + step <= fstatSync(fd).size; at += step) {
    const frame = bytesAt(fd, at, frameHeaderBytes)
    if (!frame.subarray(8, 16).equals(salts)) break
    if (frame.readUInt32BE(0) === 1) written = at
    if (frame.readUInt32BE(4) !== 0) committed = written
  }
  return committed === null ? null : bytesAt(fd, committed + frameHeaderBytes, headerBytes)
}
