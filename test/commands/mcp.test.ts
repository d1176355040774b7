import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/identity/store/open.ts'
import { whoRuns } from '../../src/identity/store/running.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { changeOf, embedder, personAt, temporaryDirectory } from '../identity/store/states.ts'
import { rollcall } from '../integration/rollcall.ts'

const minute = 60_000

/** A state in which Ada was at the door an hour ago, somebody without a name ten minutes ago. */
const scene = async (nowMs: number): Promise<string> => {
  const directory = temporaryDirectory()
  const { sha256 } = await chosenEmbedder(modelOptions.parse({}))
  const store = openStore(directory, { embedder: { ...embedder, sha256 } })
  const sightings = [nowMs - 60 * minute, nowMs - 10 * minute].map((fromMs, i) => {
    const track = { track: `door/s/${i}`, seq: i, fromMs, untilMs: fromMs + 5000, frames: 20 }
    return {
      number: i + 1,
      sighting: `s${i}`,
      person: `p-${i}`,
      camera: 'door',
      ...track,
      ended: true,
      tracks: [track],
    }
  })
  const people = [personAt(0, { name: 'Ada' }), personAt(1)]
  store.commit(changeOf({ created: 2, people, sightings, sequence: 2, clockMs: nowMs }))
  store.close()
  return directory
}

/** The real program on that state, whose only camera is never reached. */
const running = async (state: string): Promise<string> => {
  const camera = 'door=rtsp://127.0.0.1:9/'
  const site = rollcall(['run', '--state', state, '--http', '127.0.0.1:0', '--events', '-', '--camera', camera])
  onTestFinished(async () => {
    site.kill('SIGTERM')
    await site.exited
  })
  return site.until('it listens', () => whoRuns(state)?.url ?? undefined, 60_000)
}

/** An assistant that has started `rollcall mcp`, and what a tool answers it. */
const assistant = async (url: string) => {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(new StdioClientTransport({ command: 'bin/rollcall', args: ['mcp', '--url', url] }))
  onTestFinished(() => client.close())
  const textOf = async (name: string, given: Record<string, unknown>): Promise<{ text: string; isError: boolean }> => {
    const { content, isError } = await client.callTool({ name, arguments: given })
    const [first] = content as readonly { readonly text: string }[]
    return { text: first?.text ?? '', isError: isError === true }
  }
  const ask = async (name: string, given: Record<string, unknown> = {}) => {
    const { text, isError } = await textOf(name, given)
    expect(isError, text).toBe(false)
    return JSON.parse(text)
  }
  return { client, ask, textOf }
}

test('an assistant asks who was where, and gets evidence', async () => {
  const url = await running(await scene(Date.now()))
  const { client, ask, textOf } = await assistant(url)
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual([
    'who_is_here',
    'who_was_where',
    'people',
    'why_is_this',
    'what_changed',
    'camera_problems',
  ])
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true)

  const { sightings } = await ask('who_was_where', { person: 'ada' })
  expect(sightings).toEqual([
    expect.objectContaining({ sighting: 's0', person: 'p-0', name: 'Ada', camera: 'door', frames: 20, ended: true }),
  ])
  expect((await ask('who_was_where', { since: '30m' })).sightings).toMatchObject([{ person: 'p-1', name: null }])
  expect(await ask('who_was_where', { limit: 1 })).toMatchObject({ sightings: [{ sighting: 's1' }], more: true })
  expect(await ask('people', { name: 'AD' })).toMatchObject({ known: 1, people: [{ person: 'p-0', name: 'Ada' }] })
  expect(await ask('why_is_this', { person: 'Ada' })).toMatchObject({ decisions: expect.any(Array) })

  const { sightings: present, camerasWithProblems } = await ask('who_is_here')
  expect(present).toEqual([])
  expect(camerasWithProblems).toMatchObject([{ camera: 'door' }])
  expect(await ask('camera_problems')).toMatchObject({ cameras: 1, problems: [{ camera: 'door' }] })
  await fetch(`${url}/api/people/p-1/name`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Bo' }),
  })
  const { events } = await ask('what_changed', { topic: 'people', person: 'Bo', since: '1h' })
  expect(events).toMatchObject([{ type: 'rollcall.person.named.v1', data: { name: 'Bo' } }])

  expect(await textOf('why_is_this', { person: 'Eve' })).toEqual({
    isError: true,
    text: expect.stringContaining('PERSON_UNKNOWN'),
  })
  expect(await textOf('who_was_where', { since: 'lately' })).toEqual({
    isError: true,
    text: expect.stringContaining('expected so long ago, or a date'),
  })
})

test('a question that cannot be asked says why, and the next one is asked again', async () => {
  const { textOf } = await assistant('http://127.0.0.1:9')
  for (let i = 0; i < 2; i++)
    expect(await textOf('people', {})).toEqual({
      isError: true,
      text: expect.stringContaining('STATE: http://127.0.0.1:9: '),
    })
})
