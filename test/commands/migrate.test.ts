import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { models } from '../../src/commands/models.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { changeOf, personAt } from '../identity/store/states.ts'
import { canCutPhotos, castPhotos } from '../support/cast-photos.ts'
import { scratchDirectory } from '../support/footage.ts'
import { widerModel } from '../support/wider-model.ts'
import { calling } from './called.ts'

const shipped = resolve(import.meta.dirname, '../../models')
const called = calling(models)
const migrate = (...args: readonly string[]) => called('migrate', ...args)

/** The scores of both directions on the rendered people, as they were. */
const kept = JSON.parse(readFileSync(resolve(import.meta.dirname, '../quality/migration.json'), 'utf8'))
/** What another machine's floating point may change: a pair of the few. */
const tolerance = 0.005

describe.skipIf(!canCutPhotos)('models migrate', () => {
  let cast = ''
  beforeAll(async () => {
    cast = await castPhotos()
  }, 150_000)

  it('fits a map from faces, says what it is worth, and carries a state over, by the map of a file too', async () => {
    const wider = widerModel(scratchDirectory())
    const folder = scratchDirectory()
    const [out, state] = [join(folder, 'map.json'), join(folder, 'state')]
    const embedder = await chosenEmbedder(modelOptions.parse({}))
    const store = openStore(state, { embedder })
    store.commit(changeOf({ people: [personAt(0)], created: 1 }))
    store.close()

    const fitted = await migrate('embedder', wider, '--photos', cast, '--out', out, '--json')
    expect(fitted.code, fitted.stderr).toBe(0)
    const result = JSON.parse(fitted.stdout)
    expect(result).toMatchObject({ from: { name: 'embedder' }, to: { name: 'wider', dimensions: 128 }, states: [] })
    const { oldOld, newNew, newOld } = result.scores
    const measured = { agreement: result.agreement, oldOld: oldOld.val, newNew: newNew.val, newOld: newOld.val }
    for (const [name, value] of Object.entries(kept['rendered people, shipped to wider']))
      expect(measured[name as keyof typeof measured], JSON.stringify(measured)).toBeGreaterThan(
        Number(value) - tolerance,
      )

    const carried = await migrate('embedder', wider, '--map', out, '--state', state)
    expect(carried.stdout).toMatch(/1 people carried over, 2 looks; same IDs$/)
    const after = openStore(state, {
      embedder: await chosenEmbedder(modelOptions.parse({ directory: join(wider, '..') })),
    })
    onTestFinished(() => after.close())
    expect(after.saved().people.map(({ id }) => id)).toEqual(['p-0'])

    const twice = await migrate('embedder', wider, '--map', out, '--state', state)
    expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining('in use by process') })
    const turned = await migrate(wider, 'embedder', '--map', out)
    expect(turned.stderr).toMatch(/--map: .*map.json: from: it was fitted for embedder .* not for wider/)
    const text = readFileSync(out, 'utf8')
    writeFileSync(out, text.replace(/"matrix":"..../, '"matrix":"'))
    expect((await migrate('embedder', wider, '--map', out)).stderr).toMatch(/matrix: 65533 bytes, expected 65536/)
    writeFileSync(out, 'no map')
    expect((await migrate('embedder', wider, '--map', out)).stderr).toMatch(
      /map.json: cannot be read .* Fit it anew .*--out FILE/,
    )
  }, 120_000)

  it('says that a state cannot be carried over before it looks at any face', async () => {
    const wider = widerModel(scratchDirectory())
    const { stderr } = await migrate('embedder', wider, '--photos', '/nowhere', '--state', scratchDirectory())
    expect(stderr).toContain('there are no people in')
  })

  it.each([
    [['embedder'], 'expected OLD NEW, found 1 words'],
    [['embedder', 'embedder'], 'are the same model'],
    [['embedder', 'nothing'], 'there is no'],
    [['embedder', join(shipped, 'detector.onnx')], 'expected embedder'],
  ])('refuses %j', async (words, why) => {
    expect((await migrate(...words)).stderr).toContain(why)
  })
})
