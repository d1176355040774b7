import { expect, test } from 'vitest'
import { createSessions } from '../../../src/ingest/hardware/sessions.ts'

test('a refusal tells how many there can be, for an hour; each decoder has its own', () => {
  let nowMs = 0
  const sessions = createSessions(() => nowMs)
  const open = [sessions.claim('nvh264dec'), sessions.claim('nvh264dec'), sessions.claim('nvh264dec')]
  expect(open).not.toContain(null)
  open[2]?.refused()
  expect(sessions.claim('nvh264dec')).toBeNull()
  expect(sessions.claim('vah264dec')).not.toBeNull()
  open[0]?.release()
  expect(sessions.claim('nvh264dec')).not.toBeNull()
  expect(sessions.claim('nvh264dec')).toBeNull()
  nowMs = 3_600_001
  expect(sessions.claim('nvh264dec')).not.toBeNull()
})
