import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openConsumerOffset } from '../../../src/sinks/spool/consumer-offset.ts'
import { openJournal } from '../../../src/sinks/spool/journal.ts'
import { openFaults } from '../../support/faults/faults.ts'
import { scratchDirectory } from '../../support/footage.ts'

const faults = openFaults()
faults?.close()

test.skipIf(!faults)(
  'appends that a full disk refused leave nothing behind, and what comes again comes once',
  async () => {
    const directory = scratchDirectory()
    const disk = openFaults()
    if (!disk) return
    onTestFinished(() => disk.close())
    const url = pathToFileURL(join(import.meta.dirname, '../../../src/sinks/spool/journal.ts')).href
    const script = `
    import { writeFileSync } from 'node:fs'
    import { openJournal } from ${JSON.stringify(url)}
    const rule = (text) => writeFileSync(process.env.ROLLCALL_FAULTS, text)
    const journal = await openJournal(${JSON.stringify(directory)}, { segmentBytes: 200, fsync: 'always' })
    const texts = (from) => Array.from({ length: 5 }, (_, i) => 'record ' + (from + i))
    await journal.append(texts(0))
    let refused = 0
    for (let attempt = 0; attempt < 20; attempt++) {
      rule('write room:' + (20 + attempt * 4) + ' ${directory}\\n')
      await journal.append(texts(5)).catch(() => refused++)
    }
    rule('')
    await journal.append(texts(5))
    await journal.close()
    console.log(refused)`
    const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, ...disk.env },
      encoding: 'utf8',
    })
    expect(said.trim()).toBe('20')
    expect(readdirSync(directory).filter((name) => name.endsWith('.log'))).toHaveLength(2)
    const journal = await openJournal(directory, { segmentBytes: 200, fsync: 'never' })
    const records = [...(await journal.read(100, 1e6)), ...(await journal.read(100, 1e6))]
    expect(records.map(({ payload }) => payload.toString())).toEqual(
      Array.from({ length: 10 }, (_, i) => `record ${i}`),
    )
    expect(journal.damagedBytes()).toBe(0)
    await journal.close()
  },
)

test('an offset that the disk refuses holds nothing up: it is only older after a restart', async () => {
  const offset = await openConsumerOffset('/dev/full')
  for (let number = 1; number <= 3; number++) {
    offset.moveTo(number)
    await new Promise((resolve) => setTimeout(resolve, 120))
  }
  expect(offset.at()).toBe(3)
  await offset.close()
})
