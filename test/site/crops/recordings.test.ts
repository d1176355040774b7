import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { openTableOf } from '../../../src/site/crops/open-table.ts'
import { partOf } from '../../support/footage.ts'
import { silent } from '../site.ts'
import { site } from '../whole-site.ts'

test('a recording gives the same bytes of events with pictures and without; of each person a few are kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-crops-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const cafe = await partOf('cafe', 14, 16, join(folder, 'cafe.mp4'))
  const [off, disk] = (['off', 'disk'] as const).map((crops) =>
    site({ cameras: { cafe: { url: cafe } }, identity: { crops } }),
  )
  if (!off || !disk) throw new Error('two sites')
  for (const each of [off, disk]) await (await each.start()).done
  expect(readFileSync(disk.file).equals(readFileSync(off.file))).toBe(true)
  expect(existsSync(join(off.state, 'crops.db'))).toBe(false)

  const table = openTableOf('disk', disk.state, silent)
  if (!table) throw new Error('no table')
  onTestFinished(() => table.close())
  const kept = table.all()
  const embedded = disk
    .events()
    .flatMap((event) => (event.type === 'rollcall.frame.v1' ? event.data.faces : []))
    .filter(({ quality }) => quality !== null)
  expect(kept.length).toBeGreaterThan(0)
  expect(kept.length, `${kept.length} pictures of ${embedded.length} embedded faces`).toBeLessThan(embedded.length / 3)
  for (const { id, width, height } of kept) {
    const jpeg = table.jpeg(id)
    const metadata = await sharp(jpeg ?? new Uint8Array()).metadata()
    expect([metadata.format, metadata.width, metadata.height]).toEqual(['jpeg', width, height])
  }
}, 120_000)
