import { expect, test } from 'vitest'
import { backup } from '../../src/commands/backup.ts'
import { forget } from '../../src/commands/forget.ts'
import { privacy } from '../../src/commands/privacy.ts'
import { restore } from '../../src/commands/restore.ts'

test.each([
  { name: 'backup', run: () => backup(['copy', '--state', 'off']) },
  { name: 'restore', run: () => restore(['copy', '--state', 'off']) },
  { name: 'forget', run: () => forget(['Ada', '--receipt', 'ada.json', '--state', 'off']) },
  { name: 'privacy', run: () => privacy(['report', '--state', 'off']) },
])('$name wants a directory where people are kept in memory only', async ({ run }) => {
  await expect(run()).rejects.toMatchObject({ code: 'USAGE', remedy: 'Name the directory with --state DIR.' })
})
