import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { knownModels } from '../../src/vision/known-models.ts'
import { sha256Of } from '../../src/vision/sha256.ts'
import { models } from '../support/material.ts'

const downloads = knownModels.flatMap(({ download }) => download ?? [])

describe('knownModels', () => {
  it('names every model, file and hash once', () => {
    for (const key of ['sha256', 'fileName'] as const)
      expect(new Set(knownModels.map((known) => known[key])).size).toBe(knownModels.length)
    expect(new Set(downloads.map(({ name }) => name)).size).toBe(downloads.length)
  })

  it('fetches over HTTPS only, and says which weights are not for commercial use', () => {
    for (const { url } of downloads) expect(new URL(url).protocol).toBe('https:')
    for (const { descriptor, download } of knownModels)
      if (download) expect(/non-commercial/.test(descriptor.licence ?? '')).toBe(download.nonCommercial)
  })

  it.skipIf(!models())('has the size and hash of what is here', async () => {
    const yunet = knownModels.find(({ download }) => download?.name === 'yunet')
    const file = join(models() ?? '', yunet?.fileName ?? '')
    expect(statSync(file).size).toBe(yunet?.download?.bytes)
    expect(await sha256Of(file)).toBe(yunet?.sha256)
  })
})
