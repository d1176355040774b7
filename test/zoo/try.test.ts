import { test } from 'vitest'
import { loadPersonality } from '../../simulator/personalities.ts'
import { zooLoop } from './footage.ts'
import { watchAll } from './watch.ts'
import { mkdtempSync } from 'node:fs'
test('x', async () => {
  const names = (process.env.ZOO ?? '').split(',')
  const loop = await zooLoop(mkdtempSync('/tmp/crew/zt'))
  const t = performance.now()
  const all = new Map(await Promise.all(names.map(async (n) => [n, await loadPersonality(n)] as const)))
  for (const [n, o] of await watchAll(all, loop)) console.log(n, JSON.stringify(o))
  console.log(performance.now() - t)
}, 60000)
