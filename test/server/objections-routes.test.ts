import { expect, test } from 'vitest'
import { openServer } from './open-server.ts'

const embedder = { name: 'small', sha256: '5'.repeat(64), dimensions: 4 }
const faceAt = (embedding: number[]) => ({ embedding, quality: 0.9 })

const open = async () => {
  const { get } = await openServer()
  return async (method: string, path: string, body?: object) => {
    const response = await get(path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return { status: response.status, answer: (await response.json()) as never as Record<string, string> }
  }
}

test('somebody who objects is deleted and cannot be enrolled; only the code takes it back', async () => {
  const ask = await open()
  const enroll = () => ask('POST', '/api/people/enroll', { name: 'Ada', embedder, faces: [faceAt([1, 0, 0, 0])] })
  const { answer } = await enroll()
  const { id } = (answer as never as { person: { id: string } }).person
  const objected = await ask('POST', '/api/objections', { person: id, note: 'letter 7' })
  const { objection = '', code = '' } = objected.answer
  expect(objected).toMatchObject({
    status: 200,
    answer: {
      objection: expect.stringMatching(/^o-\w{10}$/),
      code: expect.stringMatching(/^(\w{4}-){3}\w{4}$/),
      events: [{ type: 'rollcall.person.deleted.v1' }],
    },
  })
  expect(await ask('GET', '/api/objections')).toEqual({
    status: 200,
    answer: { objections: [{ id: objection, objectedAtMs: 1000, how: 'person', note: 'letter 7' }] },
  })
  expect(await enroll()).toMatchObject({ status: 409, answer: { error: { code: 'PERSON_CONFLICT' } } })

  const revoke = (words: string) => ask('POST', `/api/objections/${objection}/revoke`, { code: words })
  expect(await revoke('aaaa-bbbb-cccc-dddd')).toMatchObject({ status: 409 })
  expect(await ask('POST', '/api/objections/o-nobody/revoke', { code })).toMatchObject({ status: 404 })
  expect(await revoke(` ${code.replaceAll('-', ' ').toUpperCase()}`)).toEqual({
    status: 200,
    answer: { objections: [] },
  })
  expect((await enroll()).status).toBe(200)
  const { actions } = (await ask('GET', '/api/actions')).answer as never as { actions: { text: string }[] }
  const said = JSON.stringify(actions.filter(({ text }) => text.startsWith('took')))
  expect(said).toContain('took back that somebody is never to be recognised, with the code')
  expect([id, objection, code].filter((word) => said.includes(word))).toEqual([])
})

test('faces object too, with the model that they come from', async () => {
  const ask = await open()
  const faces = [faceAt([0, 1, 0, 0])]
  const object = (body: object) => ask('POST', '/api/objections', body)
  expect(await object({ faces, embedder })).toMatchObject({ status: 200, answer: { events: [] } })
  for (const [body, status] of [
    [{}, 400],
    [{ faces }, 400],
    [{ faces: [] }, 400],
    [{ person: 'p-1', faces, embedder }, 400],
    [{ person: 'p-nobody' }, 404],
    [{ faces, embedder: { ...embedder, sha256: '6'.repeat(64) } }, 409],
    [{ faces: [faceAt([9, 0, 0, 0])], embedder }, 400],
    [{ faces, embedder, note: ' ' }, 400],
  ] as const)
    expect((await object(body)).status, JSON.stringify(body)).toBe(status)
})
