import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Origin } from '../../../src/identity/people/origins.ts'
import { bytesOf } from '../../../src/identity/store/vectors.ts'
import { changeOf, open, personAt, temporaryDirectory } from './states.ts'

const originAt = (order: number, into: string, more: Partial<Origin> = {}): Origin => {
  const { origins: _, sources: __, ...own } = personAt(order)
  const { exemplars, lastSeenAtMs, unseenSinceMs, lastCamera } = personAt(order + 100)
  return {
    ...own,
    into,
    by: 'user',
    rest: { exemplars, lastSeenAtMs, unseenSinceMs, lastCamera },
    ...more,
  }
}

describe('what a merge can give back', () => {
  it('is read as it was written, in the order of the merges', () => {
    const directory = temporaryDirectory()
    const origins = [originAt(2, 'p-1'), originAt(1, 'p-0', { name: 'Bo', archived: true })]
    const store = open(directory)
    store.commit(changeOf({ created: 3, people: [personAt(0, { origins })] }))
    store.close()
    const again = open(directory)
    expect(again.saved().people).toEqual([personAt(0, { origins })])
  })

  it('moves with whom it belongs to, and goes when it is given back', () => {
    const inner = originAt(2, 'p-1')
    const outer = originAt(1, 'p-0')
    const steps = [
      changeOf({ created: 3, people: [personAt(0), personAt(1, { origins: [inner] })] }),
      changeOf({ created: 3, people: [personAt(0, { origins: [inner, outer] })], gone: ['p-1'] }),
      changeOf({ created: 3, people: [personAt(0), personAt(1, { origins: [inner] })] }),
      changeOf({ created: 3, people: [personAt(0, { origins: [inner, outer] })], gone: ['p-1'] }),
      changeOf({ created: 3, people: [personAt(0, { origins: [inner] })] }),
      changeOf({ created: 3, people: [personAt(0)] }),
    ]
    for (const [last, { people }] of steps.entries()) {
      const directory = temporaryDirectory()
      const store = open(directory)
      for (const step of steps.slice(0, last + 1)) store.commit(step)
      store.close()
      const saved = open(directory).saved().people
      expect(
        saved.map(({ origins }) => origins),
        `step ${last}`,
      ).toEqual(people.map(({ origins }) => origins))
    }
  })

  it('leaves no byte when the person is deleted', () => {
    const directory = temporaryDirectory()
    const origin = originAt(1, 'p-0', { name: 'Boniface' })
    const store = open(directory)
    store.commit(changeOf({ created: 2, people: [personAt(0, { origins: [origin] })], aliases: [['p-1', 'p-0']] }))
    store.commit(changeOf({ created: 2, gone: ['p-0', 'p-1'], aliasesGone: ['p-0', 'p-1'], retired: ['p-0', 'p-1'] }))
    const looks = [...origin.exemplars, ...origin.rest.exemplars].map(({ sum }) =>
      Buffer.from(bytesOf(sum).slice(0, 32)),
    )
    for (const name of readdirSync(directory)) {
      const bytes = readFileSync(join(directory, name))
      for (const look of [Buffer.from('Boniface'), ...looks]) expect(bytes.includes(look), name).toBe(false)
    }
  })
})
