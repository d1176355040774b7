import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { confirm } from '../../../src/commands/people/confirm.ts'

/** Somebody at a terminal who types this. */
const answered = async (typed: string) => {
  const output = new PassThrough()
  const said = text(output)
  const input = Object.assign(new PassThrough(), { isTTY: true })
  input.end(typed)
  const agreed = await confirm('Delete ada?', input, output)
  output.end()
  return { agreed, said: await said }
}

test('asks on a terminal, and takes only a yes for one', async () => {
  expect(await answered('y\n')).toEqual({ agreed: true, said: expect.stringContaining('Delete ada? [y/N]') })
  expect((await answered('YES\n')).agreed).toBe(true)
  for (const typed of ['\n', 'n\n', 'yesterday\n', '']) expect((await answered(typed)).agreed).toBe(false)
})

test('does not ask where nobody can answer', async () => {
  const output = new PassThrough()
  expect(await confirm('Delete ada?', new PassThrough(), output)).toBe(true)
  expect(output.read()).toBeNull()
})
