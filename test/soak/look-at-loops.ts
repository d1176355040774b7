import { resolve } from 'node:path'
import { scenesIn } from '../../src/demo/footage.ts'
import { silent } from '../../src/silent-log.ts'
import { loadModels } from '../../src/vision/models.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { type LoopLooks, recordLooks } from './looks.ts'

/** One of `everyNth` pictures of these loops of the project's footage, as the shipped models see them. */
export const lookAtLoops = async (names: readonly string[], everyNth: number): Promise<readonly LoopLooks[]> => {
  const models = await loadModels(modelOptions.parse({ providers: ['cpu'] }), {
    log: silent,
    onFallback: () => undefined,
  })
  try {
    const loops: LoopLooks[] = []
    for (const scene of await scenesIn(resolve(import.meta.dirname, '../../footage'), 16))
      if (names.includes(scene.name)) loops.push(await recordLooks(scene, models, { conditions: ['plain'], everyNth }))
    return loops
  } finally {
    await models.close()
  }
}
