import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { actionSchema, comparisonSchema, questionSchema } from '../../src/server/acts-schemas.ts'
import { openServer } from './open-server.ts'

const embedder = { name: 'small', sha256: '5'.repeat(64), dimensions: 4 }

interface Answer {
  readonly person: { readonly id: string; readonly name: string | null; readonly apart: readonly string[] }
  readonly action: number
  readonly actions: readonly { readonly id: number; readonly kind: string; readonly text: string }[]
  readonly next: number | null
  readonly events: readonly { readonly type: string }[]
  readonly questions: readonly { readonly id: string; readonly kind: string; readonly why: string }[]
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string }
}

const tokens = [
  { name: 'ben', scopes: ['read', 'operate'], token: '9c8b7a6f5e4d3c2b1a0f9e8d7c6b5a49' },
  { name: 'ann', scopes: ['read', 'operate', 'biometric'], token: 'f4b2c61d9e8a70351c2d4e6f8091a3b5' },
  { name: 'guest', scopes: ['read'], token: '0a1b2c3d4e5f60718293a4b5c6d7e8f9' },
] as const

const open = async () => {
  const { get } = await openServer({ auth: { tokens } })
  const asked = (token: string) => async (method: string, path: string, body?: object) => {
    const response = await get(path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, answer: (await response.json()) as Answer }
  }
  const ask = asked(tokens[1].token)
  const enroll = async (name: string, embedding: readonly number[]) =>
    (await ask('POST', '/api/people/enroll', { name, embedder, faces: [{ embedding, quality: 0.9 }] })).answer.person.id
  const nameless = async (name: string, embedding: readonly number[]) => {
    const id = await enroll(name, embedding)
    await ask('POST', `/api/people/${id}/name`, { name: null })
    return id
  }
  return { ask, asBen: asked(tokens[0].token), asGuest: asked(tokens[2].token), enroll, nameless }
}

const valid = (schema: object, value: unknown): void => {
  const check = new Ajv2020({ strict: false }).compile(schema)
  expect(check(value), JSON.stringify(check.errors)).toBe(true)
}

describe('each change of people is an action', () => {
  it('with who, when and what; the answer to it says which', async () => {
    const { ask, enroll } = await open()
    const ada = await enroll('Ada', [1, 0, 0, 0])
    const bo = await enroll('Bo', [0, 1, 0, 0])
    const { answer } = await ask('POST', `/api/people/${ada}/name`, { name: 'Ada L.' })
    await ask('POST', '/api/people/separate', { a: ada, b: bo })
    const { actions } = (await ask('GET', '/api/actions')).answer
    for (const action of actions) valid(actionSchema, action)
    expect(actions.map(({ text }) => text)).toEqual([
      `said that ${ada} is not ${bo}`,
      `named ${ada} "Ada L." instead of "Ada"`,
      `enrolled ${bo} as "Bo" from photos`,
      `enrolled ${ada} as "Ada" from photos`,
    ])
    expect(actions[1]).toMatchObject({ id: answer.action, by: 'ann', atMs: 1000, undoable: true, undone: null })
    expect(actions[2]).toMatchObject({ undoable: false })
    const page = (await ask('GET', '/api/actions?limit=3')).answer
    expect((await ask('GET', `/api/actions?before=${page.next}`)).answer.actions).toEqual(actions.slice(3))
  })

  it('and undone once, by whoever may change people', async () => {
    const { ask, asGuest, enroll } = await open()
    const ada = await enroll('Ada', [1, 0, 0, 0])
    const { action } = (await ask('POST', `/api/people/${ada}/name`, { name: 'Bo' })).answer
    expect((await asGuest('POST', `/api/actions/${action}/undo`)).status).toBe(403)
    expect((await ask('POST', `/api/actions/${action}/undo`)).answer).toMatchObject({
      action: { id: action, undone: { by: 'ann', atMs: 1000 }, undoable: false },
      events: [{ type: 'rollcall.person.named.v1' }],
    })
    expect((await ask('GET', `/api/people/${ada}`)).answer.person.name).toBe('Ada')
    const again = await ask('POST', `/api/actions/${action}/undo`)
    expect(again).toMatchObject({
      status: 409,
      answer: { error: { message: `action ${action} was undone by ann already` } },
    })
  })

  it('unless something later does not allow it: then it is refused, with the reason', async () => {
    const { ask, enroll } = await open()
    const ada = await enroll('Ada', [1, 0, 0, 0])
    const first = (await ask('POST', `/api/people/${ada}/name`, { name: 'Bo' })).answer.action
    await ask('POST', `/api/people/${ada}/name`, { name: 'Cy' })
    expect(await ask('POST', `/api/actions/${first}/undo`)).toMatchObject({
      status: 409,
      answer: {
        error: { message: expect.stringContaining('is named "Cy" now'), remedy: expect.stringContaining('later') },
      },
    })
    for (const wrong of ['999', '0', 'x', '9'.repeat(30)])
      expect([400, 409]).toContain((await ask('POST', `/api/actions/${wrong}/undo`)).status)
    for (const wrong of ['limit=0', 'limit=x', 'before=-1', 'more=1'])
      expect(await ask('GET', `/api/actions?${wrong}`), wrong).toMatchObject({
        status: 400,
        answer: { error: { message: expect.stringMatching(/^query: /), remedy: 'Correct the query.' } },
      })
    expect((await ask('POST', '/api/actions/x/undo')).answer).toMatchObject({
      error: { message: 'path: id: expected the ID of an action', remedy: 'Correct the path.' },
    })
  })

  it('a deletion cannot be undone, and takes everything else about the person out of the list', async () => {
    const { ask, enroll } = await open()
    const [ada, bo] = [await enroll('Ada Secret', [1, 0, 0, 0]), await enroll('Bo', [0, 1, 0, 0])]
    await ask('POST', '/api/people/separate', { a: bo, b: ada })
    await ask('POST', `/api/people/${ada}/name`, { name: 'Ada Hidden' })
    await ask('POST', `/api/people/${bo}/name`, { name: 'Bob' })
    await ask('DELETE', `/api/people/${ada}`)
    const { actions } = (await ask('GET', '/api/actions')).answer
    expect(actions.map(({ kind }) => kind)).toEqual(['delete', 'name', 'enroll'])
    expect(JSON.stringify(actions)).not.toMatch(/Secret|Hidden/)
    expect(actions[0]).toMatchObject({ undoable: false, people: [ada] })
    expect(await ask('POST', `/api/actions/${actions[0]?.id}/undo`)).toMatchObject({
      status: 409,
      answer: { error: { message: 'a deletion cannot be undone' } },
    })
  })
})

describe('two users at once', () => {
  it('an act that another’s later act depends on is not undone: who wants that is told why, and all stays as it is', async () => {
    const { ask, asBen, enroll, nameless } = await open()
    const [ada, bo, cy] = [
      await enroll('Ada', [1, 0, 0, 0]),
      await nameless('Bo', [0, 1, 0, 0]),
      await nameless('Cy', [0, 0, 1, 0]),
    ]
    const people = async () => {
      const ids = [ada, bo, cy].map(async (id) => (await ask('GET', `/api/people/${id}`)).answer.person)
      return (await Promise.all(ids)).map(({ id, name, apart }) => ({ id, name, apart }))
    }
    type Call = readonly [method: string, path: string, body?: object]
    const merge = (a: string, b: string): Call => ['POST', '/api/people/merge', { a, b, force: true }]
    const name = (id: string, to: string): Call => ['POST', `/api/people/${id}/name`, { name: to }]
    const cases: readonly { readonly first: Call; readonly later: Call; readonly why: RegExp | null }[] = [
      { first: name(bo, 'Bob'), later: name(bo, 'Rob'), why: /is named "Rob" now/ },
      { first: merge(ada, cy), later: ['POST', `/api/people/${cy}/unmerge`], why: /two people already/ },
      { first: ['POST', '/api/people/separate', { a: ada, b: bo }], later: merge(ada, cy), why: null },
    ]
    for (const { first, later, why } of cases) {
      const { action } = (await ask(...first)).answer
      expect((await asBen(...later)).status).toBe(200)
      const before = await people()
      const undone = await ask('POST', `/api/actions/${action}/undo`)
      // What does not depend on it is undone, and the other's act stays.
      expect(undone.status).toBe(why ? 409 : 200)
      if (!why) continue
      expect(undone.answer.error.message).toMatch(why)
      expect(await people()).toEqual(before)
    }
    expect(
      (await people()).map(({ id }) => id),
      'as Ben has merged them',
    ).toEqual([ada, bo, ada])
  })

  it('both undo the same act, or each the last act that he has seen: never what the other did since', async () => {
    const { ask, asBen, enroll } = await open()
    const ada = await enroll('Ada', [1, 0, 0, 0])
    const path = `/api/people/${ada}/name`
    const mine = (await ask('POST', path, { name: 'Ada L.' })).answer.action
    const answers = await Promise.all([ask, asBen].map((who) => who('POST', `/api/actions/${mine}/undo`)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    const late = answers.find(({ status }) => status === 409)
    expect(late?.answer.error.message).toMatch(/^action \d+ was undone by (ann|ben) already$/)
    const seen = (await ask('POST', path, { name: 'Ada M.' })).answer.action
    const others = (await asBen('POST', path, { name: 'Ada N.' })).answer.action
    expect((await ask('POST', `/api/actions/${seen}/undo`)).status).toBe(409)
    expect((await ask('GET', `/api/people/${ada}`)).answer.person.name).toBe('Ada N.')
    const { actions } = (await ask('GET', '/api/actions')).answer
    expect(actions[0]).toMatchObject({ id: others, by: 'ben', undone: null })
  })
})

it('two people are compared: how alike, and what a merge would do', async () => {
  const { ask, enroll, nameless } = await open()
  const [ada, bo] = [await enroll('Ada', [1, 0, 0, 0]), await nameless('Bo', [0.6, 0.8, 0, 0])]
  const { answer } = await ask('POST', '/api/people/compare', { a: bo, b: ada })
  valid(comparisonSchema, answer)
  expect(answer).toMatchObject({
    a: { id: bo },
    b: { id: ada },
    similarity: 0.6,
    together: 0,
    merge: { possible: true, into: ada, from: bo, name: 'Ada', aliases: [bo] },
  })
  const cy = await enroll('Cy', [0, 0, 1, 0])
  await ask('POST', '/api/people/separate', { a: ada, b: cy })
  expect((await ask('POST', '/api/people/compare', { a: ada, b: cy })).answer).toMatchObject({
    together: null,
    against: 'somebody said that they are two',
    merge: { possible: false, needsForce: true },
  })
  expect((await ask('POST', '/api/people/compare', { a: ada, b: ada })).status).toBe(409)
  expect((await ask('POST', '/api/people/compare', { a: ada, b: 'p-nobody' })).status).toBe(404)
})

describe('the review', () => {
  /** A pair just below what merges two, and one that is not alike. */
  const alike = async () => {
    const { nameless, ...site } = await open()
    const [one, other] = [await nameless('A', [1, 0, 0, 0]), await nameless('B', [0.55, 0.835, 0, 0])]
    await nameless('C', [0, 0, 1, 0])
    const { questions } = (await site.ask('GET', '/api/review')).answer
    return { ...site, one, other, questions }
  }

  it('asks about a likely pair, with the figures; same merges, and its undo brings the question back', async () => {
    const { ask, one, other, questions } = await alike()
    expect(questions).toHaveLength(1)
    for (const question of questions) valid(questionSchema, question)
    expect(questions[0]).toMatchObject({
      id: `duplicate:${one}:${other}`,
      kind: 'duplicate',
      people: [{ id: one }, { id: other }],
    })
    expect(questions[0]?.why).toMatch(/^They are alike: 0\.\d\d, and 0\.\d\d would have merged them/)
    const path = `/api/review/${encodeURIComponent(questions[0]?.id ?? '')}`
    const { answer } = await ask('POST', path, { answer: 'same' })
    expect(answer.events.map(({ type }) => type)).toEqual(['rollcall.person.merged.v1'])
    expect((await ask('GET', '/api/review')).answer.questions).toEqual([])
    expect((await ask('POST', path, { answer: 'same' })).status).toBe(409)
    expect((await ask('POST', `/api/actions/${answer.action}/undo`)).status).toBe(200)
    expect((await ask('GET', '/api/review')).answer.questions).toEqual(questions)
  })

  it('different tells them apart, dismiss changes nothing; neither is asked again, until it is undone', async () => {
    for (const word of ['different', 'dismiss']) {
      const { ask, one, other, questions } = await alike()
      const path = `/api/review/${encodeURIComponent(questions[0]?.id ?? '')}`
      const { answer } = await ask('POST', path, { answer: word })
      const { apart } = (await ask('GET', `/api/people/${one}`)).answer.person
      expect(apart).toEqual(word === 'different' ? [other] : [])
      expect((await ask('GET', '/api/review')).answer.questions).toEqual([])
      await ask('POST', `/api/actions/${answer.action}/undo`)
      expect((await ask('GET', '/api/people/'.concat(one))).answer.person.apart).toEqual([])
      expect((await ask('GET', '/api/review')).answer.questions).toEqual(questions)
    }
  })

  it('refuses what does not fit', async () => {
    const { ask, asGuest, questions } = await alike()
    const path = `/api/review/${encodeURIComponent(questions[0]?.id ?? '')}`
    expect((await ask('POST', path, { answer: 'name', name: 'Ada' })).answer.error.message).toContain(
      'expected same, different',
    )
    expect((await ask('POST', path, { answer: 'maybe' })).status).toBe(400)
    expect((await ask('POST', '/api/review/duplicate:p-a:p-b', { answer: 'same' })).status).toBe(409)
    expect((await asGuest('POST', path, { answer: 'same' })).status).toBe(403)
    expect((await asGuest('GET', '/api/review')).status).toBe(200)
  })
})
