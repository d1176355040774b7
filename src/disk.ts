import { constants } from 'node:os'

/** The name of an error of the operating system, such as ENOSPC; empty for any other. Node has no name for EDQUOT. */
export const errnoName = (error: unknown): string => {
  const { code = '', errno } = (error ?? {}) as NodeJS.ErrnoException
  return errno === -constants.errno.EDQUOT ? 'EDQUOT' : /^E[A-Z0-9]+$/.test(code) ? code : ''
}

/** Whether the disk is full, or this user's share of it. */
export const isDiskFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(errnoName(error))

const words: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on its disk',
  EDQUOT: 'the disk quota of this user is used up',
  EIO: 'its disk fails',
  EROFS: 'its file system is read-only',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'its path leads through a file',
  EISDIR: 'it is a directory',
  ELOOP: 'it is a symbolic link in a circle',
  EMFILE: 'this process has too many files open',
  EPIPE: 'its reader has gone',
  ENXIO: 'nobody reads the pipe',
}

/** Says what a write to a file met: `no space is left on its disk (ENOSPC)`. Other errors in their own words. */
export const describeDiskError = (error: unknown): string => {
  const name = errnoName(error)
  return words[name] === undefined
    ? error instanceof Error
      ? error.message
      : String(error)
    : `${words[name]} (${name})`
}
