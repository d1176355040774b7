import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { mentionsBelow } from '../../src/commands/forget/mentions.ts'
import { elsewhere } from '../../src/commands/forget/words.ts'
import { forget } from '../../src/commands/forget.ts'
import { configSchema } from '../../src/config/config.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { calling } from './called.ts'
import { playedState } from './played-state.ts'

const called = calling(forget)

test('deletes, finds nothing but the bare ID, and signs what it found', async () => {
  const state = playedState()
  const file = join(temporaryDirectory(), 'receipt.json')
  const done = await called('Ada', '--receipt', file, '--state', state)
  expect(done).toMatchObject({ code: 0, stderr: '' })
  expect(done.stdout).toMatch(/is deleted: \d+ looks?, 2 sightings, \d+ tracks?\. Asked for again, nobody is there\.$/m)
  const receipt = JSON.parse(readFileSync(file, 'utf8'))
  expect(receipt).toMatchObject({ readBack: true, held: { sightings: 2 } })
  expect(receipt.files.map(({ file: name }: { file: string }) => name)).toEqual(['people.db'])
  const [{ before, after, why }] = receipt.files
  expect(before.tracks).toBeGreaterThan(4)
  expect(before.ids).toBeGreaterThan(after.ids)
  expect([after.tracks, why]).toEqual([0, expect.stringContaining('bare ID')])
  expect(readFileSync(file, 'utf8')).not.toContain('Ada')

  const verified = (path: string, at = state) => called('--verify', path, '--state', at)
  expect(await verified(file)).toMatchObject({ code: 0, stdout: expect.stringContaining('as this site has signed') })
  const changed = join(temporaryDirectory(), 'changed.json')
  const { signature } = receipt
  for (const other of [
    { ...receipt, held: { ...receipt.held, tracks: 0 } },
    { ...receipt, signature: { ...signature, publicKey: 'none' } },
  ]) {
    writeFileSync(changed, JSON.stringify(other))
    expect(await verified(changed)).toMatchObject({ code: 1, stdout: expect.stringContaining('was changed') })
  }
  writeFileSync(changed, JSON.stringify({ ...receipt, note: 'added' }))
  expect(await verified(changed)).toMatchObject({ code: 2, stderr: expect.stringContaining('is no receipt') })
  expect(await verified(file, temporaryDirectory())).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('no key'),
  })
  expect(await called('Ada', '--receipt', join(state, 'x'), '--state', state)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('PERSON_UNKNOWN'),
  })
})

test('deletes nobody when there is no place for the receipt, and leaves no file when there is nobody', async () => {
  const state = playedState()
  const folder = temporaryDirectory()
  for (const [file, why] of [
    [join(folder, 'missing/receipt.json'), /its directory does not exist \(ENOENT\); nobody is deleted/],
    [folder, /it is there already; nobody is deleted/],
  ] as const)
    expect(await called('Ada', '--receipt', file, '--state', state)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(why),
    })
  const file = join(folder, 'receipt.json')
  expect((await called('Nobody', '--receipt', file, '--state', state)).code).toBe(1)
  expect(existsSync(file)).toBe(false)
  expect((await called('Ada', '--receipt', file, '--state', state)).code, 'Ada is still there').toBe(0)
})

test('names what is outside the state directory: faces on Kafka, and a spool elsewhere', () => {
  const [state, spool] = [temporaryDirectory(), temporaryDirectory()]
  const at = (directory: string): string[] =>
    elsewhere(
      configSchema.parse({ seam: { kafka: { brokers: ['k:9092'] } }, sinks: { kafka: { spool: { directory } } } }),
      state,
    )
  expect(at(spool)).toEqual(expect.arrayContaining([expect.stringContaining(spool), expect.stringContaining('seam')]))
  const withPeople = configSchema.parse({ site: 'shop', seam: { kafka: { brokers: ['k:9092'] }, stateTopic: true } })
  expect(elsewhere(withPeople, state)).toContainEqual(expect.stringMatching(/^rollcall\.state\.v1\.shop, .*two hours/))
  mkdirSync(join(state, 'spool'))
  expect(at(join(state, 'spool')).join()).not.toContain(state)
})

test('says what is left in files that are not its own', async () => {
  const state = playedState()
  const store = openStore(state, { embedder: null })
  const ada = store.saved().people.find(({ name }) => name === 'Ada')?.id ?? ''
  store.close()
  writeFileSync(join(state, 'notes.txt'), `${ada} was here`)
  vi.stubEnv('ROLLCALL_TOKEN', '')
  onTestFinished(() => void vi.unstubAllEnvs())
  const done = await called(ada, '--receipt', join(temporaryDirectory(), 'receipt.json'), '--state', state)
  expect(done).toMatchObject({ code: 3, stdout: expect.stringMatching(/notes\.txt: 1 → 1 \(no file of the state/) })
})

test('a word is found wherever it lies in a file, and only whole', () => {
  const directory = temporaryDirectory()
  const marks = { ids: ['p-abc', 'p-é'], tracks: ['door/s1/1'] }
  const at = (offset: number, text: string): Buffer => Buffer.concat([Buffer.alloc(offset, 0x2e), Buffer.from(text)])
  const counted = (content: Buffer) => {
    writeFileSync(join(directory, 'file'), content)
    return mentionsBelow(directory, marks).get('file')
  }
  for (const offset of [0, 1, (1 << 20) - 9, (1 << 20) - 8, (1 << 20) - 5, (1 << 20) - 1, 1 << 20, (1 << 20) + 1])
    expect(counted(at(offset, '"p-abc" p-abcd door/s1/1 door/s1/10 p-é xp-abc')), `at ${offset}`).toEqual({
      ids: 2,
      tracks: 1,
    })
  expect(counted(Buffer.alloc(0))).toEqual({ ids: 0, tracks: 0 })
  appendFileSync(join(directory, 'file'), 'p-abc')
  expect(mentionsBelow(directory, marks).get('file')).toEqual({ ids: 1, tracks: 0 })
})

test('with --never the receipt is the same, and the person is never recognised again', async () => {
  const state = playedState()
  const file = join(temporaryDirectory(), 'receipt.json')
  const done = await called('Ada', '--never', '--note', 'letter 7', '--receipt', file, '--state', state)
  expect(done).toMatchObject({ code: 0, stderr: '' })
  expect(done.stdout).toMatch(/^o-\w{10} is never recognised again\..*\n {2}(\w{4}-){3}\w{4}$/m)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ readBack: true, files: [{ file: 'people.db' }] })
  const store = openStore(state, { embedder: null })
  expect(store.saved().objectors).toMatchObject([{ how: 'person', note: 'letter 7' }])
  store.close()
})
