import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { confirm } from '../../../src/commands/people/confirm.ts'

const answered = async (typed: string) => {
  const [input, output] = [new PassThrough(), new PassThrough()]
  const said = text(output)
  input.end(typed)
  const agreed = await confirm('Delete ada?', input, output)
  output.end()
  return { agreed, said: await said }
}

test('takes only a yes for one', async () => {
  expect(await answered('y\n')).toEqual({ agreed: true, said: expect.stringContaining('Delete ada? [y/N]') })
  expect((await answered('YES\n')).agreed).toBe(true)
  for (const typed of ['\n', 'n\n', 'yesterday\n', '']) expect((await answered(typed)).agreed).toBe(false)
})
