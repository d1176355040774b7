import { Registry } from 'prom-client'
import { expect, onTestFinished, test } from 'vitest'
import { openStateClient } from '../../src/commands/people/state-client.ts'
import { configSchema } from '../../src/config/config.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createMetrics } from '../../src/metrics.ts'
import { ruleOptions } from '../../src/rules/options.ts'
import { openPeople } from '../../src/site/open-people.ts'
import { createRulesService } from '../../src/site/rules-service.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'
import { openServer } from '../server/open-server.ts'

const startMs = 1_772_443_800_000
const config = configSchema.parse({ rules: { comes: { who: 'stranger', evidence: { quality: 0.5 } } } })

/** The people of a site in this directory, and its server. */
const openIn = async (directory: string) => {
  const said: unknown[] = []
  const line = (...all: unknown[]): void => void said.push(all)
  const log = { debug: line, info: line, warn: line, error: line }
  const owner = new AsyncDisposableStack()
  onTestFinished(() => owner.disposeAsync())
  const metrics = createMetrics(new Registry())
  let atMs = startMs
  const nowMs = () => atMs
  const people = await openPeople(config, { stateDirectory: directory, log, metrics, nowMs, owner })
  const transact = people.committed.transact
  const rules = createRulesService({ ...people, transact, cameras: () => ['door'], nowMs, log })
  const { get } = await openServer({}, { peopleService: people.service, rules })
  const ask = async (method: string, path: string, body?: object) => {
    const json = { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const response = await get(path, { method, ...(body && json) })
    return { status: response.status, answer: (await response.json()) as never as Answer }
  }
  const random = randomFrom(3)
  const looks = { ada: direction(random), bo: direction(random) }
  let seq = 0
  /** So many frames of somebody at the door. */
  const show = (name: keyof typeof looks, frames: number, track = `door/s1/${name}`): RollcallEvent[] =>
    Array.from({ length: frames }, () => {
      const face = faceOf(track, near(looks[name], 0.3, random))
      return people.committed.update(facesAt((atMs += 100), seq++, [face]))
    }).flat()
  const fired = (events: readonly RollcallEvent[]): string[] =>
    events.flatMap(({ type, data }) => (type === 'rollcall.rule.fired.v1' ? data.rule : []))
  const idOf = (events: readonly RollcallEvent[]): string =>
    events.flatMap(({ type, data }) => (type === 'rollcall.track.assigned.v1' ? data.person : []))[0] ?? ''
  return {
    ask,
    show,
    fired,
    idOf,
    said,
    people,
    wait: (ms: number) => void (atMs += ms),
    close: () => owner.disposeAsync(),
  }
}
interface Answer {
  readonly rules: readonly { readonly name: string; readonly who: string; readonly from: string }[]
  readonly doubts: readonly string[]
  readonly firings: readonly { readonly rule: string }[]
  readonly error: { readonly message: string }
}

test('a rule that is given holds at once and after a restart, and is taken away', async () => {
  const directory = temporaryDirectory()
  const site = await openIn(directory)
  expect((await site.ask('GET', '/api/rules')).answer).toMatchObject({
    rules: [{ name: 'comes', who: 'stranger', from: 'configuration' }],
    doubts: [],
  })
  const given = await site.ask('POST', '/api/rules', { name: 'anyone', who: 'anybody', cameras: ['door', 'dor'] })
  expect(given).toMatchObject({
    status: 200,
    answer: { rules: [{}, { name: 'anyone', from: 'http', awayMs: 300_000 }] },
  })
  expect(given.answer.doubts).toEqual(['rules.anyone.cameras: there is no camera dor; did you mean door?'])
  expect(site.fired(site.show('ada', 10)).sort()).toEqual(['anyone', 'comes'])
  await site.close()
  const again = await openIn(directory)
  again.wait(400_000)
  expect(again.fired(again.show('bo', 10)).sort()).toEqual(['anyone', 'comes'])
  const [, listed] = (await again.ask('GET', '/api/rules')).answer.rules
  expect((await again.ask('PUT', '/api/rules/anyone', { ...listed, who: 'named' })).answer.rules[1]).toMatchObject({
    ...listed,
    who: 'named',
  })
  expect((await again.ask('DELETE', '/api/rules/anyone')).answer.rules).toHaveLength(1)
  expect(JSON.stringify(again.said)).toContain('"by":"anybody"')
  await again.close()
  const last = await openIn(directory)
  expect((await last.ask('GET', '/api/rules')).answer.rules).toHaveLength(1)
})

test('a rule about a person is kept by ID, follows a merge and its undoing, and goes with the deletion', async () => {
  const { ask, show, idOf, people } = await openIn(temporaryDirectory())
  const [ada, bo] = [idOf(show('ada', 10)), idOf(show('bo', 10))]
  await ask('POST', `/api/people/${ada}/name`, { name: 'Ada' })
  await ask('POST', '/api/rules', { name: 'her', who: 'ada' })
  const about = async () =>
    (await ask('GET', '/api/rules')).answer.rules.flatMap(({ name, who }) => (name === 'her' ? who : []))
  expect(await about()).toEqual([ada])
  await ask('POST', `/api/people/${ada}/name`, { name: null })
  await ask('PUT', '/api/rules/her', { who: bo })
  await ask('POST', '/api/people/merge', { a: ada, b: bo, force: true })
  expect(await about()).toEqual([ada])
  const rows = () => people.store?.saved().live ?? []
  expect(rows().find(({ key }) => key === `comes ${ada}`)?.value).toMatchObject({
    tracks: ['door/s1/ada', 'door/s1/bo'],
  })
  await ask('POST', `/api/people/${bo}/unmerge`)
  expect(await about()).toEqual([bo])
  await ask('POST', '/api/people/merge', { a: ada, b: bo, force: true })
  expect(await about()).toEqual([ada])
  await ask('DELETE', `/api/people/${ada}`)
  expect(await about()).toEqual([])
  expect(rows().filter(({ kind }) => kind === 'given-rule')).toEqual([])
})

test('a rule about a person follows what was done while nothing ran', async () => {
  const directory = temporaryDirectory()
  const site = await openIn(directory)
  const [ada, bo] = [site.idOf(site.show('ada', 10)), site.idOf(site.show('bo', 10))]
  await site.ask('PUT', '/api/rules/her', { who: bo })
  await site.close()
  const whileClosed = async (work: (client: ReturnType<typeof openStateClient>) => Promise<unknown>) => {
    const { models, identity } = config
    const time = { nowMs: () => startMs + 60_000 }
    const client = openStateClient(directory, { site: 'site', identity, models, embedder: null, scale: null, time })
    await work(client).finally(() => client.close())
    const again = await openIn(directory)
    const { rules } = (await again.ask('GET', '/api/rules')).answer
    again.people.committed.commit()
    const kept = (again.people.store?.saved().live ?? []).filter(({ kind }) => kind === 'given-rule')
    await again.close()
    return [rules.flatMap(({ name, who }) => (name === 'her' ? who : [])), kept.map(({ value }) => value)]
  }
  const keptFor = (who: string) => [[who], [expect.objectContaining({ who, givenFor: bo })]]
  expect(await whileClosed((client) => client.merge(ada, bo, true))).toEqual(keptFor(ada))
  expect(await whileClosed((client) => client.unmerge(bo))).toEqual(keptFor(bo))
  expect(await whileClosed((client) => client.merge(ada, bo, true))).toEqual(keptFor(ada))
  expect(await whileClosed((client) => client.remove(ada))).toEqual([[], []])
})

test('says whom a name may mean, and which rule another one hides', async () => {
  const { ask, show, idOf, people } = await openIn(temporaryDirectory())
  const [ada, bo] = [idOf(show('ada', 10)), idOf(show('bo', 10))]
  for (const id of [ada, bo]) await ask('POST', `/api/people/${id}/name`, { name: 'Ada' })
  const refused = await ask('PUT', '/api/rules/her', { who: 'ada' })
  expect([refused.status, refused.answer.error.message]).toEqual([400, expect.stringContaining('2 people')])
  for (const id of [ada, bo]) expect(refused.answer.error.message).toContain(id)
  expect((await ask('PUT', '/api/rules/her', { who: bo })).answer.doubts).toEqual([])
  people.rules.replace({ her: ruleOptions.parse({ who: 'stranger' }) })
  expect((await ask('GET', '/api/rules')).answer.doubts).toEqual([
    'rules.her: the rule of the configuration holds, and not the given one of that name',
  ])
})

test('rules are tried on the past, and what is wrong is said', async () => {
  const { ask, show, people } = await openIn(temporaryDirectory())
  show('ada', 40)
  people.committed.commit()
  const path = `/api/rules/test?from=${startMs}`
  expect((await ask('POST', path, { rules: { who: { who: 'anybody' }, no: { who: 'named' } } })).answer).toMatchObject({
    fromMs: startMs,
    sightings: 1,
    firings: [{ rule: 'who', camera: 'door' }],
    unchecked: [],
  })
  expect((await ask('POST', path)).answer).toMatchObject({ firings: [{ rule: 'comes' }], unchecked: ['comes'] })
  const refused: readonly (readonly [string, string, object | undefined, RegExp])[] = [
    ['POST', '/api/rules', { name: 'comes', who: 'anybody' }, /of the configuration/],
    ['POST', '/api/rules', { name: 'a b' }, /^body: name/],
    ['POST', '/api/rules', { name: 'x', who: 'Zoe' }, /nobody is called Zoe/],
    ['POST', '/api/rules', { name: 'x', when: 'stays' }, /longerThanMs/],
    ['POST', '/api/rules', { name: 'x', colour: 1 }, /colour/],
    ['PUT', '/api/rules/comes', { who: 'anybody' }, /of the configuration/],
    ['PUT', '/api/rules/x', { name: 'y' }, /^body: name: expected the name in the path, found y/],
    ['PUT', '/api/rules/x', { from: 'configuration' }, /^body: from: /],
    ['POST', '/api/rules', { name: 'x', when: 'misses' }, /^body: (?!body)/],
    ['DELETE', '/api/rules/nothing', undefined, /no given rule/],
    ['POST', '/api/rules/test', { rules: { a: { who: 'Strangers' } } }, /rules\.a.*expected stranger/],
    ['POST', '/api/rules/test?from=x', {}, /^query: from/],
  ]
  for (const [method, where, body, words] of refused) {
    const { status, answer } = await ask(method, where, body)
    expect([where, status, answer.error?.message]).toEqual([where, 400, expect.stringMatching(words)])
  }
  expect((await ask('POST', '/api/rules', { name: 'x' })).status).toBe(200)
  expect((await ask('POST', '/api/rules', { name: 'x' })).answer.error.message).toMatch(/already/)
})

test('a rule of the configuration about a person’s ID goes on after a merge, and goes back with its undoing', async () => {
  const site = await openIn(temporaryDirectory())
  const [ada, bo] = [site.idOf(site.show('ada', 8)), site.idOf(site.show('bo', 8))]
  const { rules, engine, committed } = site.people
  rules.replace({ bo: ruleOptions.parse({ who: bo, awayMs: 60_000 }) })
  const comes = (name: 'ada' | 'bo', track: string): string[] => {
    site.wait(120_000)
    return site.fired(site.show(name, 8, track))
  }
  expect(comes('ada', 'a')).toEqual([])
  committed.transact((people) => people.merge(ada, bo, 0, { force: true }))
  expect(engine.resolve(bo)).toBe(ada)
  expect(comes('ada', 'b')).toEqual(['bo'])
  committed.transact((people) => people.unmerge(bo, 0))
  expect(comes('ada', 'c')).toEqual([])
  expect(comes('bo', 'd')).toEqual(['bo'])
})
