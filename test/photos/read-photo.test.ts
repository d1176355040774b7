import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readPhoto } from '../../src/photos/read-photo.ts'
import { scratchDirectory } from '../support/footage.ts'

it('reads a file, also through a link', async () => {
  const directory = scratchDirectory()
  writeFileSync(join(directory, 'a'), 'abc')
  symlinkSync('a', join(directory, 'b'))
  expect(Buffer.from(await readPhoto(join(directory, 'b'))).toString()).toBe('abc')
})

it('names at once what is no regular file, instead of waiting for it or reading without end', async () => {
  const at = (name: string): string => join(scratch, name)
  const scratch = scratchDirectory()
  execFileSync('mkfifo', [at('pipe.jpg')])
  symlinkSync('loop.jpg', at('loop.jpg'))
  writeFileSync(at('sparse.jpg'), '')
  truncateSync(at('sparse.jpg'), 10e9)
  const server = createServer().listen(at('socket.jpg'))
  await once(server, 'listening')
  const expected = {
    [at('pipe.jpg')]: /^is a pipe/,
    [at('socket.jpg')]: /^is a socket/,
    [at('loop.jpg')]: /^is a symbolic link in a circle/,
    [at('sparse.jpg')]: /^has 9537 MiB, at most 128/,
    [at('missing.jpg')]: /^does not exist/,
    [scratch]: /^is a directory/,
    '/dev/zero': /^is a device/,
  }
  try {
    for (const [file, message] of Object.entries(expected))
      await expect(readPhoto(file)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) })
  } finally {
    server.close()
  }
})
