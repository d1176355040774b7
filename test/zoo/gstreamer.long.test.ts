import { test } from 'vitest'
import { expectFailing } from './gstreamer.ts'

test('GStreamer’s own client fails where it is known to, and nowhere else, of all cameras with a picture', () =>
  expectFailing(() => true))
