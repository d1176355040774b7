import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { deploy, documentsOf } from './documents.ts'

const root = join(deploy, '..')
const folder = join(root, '.github/workflows')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** GitHub's own parser, made for bundlers: its schema is JSON that it imports without saying so. */
const parser = async () => {
  const hooks = registerHooks({
    load: (url, context, next) =>
      next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
  })
  try {
    return await import('@actions/workflow-parser')
  } finally {
    hooks.deregister()
  }
}

/** What GitHub would refuse: words that it does not know, expressions about what is not there, circles of jobs. */
const faultsOf = async (name: string, content: string): Promise<string[]> => {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await parser()
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter())
  if (value) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({ message }) => message)
}

interface Step {
  readonly uses?: string
  readonly run?: string
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly uses?: string; readonly steps?: readonly Step[] }>>
}

const workflows = readdirSync(folder)
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8')
const jobsOf = (name: string) => Object.values((documentsOf(textOf(name), name)[0] as Workflow).jobs)
const stepsOf = (name: string): readonly Step[] => jobsOf(name).flatMap(({ steps = [] }) => steps)

test('a word and a value that GitHub does not know are found', async () => {
  const text = textOf('ci.yml')
  expect(await faultsOf('ci.yml', text.replace('runs-on:', 'run-on:'))).not.toEqual([])
  expect(await faultsOf('ci.yml', text.replace('run: .ci/run', 'run: echo ${{ matrx.runner }}'))).toEqual([
    expect.stringContaining("'matrx'"),
  ])
})

describe.each(workflows)('%s', (name) => {
  it('is a workflow that GitHub takes', async () => {
    expect(await faultsOf(name, textOf(name))).toEqual([])
  })

  it('uses actions whose code cannot change, and files that are there', () => {
    const used = [...jobsOf(name), ...stepsOf(name)].flatMap(({ uses = [] }) => uses)
    expect(used).not.toEqual([])
    for (const action of used)
      if (action.startsWith('./')) expect(existsSync(join(root, action)), action).toBe(true)
      else expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
  })

  it('runs what bash can read and the project has', () => {
    const runs = stepsOf(name).flatMap(({ run = [] }) => run)
    expect(runs).not.toEqual([])
    for (const run of runs) {
      expect(spawnSync('bash', ['-n'], { input: run, encoding: 'utf8' }), run).toMatchObject({ status: 0, stderr: '' })
      // What others wrote, such as a branch's name, would run.
      expect(run).not.toContain('${{')
      for (const [, script = ''] of run.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(script)
      for (const [program] of run.matchAll(/(?<![\w./])(?:bin|\.ci)\/\w+/g))
        expect(existsSync(join(root, program)), program).toBe(true)
    }
  })
})
