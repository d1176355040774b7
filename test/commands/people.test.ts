import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Candidate } from '../../src/events/types.ts'
import { openStore } from '../../src/identity/store/open.ts'
import type { Person } from '../../src/types.ts'
import { changeOf, embedder, personAt, temporaryDirectory } from '../identity/store/states.ts'
import { runToEnd } from '../integration/rollcall.ts'
import { calledWith, changes, ids } from './people/called.ts'

/** A state that an earlier `rollcall run` left: ada, and two without a name. */
const leftBehind = (): string => {
  const directory = temporaryDirectory()
  const store = openStore(directory, { embedder })
  store.commit(
    changeOf({ created: 3, people: [personAt(0, { name: 'Ada' }), personAt(1), personAt(2, { lastCamera: 'hall' })] }),
  )
  store.close()
  return directory
}

const onState = (state: string) => calledWith('--state', state)

test('lists and shows, for people and as JSON', async () => {
  const { run, json } = onState(leftBehind())
  const { stdout } = await run('list')
  expect(stdout.split('\n')[0]).toMatch(/^ID +NAME +LAST SEEN +CAMERA +TRACKS +FACES$/)
  expect(stdout).toMatch(/^p-0 +Ada +0:02 of a recording +door +1 +7$/m)
  expect(stdout).toMatch(/^p-2 +– +0:02 of a recording +hall/m)
  expect(ids(await json('list'))).toEqual(['p-0', 'p-1', 'p-2'])
  const { person } = await json('show', 'p-1')
  expect(person).toMatchObject({ id: 'p-1', aliases: [], apart: [], exemplars: 2 })
  expect(person.alike).toHaveLength(2)
  expect((await run('show', 'p-1')).stdout).toMatch(/^most alike +-?\d\.\d{3} p-/m)
  expect((await run('show', 'p-1')).stdout).toContain('p-0 (Ada)')
})

test('an ID may be written short, as long as it is of one person', async () => {
  const directory = temporaryDirectory()
  const store = openStore(directory, { embedder })
  const people = ['p-abcdef1', 'p-abcdef2', 'p-xyzdef1', 'ef1', 'p-old4321'].map((id, i) => personAt(i, { id }))
  store.commit(changeOf({ created: 5, people: people.slice(0, 4), aliases: [['p-old4321', 'p-abcdef2']] }))
  store.close()
  const { run, json } = onState(directory)
  expect((await run('name', 'cdef2', 'Ben')).stdout).toBe('p-abcdef2 is named Ben')
  expect((await run('show', 'p-xyz')).stdout).toMatch(/^id +p-xyzdef1$/m)
  expect((await run('show', 'Ben')).stdout).toMatch(/^id +p-abcdef2$/m)
  expect((await json('show', 'p-old4321')).person.id).toBe('p-abcdef2')
  expect(await run('name', 'def1', 'Cyd')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /PERSON_CONFLICT: 2 people have an ID that begins or ends with "def1": p-abcdef1, p-xyzdef1/,
    ),
  })
  expect((await run('name', 'ef1', 'Dan')).stdout).toBe('ef1 is named Dan')
  expect(await run('name', 'ef2', 'Eve')).toMatchObject({ code: 1, stderr: expect.stringContaining('PERSON_UNKNOWN') })
  expect(await run('merge', 'cdef2', 'cdef1', '--force')).toMatchObject({ code: 0 })
})

test('a name that one person has stands for the ID, in every verb', async () => {
  const { run, json } = onState(leftBehind())
  await run('name', 'p-1', 'Ben')
  await run('name', 'p-2', 'Ben')
  expect(await run('delete', 'Ben', '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/PERSON_CONFLICT: 2 people are named "Ben": p-1, p-2/),
  })
  expect((await run('name', 'p-2', '')).code).toBe(0)
  expect((await run('compare', 'Ada', 'Ben')).stdout).toMatch(/^p-0 \(Ada\)/)
  expect(await run('separate', 'Ada', 'Ben')).toMatchObject({ code: 0 })
  expect((await run('name', 'Ben', 'Bea')).stdout).toBe('p-1 is named Bea')
  expect(await run('merge', 'Bea', 'p-2', '--force')).toMatchObject({ code: 0 })
  expect((await run('search', 'no.jpg')).stderr).toMatch(/^rollcall: USAGE: no\.jpg: does not exist — check the path/)
  expect((await run('split', 'Nobody')).stderr).toMatch(/PERSON_UNKNOWN: there is no person "Nobody"/)
  expect(await run('never', 'Bea', '--yes')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^p-1 is deleted/),
  })
  expect(await run('delete', 'Ada', '--yes')).toMatchObject({ code: 0 })
  expect(ids(await json('list'))).toEqual([])
})

test('what was done is listed and undone; two are compared; the review asks and takes answers', async () => {
  const { run, json } = onState(leftBehind())
  await run('name', 'p-1', 'Ben')
  await run('separate', 'p-1', 'p-2')
  const { actions } = await json('actions')
  expect(actions.map(({ text }: { text: string }) => text)).toEqual(['said that p-1 is not p-2', 'named p-1 "Ben"'])
  expect((await run('actions')).stdout).toMatch(/ {2}named p-1 "Ben"$/m)
  expect((await run('undo', String(actions[0].id))).stdout).toBe('p-1 and p-2 may be merged again')
  expect((await run('undo', String(actions[1].id))).stdout).toBe('p-1 has no name now')
  expect(await run('undo', String(actions[1].id))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/undone by .* already/),
  })
  expect((await run('actions')).stdout).toMatch(/undone by/)
  expect(await run('undo', 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('the number of an action') })
  expect((await run('compare', 'p-0', 'p-1')).stdout).toMatch(
    /a merge keeps p-0 \(Ada\), p-1 leads to it; it needs --force/,
  )
  expect((await run('review')).stdout).toMatch(/^\d+ to ask$/m)
  expect((await run('calibration')).stdout).toMatch(/scores are moved by \+0\.000/)
  expect(await run('answer', 'duplicate:p-a:p-b', 'same')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nobody asks'),
  })
  expect(await run('answer', 'duplicate:p-a:p-b', 'maybe')).toMatchObject({ code: 2 })
  expect(await run('move', 'nothing', 'new')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is no sighting'),
  })
})

test('what is said is kept: names, merges, splits, who is apart', async () => {
  const { run, json } = onState(leftBehind())
  expect(changes(await json('name', 'p-1', 'Ben'))).toEqual(['named'])
  expect(changes(await json('name', 'p-1', 'Ben'))).toEqual([])
  expect((await json('list')).people[1].name).toBe('Ben')
  expect((await run('name', 'p-1', '')).stdout).toBe('p-1 has no name now')

  expect(changes(await json('separate', 'p-0', 'p-2'))).toEqual(['apart'])
  expect((await json('show', 'p-2')).person.apart).toEqual(['p-0'])
  expect((await run('show', 'p-2')).stdout).toMatch(/^apart from +p-0 \(Ada\)$/m)

  expect(await run('merge', 'p-1', 'p-0')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/PERSON_CONFLICT: p-1 and p-0: they are unlike; .*0\.64 is needed.*--force/),
  })
  expect((await run('merge', 'p-1', 'p-0', '--force')).stdout).toMatch(/^p-1 is p-0 from now on/)
  expect((await json('show', 'p-1')).person).toMatchObject({ id: 'p-0', aliases: ['p-1'] })

  expect(await run('unmerge', 'p-0')).toMatchObject({ code: 1, stderr: expect.stringContaining('p-0 is no old ID') })
  const exported = (await json('export')).people
  expect((await run('unmerge', 'p-1')).stdout).toBe('p-1 is somebody of its own again, not p-0')
  expect((await json('show', 'p-1')).person).toMatchObject({
    id: 'p-1',
    aliases: [],
    apart: ['p-0'],
    tracks: 1,
    faces: 7,
  })
  expect((await json('export')).people).toHaveLength(exported.length + 1)
  expect((await run('merge', 'p-1', 'p-0', '--force')).code).toBe(0)

  expect(changes(await json('split', 'p-0'))).toEqual(['unmerged'])
  const split = await json('split', 'p-0')
  expect(changes(split)).toEqual(['created', 'split'])
  expect((await json('list')).people).toHaveLength(4)
})

test('a deleted person is gone, and its ID cannot come back', async () => {
  const state = leftBehind()
  const { run, json } = onState(state)
  const exported = await json('export')
  expect((await run('delete', 'p-0', '--yes')).stdout).toMatch(/^p-0 is deleted with every trace/)
  expect(ids(await json('list'))).toEqual(['p-1', 'p-2'])
  const file = join(state, 'people.json')
  writeFileSync(file, JSON.stringify(exported))
  expect(await run('import', file)).toMatchObject({ code: 1, stderr: expect.stringContaining('p-0 was deleted here') })
  expect(await run('show', 'p-0')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^rollcall: PERSON_UNKNOWN: there is no person "p-0" — rollcall people list/),
  })
})

test('names of an earlier version are read in the form in which they are compared; two of one name stay two', async () => {
  const directory = temporaryDirectory()
  const store = openStore(directory, { embedder })
  const older = [
    personAt(0, { name: 'Jose\u0301' }),
    personAt(1, { name: '\u202eJosé' }),
    personAt(2, { name: '\u200b' }),
  ]
  store.commit(changeOf({ created: 3, people: older }))
  store.close()
  const { json, run } = onState(directory)
  const { people } = await json('list')
  expect(people.map(({ name }: Person) => name)).toEqual(['José', 'José', null])
  expect(people.map(({ lastSeenAtMs }: Person) => lastSeenAtMs)).toEqual([2001, 2002, 2003])
  expect((await run('merge', 'p-0', 'p-1', '--force')).code).toBe(0)
})

test('an export makes the same people elsewhere, where there was no state at all', async () => {
  const { json, run } = onState(leftBehind())
  const file = join(temporaryDirectory(), 'people.json')
  expect((await run('export', file)).stdout).toBe(`${file}: 3 people`)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(await run('export', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') })

  const elsewhere = onState(join(temporaryDirectory(), 'fresh'))
  expect(changes(await elsewhere.json('import', file))).toEqual(['created', 'named', 'created', 'created'])
  expect(changes(await elsewhere.json('import', file))).toEqual([])
  expect((await elsewhere.json('export')).people).toEqual(JSON.parse(readFileSync(file, 'utf8')).people)
  const alike = async (people: typeof elsewhere) =>
    (await people.json('show', 'p-1')).person.alike.map(({ person, similarity, score }: Candidate) => [
      person,
      similarity,
      score,
    ])
  expect(await alike(elsewhere)).toEqual(await alike({ run, json }))
})

test('an export of format 1 makes people, too', async () => {
  const { json } = onState(leftBehind())
  const { people, ...file } = await json('export')
  const old = people.map(({ id, name, createdAtMs, lastSeenAtMs, exemplars }: Record<string, unknown>) => ({
    id,
    name,
    createdAtMs,
    lastSeenAtMs,
    exemplars,
  }))
  const path = join(temporaryDirectory(), 'old.json')
  writeFileSync(path, JSON.stringify({ ...file, rollcall: 1, people: old }))
  const elsewhere = onState(join(temporaryDirectory(), 'fresh'))
  expect(changes(await elsewhere.json('import', path))).toEqual(['created', 'named', 'created', 'created'])
  expect((await elsewhere.json('show', 'p-1')).person).toMatchObject({ aliases: [], apart: [], lastCamera: '' })
})

test('what no export says of a person is refused, and times get whole', async () => {
  const { json } = onState(leftBehind())
  const exported = await json('export')
  const path = join(temporaryDirectory(), 'odd.json')
  const elsewhere = onState(join(temporaryDirectory(), 'fresh'))
  const [look] = exported.people[0].exemplars
  const rest = { lastSeenAtMs: 1.5, lastCamera: '', exemplars: [] }
  const origin = { name: null, createdAtMs: 2.5, lastSeenAtMs: 3.5, exemplars: [look], rest }
  const odd: readonly (readonly [object, RegExp])[] = [
    [{ exemplars: [{ ...look, vector: look.vector.map(() => 1e300) }] }, /exemplars\.0\.vector\.0: .*<=1000/],
    [{ exemplars: [{ ...look, weight: 1e30 }] }, /exemplars\.0\.weight: .*<=1000/],
    [{ exemplars: Array(1001).fill(look) }, /exemplars: .*<=1000 items/],
    [{ id: 'export' }, /people\.0\.id: expected p-/],
    [{ id: '..' }, /people\.0\.id: expected p-/],
    [{ lastCamera: 'a\nb' }, /lastCamera: expected the name of a camera/],
  ]
  const write = (person: object): void =>
    writeFileSync(path, JSON.stringify({ ...exported, people: [{ ...exported.people[0], ...person }] }))
  for (const [person, message] of odd) {
    write(person)
    const result = await elsewhere.run('import', path)
    expect(result.stderr).toMatch(message)
    expect(result.code).toBe(2)
  }
  write({ id: 'p-new', aliases: [{ id: 'p-old', into: 'p-new', origin }] })
  await elsewhere.json('import', path)
  await elsewhere.json('unmerge', 'p-old')
  expect((await elsewhere.json('show', 'p-old')).person).toMatchObject({ createdAtMs: 3, lastSeenAtMs: 4 })
})

test('says what is wrong, and what to do', async () => {
  const state = leftBehind()
  const { run } = onState(state)
  const file = join(state, 'odd.json')
  writeFileSync(file, '{"rollcall":1,"people":[{"id":"a b"}]}')
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['merge', 'p-0'], 2, /people merge takes A B, found 1 words — see rollcall people --help/],
    [['rename', 'p-0', 'x'], 2, /there is no people command "rename"; there are list, show/],
    [['merge', 'p-0', 'p-0'], 1, /PERSON_CONFLICT: p-0 and p-0 are the same person already/],
    [['split', 'p-0', '--sighting', 'door/s/9/0'], 1, /PERSON_CONFLICT: there is no sighting "door\/s\/9\/0"/],
    [['split', 'p-0', '--track', 'door/s/9'], 1, /PERSON_CONFLICT: track "door\/s\/9" is not one of p-0/],
    [['name', 'p-0', 'A\u001b[31m'], 2, /NAME: expected no control or format characters/],
    [['import', file], 2, /odd\.json: content: embedder: .*people\.0\.id: expected p-/],
    [['import', join(state, 'nowhere.json')], 2, /no such file/],
  ]
  for (const [args, code, message] of cases) {
    const result = await run(...args)
    expect(result.stderr).toMatch(message)
    expect(result.code).toBe(code)
  }
})

test('makes no state by looking for one', async () => {
  const state = join(temporaryDirectory(), 'none')
  expect(await onState(state).run('list')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/STATE: .*there are no people in .*none — /),
  })
  expect(existsSync(state)).toBe(false)
})

const hasTerminals = spawnSync('script', ['--version']).status === 0

test.skipIf(!hasTerminals)('asks on a terminal before it deletes', async () => {
  const state = leftBehind()
  const main = join(import.meta.dirname, '../../src/main.ts')
  const onTerminal = (answer: string): string =>
    spawnSync('script', ['-qec', `${process.execPath} ${main} people delete p-0 --state ${state}`, '/dev/null'], {
      input: answer,
      encoding: 'utf8',
    }).stdout
  expect(onTerminal('n\n')).toMatch(/Delete p-0 \(Ada\), 1 track, 7 faces\?.*nobody was deleted/s)
  expect(ids(await onState(state).json('list'))).toContain('p-0')
  expect(onTerminal('y\n')).toMatch(/p-0 is deleted/)
  expect(ids(await onState(state).json('list'))).toEqual(['p-1', 'p-2'])
})

test('is a command of the program', async () => {
  const state = leftBehind()
  const { code, stdout } = await runToEnd(['people', 'show', 'p-0', '--state', state])
  expect([code, stdout]).toEqual([0, (await onState(state).run('show', 'p-0')).stdout])
})

test('somebody is never recognised again until they take it back; without the code only for a reason', async () => {
  const { run, json } = onState(leftBehind())
  expect((await run('objectors')).stdout).toBe('nobody has objected')
  const [one, other] = [await json('never', 'p-1', '--note', 'letter 7'), await json('never', 'p-2')]
  expect(changes(one)).toEqual(['deleted'])
  expect(ids(await json('list'))).toEqual(['p-0'])
  expect((await run('objectors')).stdout).toMatch(/^o-\w{10} +\S+ \S+ \S+ +person +letter 7$/m)
  expect(await run('revoke', one.objection, 'wrong')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('code'),
  })
  expect(await run('revoke', one.objection)).toMatchObject({ code: 2, stderr: expect.stringContaining('USAGE') })
  expect(await run('revoke', one.objection, one.code)).toMatchObject({ code: 0 })
  expect(await run('revoke', other.objection, '--without-code', 'asked in person')).toMatchObject({ code: 0 })
  expect((await json('objectors')).objections).toEqual([])
  expect((await run('actions')).stdout).toContain('without the code: "asked in person"')
  expect(await run('never')).toMatchObject({ code: 2, stderr: expect.stringContaining('an ID, or --photo') })
})
